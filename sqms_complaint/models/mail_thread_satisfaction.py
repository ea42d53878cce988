from odoo import models


class MailThreadSatisfaction(models.AbstractModel):
    """An invitation that comes back was not delivered; it is filed at no record, hence looked up by its message."""

    _inherit = "mail.thread"

    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        message = message_dict.get("bounced_message")
        if message:
            self.env["sqms.satisfaction.answer"].sudo().search([("message_id", "in", message.ids)])._note_bounce()
        return result
