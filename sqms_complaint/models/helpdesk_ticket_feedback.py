from odoo import fields, models


class HelpdeskTicketFeedback(models.Model):
    """What somebody told us that a complaint was made of."""

    _inherit = "helpdesk.ticket"

    feedback_ids = fields.One2many(
        "sqms.feedback", "complaint_id", string="Made of Feedback", groups="sqms_base.group_sqms_officer"
    )

    def action_open_feedback(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Feedback"),
            "res_model": "sqms.feedback",
            "views": [(False, "form")],
            "res_id": self.feedback_ids[:1].id,
        }
