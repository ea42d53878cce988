from odoo import api, models


class SqmsEvidenceRuleRisk(models.Model):
    """Risks, resources and quality costs prove that the company has thought ahead."""

    _inherit = "sqms.evidence.rule"

    @api.model
    def _get_evidence_sources(self):
        return {
            **super()._get_evidence_sources(),
            "sqms.risk": {
                "dates": ("create_date", "date_next_review", "decided_at", "closed_at"),
                "filters": (
                    "kind", "state", "level", "level_before", "treatment", "is_overdue", "date_next_review", "owner_id",
                    "process_id", "rating_count",
                ),
                "company": "company_id",
                "clauses": "clause_ids",
            },
            "sqms.risk.rating": {
                "dates": ("rated_at",),
                "filters": ("risk_id.kind", "risk_id.state", "level", "rated_at"),
                "company": "company_id",
                "clauses": "risk_id.clause_ids",
            },
            "sqms.resource": {
                "dates": ("create_date", "date_renewal"),
                "filters": (
                    "kind", "state", "is_short", "is_renewal_due", "date_renewal", "date_to", "owner_id",
                    "owner_id.active", "process_id", "is_confidential",
                ),
                "company": "company_id",
            },
            "sqms.quality.cost": {
                "dates": ("date", "posted_at"),
                "filters": ("category", "state", "type_id", "process_id", "date"),
                "company": "company_id",
            },
        }  # fmt: skip
