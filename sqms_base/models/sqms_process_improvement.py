from odoo import fields, models


class SqmsProcessImprovement(models.Model):
    """The ideas about a process, and the way to them."""

    _inherit = "sqms.process"

    improvement_count = fields.Integer(string="Number of Improvements", compute="_compute_improvement_count")

    def _compute_improvement_count(self):
        counts = dict(
            self.env["sqms.improvement"]._read_group([("process_id", "in", self.ids)], ["process_id"], ["__count"])
        )
        for process in self:
            process.improvement_count = counts.get(process._origin, 0)

    def action_open_improvements(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_improvement_action"),
            "domain": [("process_id", "=", self.id)],
            "context": {"default_process_id": self.id},
        }
