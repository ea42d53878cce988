from odoo import api, models


class SqmsEvidenceRuleManagementReview(models.Model):
    _inherit = "sqms.evidence.rule"

    @api.model
    def _get_evidence_sources(self):
        return {
            **super()._get_evidence_sources(),
            "sqms.review": {
                "dates": ("held_at", "closed_at", "date", "as_of"),
                "filters": ("state", "date", "held_at", "closed_at", "as_of", "chair_id"),
                "company": "company_id",
            },
            "sqms.review.decision": {
                "dates": ("date_due", "create_date"),
                "filters": ("kind", "date_due", "owner_id", "review_id.state"),
                "company": "company_id",
            },
        }
