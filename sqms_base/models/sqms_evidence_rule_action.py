from odoo import api, models


class SqmsEvidenceRuleAction(models.Model):
    """Actions prove that something was done about it, and that it helped."""

    _inherit = "sqms.evidence.rule"

    @api.model
    def _get_evidence_sources(self):
        return {
            **super()._get_evidence_sources(),
            "sqms.action": {
                "dates": ("create_date", "date_due", "done_at", "verified_at", "checked_at"),
                "filters": (
                    "kind", "state", "date_due", "done_at", "is_late", "is_on_time", "is_check_due", "owner_id",
                    "nonconformity_id", "risk_id", "improvement_id", "decision_id",
                ),
                "company": "company_id",
            },
        }  # fmt: skip
