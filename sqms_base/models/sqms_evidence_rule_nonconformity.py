from odoo import api, models


class SqmsEvidenceRuleNonconformity(models.Model):
    """Nonconformities prove that what goes wrong is reported, contained, understood and mended."""

    _inherit = "sqms.evidence.rule"

    @api.model
    def _get_evidence_sources(self):
        return {
            **super()._get_evidence_sources(),
            "sqms.nonconformity": {
                "dates": ("found_at", "contained_at", "resolved_at", "closed_at"),
                "filters": (
                    "kind", "grade", "state", "process_id", "owner_id", "disposition", "authorised_by_id",
                    "recurrence_count", "is_contained_on_time", "is_late", "contained_at", "cycle",
                ),
                "company": "company_id",
            },
        }  # fmt: skip
