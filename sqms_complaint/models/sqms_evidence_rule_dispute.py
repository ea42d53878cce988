from odoo import api, models


class SqmsEvidenceRuleDispute(models.Model):
    _inherit = "sqms.evidence.rule"

    @api.model
    def _get_evidence_sources(self):
        return {
            **super()._get_evidence_sources(),
            "sqms.complaint.dispute": {
                "dates": ("referral_date", "notice_date", "answered_on", "resolved_on", "closed_at"),
                "filters": ("state", "outcome", "body_id.kind", "body_id.method", "referral_date", "closed_at"),
                "company": "company_id",
            },
            "sqms.complaint.remedy": {
                "dates": ("approved_at", "given_at"),
                "filters": ("state", "kind", "given_at"),
                "company": "company_id",
            },
        }
