from odoo import api, fields, models

from odoo.addons.mail.tools.discuss import Store

from .helpdesk_ticket_access import PUBLIC_MESSAGE_TYPES


class MailMessage(models.Model):
    """Who reads a message of a complaint: colleagues alone, or the customer as well."""

    _inherit = "mail.message"

    complaint_audience = fields.Char(
        compute="_compute_complaint_audience", compute_sudo=True, export_string_translation=False
    )

    @api.depends("model", "res_id", "message_type", "is_internal", "subtype_id", "author_id")
    def _compute_complaint_audience(self):
        Ticket = self.env["helpdesk.ticket"].sudo()
        of_tickets = self.filtered(lambda message: message.model == Ticket._name and message.res_id)
        complaints = Ticket.browse(of_tickets.mapped("res_id")).exists().filtered("is_complaint").grouped("id")
        for message in self:
            complaint = message in of_tickets and complaints.get(message.res_id)
            message.complaint_audience = bool(complaint) and message._complaint_audience(complaint)

    def _complaint_audience(self, complaint):
        """“internal”, “sent” to the customer, from the “customer”; nothing where nobody said anything."""
        if self.message_type not in PUBLIC_MESSAGE_TYPES:
            return False
        if self.message_type == "email_outgoing" and not self.is_internal:
            return "sent"  # a letter is mailed without a subtype
        if self.is_internal or not self.subtype_id or self.subtype_id.internal:
            return "internal"
        return "customer" if complaint._complaint_is_customers(self) else "sent"

    def _to_store_defaults(self, target):
        names = super()._to_store_defaults(target)
        if target.is_internal(self.env):
            names.append(Store.Attr("complaint_audience", predicate=lambda message: message.model == "helpdesk.ticket"))
        return names
