from odoo import fields, models


class HelpdeskTicketFinding(models.Model):
    """The log of the investigation."""

    _inherit = "helpdesk.ticket"

    complaint_finding_ids = fields.One2many("sqms.complaint.finding", "ticket_id", "Investigation Log", copy=False)
