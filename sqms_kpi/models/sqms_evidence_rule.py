from odoo import api, models


class SqmsEvidenceRule(models.Model):
    _inherit = "sqms.evidence.rule"

    @api.model
    def _get_evidence_sources(self):
        return {
            **super()._get_evidence_sources(),
            "sqms.measure": {
                "dates": ("period", "computed_at"),
                "filters": ("indicator_id", "family", "period", "is_final", "kind", "n", "version"),
                "company": "company_id",
            },
        }
