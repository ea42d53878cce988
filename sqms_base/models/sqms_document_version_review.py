from odoo import models


class SqmsDocumentVersionReview(models.Model):
    """Approving an edition and withdrawing one settle the review that was open."""

    _inherit = "sqms.document.version"

    def _on_approve(self):
        result = super()._on_approve()
        for version in self:
            version._open_reviews()._settle(
                "change", self.env._("Edition %(edition)s was approved.", edition=version.edition), version
            )
        return result

    def _on_withdraw(self):
        result = super()._on_withdraw()
        for version in self:
            version._open_reviews()._settle("withdraw", version.withdrawal_reason)
        return result

    def _open_reviews(self):
        return (
            self.env["sqms.document.review"]
            .sudo()
            .search([("document_id", "in", self.document_id.ids), ("state", "=", "open")])
        )
