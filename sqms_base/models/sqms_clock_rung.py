from odoo import api, fields, models


class SqmsClockRung(models.Model):
    """A rung of the escalation ladder: when somebody is told, who, and how.

    1. A percentage is a share of the counted time between the start and due; 100 is due itself.
    2. Before and after are counted like the clock itself: two working hours before due lie in working time.
    """

    _name = "sqms.clock.rung"
    _description = "Rung of the Escalation Ladder"
    _order = "step_id, sequence, id"

    step_id = fields.Many2one("sqms.clock.step", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("percent", "Share of the time used"), ("before", "Before due"), ("after", "After due")],
        required=True,
        default="percent",
    )
    value = fields.Integer(required=True, default=80, help="Percent, or seconds.")
    percent = fields.Integer(compute="_compute_amounts", inverse="_inverse_percent", string="Percent (%)")
    hours = fields.Float(compute="_compute_amounts", inverse="_inverse_hours")
    tell = fields.Selection(
        [("handler", "Responsible Person"), ("leader", "Team Leader"), ("manager", "Manager")],
        required=True,
        default="handler",
    )
    by = fields.Selection(
        [("activity", "Activity"), ("mail", "Mail"), ("both", "Activity and Mail")], required=True, default="activity"
    )

    _value_positive = models.Constraint("CHECK(value >= 0)", "A rung lies at a time, not before all time.")
    _percent_small = models.Constraint(
        "CHECK(kind != 'percent' OR value <= 1000)", "A share of the time is given in percent."
    )

    @api.depends("kind", "value")
    def _compute_amounts(self):
        for rung in self:
            rung.percent = rung.value if rung.kind == "percent" else 0
            rung.hours = 0 if rung.kind == "percent" else rung.value / 3600

    @api.onchange("percent")
    def _inverse_percent(self):
        for rung in self.filtered(lambda rung: rung.kind == "percent"):
            rung.value = rung.percent

    @api.onchange("hours")
    def _inverse_hours(self):
        for rung in self.filtered(lambda rung: rung.kind != "percent"):
            rung.value = round(rung.hours * 3600)

    @api.depends("kind", "value", "tell")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for rung in self:
            who = dict(rung._fields["tell"]._description_selection(self.env)).get(rung.tell)
            hours = f"{rung.value / 3600:g}"
            if rung.kind != "percent" and not rung.value:
                rung.display_name = self.env._("At the deadline: %(who)s", who=who)
            elif rung.kind == "percent":
                rung.display_name = self.env._("%(share)s%% used: %(who)s", share=rung.value, who=who)
            elif rung.kind == "before":
                rung.display_name = self.env._("%(hours)s h before due: %(who)s", hours=hours, who=who)
            else:
                rung.display_name = self.env._("%(hours)s h after due: %(who)s", hours=hours, who=who)

    @api.model_create_multi
    def create(self, vals_list):
        rungs = super().create(vals_list)
        rungs.step_id.policy_id._check_still_draft()
        self.env.registry.clear_cache()
        return rungs

    def write(self, vals):
        self.step_id.policy_id._check_still_draft()
        result = super().write(vals)
        self.step_id.policy_id._check_still_draft()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        self.step_id.policy_id._check_still_draft()
