from odoo import models


class SqmsDocumentVersionClock(models.Model):
    """The review of an edition has a deadline."""

    _name = "sqms.document.version"
    _inherit = ["sqms.document.version", "sqms.clock.mixin"]

    _clock_responsible_fields = ("reviewer_id", "approver_id")

    def _clock_responsible(self):
        """Whoever has to act next: the reviewer, the approver, else the owner of the document."""
        return {
            version.id: version.reviewer_id or version.approver_id or version.document_id.owner_id
            for version in self.sudo()
        }
