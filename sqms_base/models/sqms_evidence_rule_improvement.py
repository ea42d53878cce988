from odoo import api, models


class SqmsEvidenceRuleImprovement(models.Model):
    """Improvements and rewards prove that the system gets better, and that people have a part in it."""

    _inherit = "sqms.evidence.rule"

    @api.model
    def _get_evidence_sources(self):
        return {
            **super()._get_evidence_sources(),
            "sqms.improvement": {
                "dates": ("create_date", "decided_at", "authorised_at", "implemented_at", "verified_at"),
                "filters": (
                    "state", "decision", "improvement_type", "waste_type", "process_id", "owner_id", "date_planned",
                    "create_date",
                ),
                "company": "company_id",
            },
            "sqms.reward": {
                "dates": ("create_date", "approved_at", "given_at"),
                "filters": ("state", "condition", "rule_id"),
                "company": "company_id",
            },
        }  # fmt: skip
