from odoo import api, fields, models
from odoo.exceptions import ValidationError

CARERS = "sqms_complaint.group_complaint_vulnerable"


class HelpdeskTicketCare(models.Model):
    """Needs of a customer who is vulnerable (ISO 22458): few people see them, and only with the customer's consent."""

    _inherit = "helpdesk.ticket"

    complaint_care_ids = fields.Many2many(
        "sqms.complaint.care",
        "helpdesk_ticket_complaint_care_rel",
        "ticket_id",
        "care_id",
        "Needs",
        copy=False,
        groups=CARERS,
        check_company=True,
        help="Only with the customer's consent. Nobody else sees them, and no report counts them by name.",
    )
    complaint_care_consent = fields.Boolean(
        "Customer Agrees", copy=False, groups=CARERS, help="The customer agrees that these needs are written down."
    )
    complaint_care_note = fields.Text("How We Meet Them", copy=False, groups=CARERS)

    @api.constrains("complaint_care_ids", "complaint_care_consent", "complaint_care_note")
    def _check_complaint_care(self):
        for ticket in self.sudo():
            if (ticket.complaint_care_ids or ticket.complaint_care_note) and not ticket.complaint_care_consent:
                raise ValidationError(
                    self.env._(
                        "What the customer of %s needs is written down with consent alone: please ask, and note it.",
                        ticket.number,
                    )
                )
