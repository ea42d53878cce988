from odoo import fields, models


class SqmsControlCorrect(models.TransientModel):
    """Correct a check that is done: by another one, with the reason."""

    _name = "sqms.control.correct"
    _description = "Correct a Check"

    record_id = fields.Many2one(
        "sqms.control.record", string="Check", required=True, default=lambda self: self.env.context.get("active_id")
    )
    reason = fields.Text(string="What Was Wrong", required=True)

    def action_correct(self):
        self.ensure_one()
        return self.record_id.action_correct(self.reason)
