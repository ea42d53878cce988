from odoo import fields, models


class HelpdeskTicketRemedy(models.Model):
    """What the customer gets, and the nonconformity that its cost belongs to."""

    _inherit = "helpdesk.ticket"

    remedy_ids = fields.One2many("sqms.complaint.remedy", "ticket_id", "Remedies", copy=False)

    def _remedy_nonconformity(self):
        """The nonconformity that was raised from this complaint, the first that still counts; or none."""
        self.ensure_one()
        return (
            self.env["sqms.nonconformity"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("state", "!=", "dismissed"),
                    ("company_id", "=", self.company_id.id),
                ],
                order="id",
                limit=1,
            )
        )
