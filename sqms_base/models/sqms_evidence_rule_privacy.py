from odoo import api, models


class SqmsEvidenceRulePrivacy(models.Model):
    """That requests about personal data are answered in time, and that keeping has an end. Nothing of who asked."""

    _inherit = "sqms.evidence.rule"

    @api.model
    def _get_evidence_sources(self):
        return {
            **super()._get_evidence_sources(),
            "sqms.erasure": {
                "dates": ("received_on", "done_at"),
                "filters": ("kind", "channel", "state", "received_on", "date_due", "done_at", "legal_basis"),
                "company": "company_id",
            },
            "sqms.retention.rule": {
                "dates": ("verified_at",),
                "filters": ("verification_state", "res_model"),
                "company": "company_id",
            },
        }
