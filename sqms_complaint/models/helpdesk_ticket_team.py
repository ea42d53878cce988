from odoo import fields, models


class HelpdeskTicketTeam(models.Model):
    _inherit = "helpdesk.ticket.team"

    complaints_by_mail = fields.Boolean(
        "Mails are complaints",
        help="Every mail to the address of this team is registered as a complaint. "
        "Leave it off for an address that also gets questions: agents then register complaints by hand.",
    )
