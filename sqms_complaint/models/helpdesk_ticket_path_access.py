from odoo import api, models

# What the company notes for itself. Customers who are logged in could ask the server for any field of their own ticket.
COLLEAGUES_ONLY = frozenset(
    (
        "complaint_assessed_at",
        "complaint_close_reason",
        "complaint_complexity",
        "complaint_communicated_by_id",
        "complaint_decided_at",
        "complaint_decided_by_id",
        "complaint_department_id",
        "complaint_finding_ids",
        "complaint_first_contact",
        "complaint_first_contact_reason",
        "complaint_first_level_ids",
        "complaint_immediate_action",
        "complaint_impact",
        "complaint_implementation_proof",
        "complaint_implemented_by_id",
        "complaint_reason",
        "complaint_further",
        "complaint_body_ids",
        "complaint_received_by_id",
        "complaint_root_cause",
        "complaint_safety_at",
        "complaint_safety_note",
        "complaint_severity",
        "complaint_urgency",
        "complaint_verified_by_id",
    )
)


class HelpdeskTicketPathAccess(models.Model):
    """What was found out and weighed is for colleagues; the page shows the customer the decision once it is told."""

    _inherit = "helpdesk.ticket"

    @api.model
    def _has_field_access(self, field, operation):
        if field.name in COLLEAGUES_ONLY and not self.env.su and not self.env.user._is_internal():
            return False
        return super()._has_field_access(field, operation)
