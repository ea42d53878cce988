from odoo import fields, models


class SqmsTrainingPlanDrop(models.TransientModel):
    _name = "sqms.training.plan.drop"
    _description = "Drop Lines of a Training Plan"

    line_ids = fields.Many2many("sqms.training.plan.line", string="Lines", required=True, readonly=True)
    reason = fields.Text("Why", required=True)

    def action_drop(self):
        self.ensure_one()
        self.line_ids._drop(self.reason)
        return {"type": "ir.actions.act_window_close"}
