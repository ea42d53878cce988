from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import formatLang


class SqmsControlPlanFigures(models.Model):
    """What the checks of the present version of a plan have shown."""

    _inherit = "sqms.control.plan"

    record_count = fields.Integer(string="Checks Done", compute="_compute_figures")
    open_count = fields.Integer(string="Checks to Do", compute="_compute_figures")
    checked_count = fields.Integer(string="Points Checked", compute="_compute_figures")
    out_count = fields.Integer(string="Out of Limit", compute="_compute_figures")
    conform_percent = fields.Float(string="Conformity", compute="_compute_figures")
    result_summary = fields.Char(string="Results So Far", compute="_compute_figures")

    @api.depends("version", "record_ids.state", "record_ids.is_superseded")
    @api.depends_context("lang")
    def _compute_figures(self):
        figures = self._figures()
        for plan in self:
            found = figures[plan._origin.id or plan.id]
            checked, out = found["checked"], found["out"]
            percent = 100 * (checked - out) / checked if checked else 0.0
            plan.record_count, plan.open_count = found["records"], found["open"]
            plan.checked_count, plan.out_count, plan.conform_percent = checked, out, percent
            plan.result_summary = (
                self.env._(
                    "%(percent)s %% conform: %(right)s of %(checked)s points in %(records)s checks, "
                    "%(out)s out of limit",
                    percent=formatLang(self.env, percent, digits=1),
                    right=checked - out,
                    checked=checked,
                    records=found["records"],
                    out=out,
                )
                if checked
                else self.env._("nothing checked yet")
            )

    def _figures(self):
        """`{plan id: {"records", "open", "checked", "out"}}` of the present version; one question for all plans.

        A check that was corrected counts as it was corrected.
        """
        figures = {plan._origin.id or plan.id: {"records": 0, "open": 0, "checked": 0, "out": 0} for plan in self}
        rows = (
            self.env["sqms.control.record"]
            .sudo()
            ._read_group(
                Domain("is_superseded", "=", False)
                & Domain("state", "in", ("open", "done"))
                & Domain.OR(
                    Domain("version", "=", version) & Domain("plan_id", "in", plans.ids)
                    for version, plans in self._origin.grouped("version").items()
                ),
                ["plan_id", "state"],
                ["__count", "checked_count:sum", "out_count:sum"],
            )
        )
        for plan, state, count, checked, out in rows:
            if state == "done":
                figures[plan.id].update(records=count, checked=checked or 0, out=out or 0)
            else:
                figures[plan.id]["open"] = count
        return figures

    def action_open_records(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_control_record_action"),
            "domain": [("plan_id", "=", self.id)],
            "context": {},
        }

    def action_open_results(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_control_result_action"),
            "domain": [("plan_id", "=", self.id)],
            "context": {},
        }
