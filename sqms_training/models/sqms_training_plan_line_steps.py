from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.sqms_base.lib.workflow_pass import workflow_fields


class SqmsTrainingPlanLineSteps(models.Model):
    """What managers and officers do with single lines.

    1. A manager proposes training for his own people without looking for the plan: it goes into the one that is being
       drafted for their department, else for their company.
    2. Officers drop a line with a reason, in a draft or an approved plan, and take that back.
    """

    _inherit = "sqms.training.plan.line"

    # -- propose -----------------------------------------------------------------

    def _add_plans(self, vals_list):
        """Fill in the plan where none was given."""
        without = [
            vals for vals in vals_list if not vals.get("plan_id") and not self.env.context.get("default_plan_id")
        ]
        if not without:
            return
        employees = self.env["hr.employee"].sudo().browse({vals.get("employee_id") for vals in without} - {None, False})
        plans = (
            self.env["sqms.training.plan"]
            .sudo()
            .search(
                [("kind", "=", "annual"), ("state", "=", "draft"), ("company_id", "in", employees.company_id.ids)],
                order="year, id",
            )
        )
        for vals in without:
            employee = employees.browse(vals.get("employee_id") or False)
            above = {int(part) for part in (employee.department_id.parent_path or "").split("/") if part}
            fitting = plans.filtered(
                lambda plan, employee=employee, above=above: (
                    plan.company_id == employee.company_id
                    and (not plan.department_id or plan.department_id.id in above)
                )
            )
            plan = (fitting.filtered("department_id") or fitting)[:1]
            if employee and not plan:
                raise UserError(
                    self.env._(
                        "No training plan that %(employee)s belongs to is being drafted. Ask HR to open one.",
                        employee=employee.name,
                    )
                )
            vals["plan_id"] = plan.id

    # -- drop --------------------------------------------------------------------

    def action_drop(self):
        self._check_planner()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Drop"),
            "res_model": "sqms.training.plan.drop",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_ids": self.ids},
        }

    def _drop(self, reason):
        """These needs are not trained for; the reason stays with them."""
        self._check_planner()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why it is dropped."))
        self._workflow_hold(("draft", "approved"))
        for line in self:
            if line.state in ("met", "dropped", "training"):
                raise UserError(
                    self.env._(
                        "%(line)s is “%(state)s” and is not dropped.",
                        line=line.display_name,
                        state=dict(self._fields["state"]._description_selection(self.env))[line.state],
                    )
                )
        with workflow_fields(self.plan_id, "line_ids"):
            self.write({"drop_reason": reason, "dropped_by_id": self.env.uid, "dropped_at": fields.Datetime.now()})
        self.plan_id._note_contributor()

    def action_restore(self):
        """What was dropped is needed after all."""
        self._check_planner()
        self._workflow_hold(("draft", "approved"))
        dropped = self.filtered(lambda line: line.state == "dropped")
        with workflow_fields(dropped.plan_id, "line_ids"):
            dropped.write({"drop_reason": False, "dropped_by_id": False, "dropped_at": False})
        dropped.plan_id._note_contributor()

    def _check_planner(self):
        if not self.env["sqms.training.plan"]._is_planner():
            raise AccessError(self.env._("HR and training officers drop lines of a plan."))
        self.check_access("write")

    def _workflow_hold(self, states):
        plans = self.plan_id
        plans._workflow_lock_rows()
        for plan in plans:
            if plan.state not in states:
                raise UserError(
                    self.env._(
                        "%(plan)s is “%(state)s”: its lines are closed.",
                        plan=plan.display_name,
                        state=plan._workflow_state_label(),
                    )
                )

    # -- where buttons lead ------------------------------------------------------

    def action_open_enrolment(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sqms.training.enrolment",
            "res_id": self.enrolment_id.id,
            "view_mode": "form",
        }
