from odoo import fields, models


class SqmsIndicatorGoal(models.Model):
    """The goals that an indicator serves. One that serves none is measured for its own sake."""

    _inherit = "sqms.indicator"

    goal_target_ids = fields.One2many("sqms.goal.indicator", "indicator_id", string="Goals", readonly=True, copy=False)
    goal_count = fields.Integer(string="Number of Goals", compute="_compute_goal_count")

    def _compute_goal_count(self):
        counts = dict(
            self.env["sqms.goal.indicator"]._read_group(
                [("indicator_id", "in", self.ids)], ["indicator_id"], ["__count"]
            )
        )
        for indicator in self:
            indicator.goal_count = counts.get(indicator._origin, 0)

    def action_open_goals(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_goal_action"),
            "domain": [("target_ids.indicator_id", "=", self.id)],
        }
