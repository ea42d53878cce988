from odoo import api, models


class SqmsEvidenceRuleSatisfaction(models.Model):
    """Surveys and campaigns prove that satisfaction is measured (ISO 10002, 8.3; ISO 10004)."""

    _inherit = "sqms.evidence.rule"

    @api.model
    def _get_evidence_sources(self):
        return {
            **super()._get_evidence_sources(),
            "sqms.satisfaction.answer": {
                "dates": ("invited_at", "answered_at"),
                "filters": ("state", "is_delivered", "delivery", "csat", "invited_at", "answered_at"),
                "company": "company_id",
            },
            "sqms.satisfaction.campaign": {
                "dates": ("started_at", "closed_at"),
                "filters": ("state", "is_pilot", "started_at", "closed_at"),
                "company": "company_id",
            },
        }
