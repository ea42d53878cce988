from odoo import fields, models


class SqmsQuizGrant(models.TransientModel):
    """Grant more attempts at a quiz, with the reason."""

    _name = "sqms.quiz.grant"
    _description = "Grant Further Attempts"

    acknowledgement_ids = fields.Many2many(
        "sqms.acknowledgement", string="For", required=True, default=lambda self: self.env.context.get("active_ids")
    )
    attempts = fields.Integer(string="Further Attempts", required=True, default=1)
    reason = fields.Text(required=True)

    def action_grant(self):
        self.ensure_one()
        self.acknowledgement_ids.check_access("read")
        self.acknowledgement_ids._grant_attempts(self.attempts, self.reason)
        return {"type": "ir.actions.act_window_close"}
