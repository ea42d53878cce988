from odoo import api, models
from odoo.fields import Domain


class HelpdeskTicketMorning(models.Model):
    """Activities on complaints stand on the start page; those on plain tickets are the helpdesk's own."""

    _inherit = "helpdesk.ticket"

    @api.model
    def _morning_activity_domain(self):
        return Domain("is_complaint", "=", True)
