from odoo import models


class HelpdeskTicketClockAsk(models.Model):
    """A question to the customer is a contact with him, and no answer yet."""

    _inherit = "helpdesk.ticket"

    def _complaint_ask_customer(self, text):
        return super(HelpdeskTicketClockAsk, self.with_context(complaint_asks=True))._complaint_ask_customer(text)
