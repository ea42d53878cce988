from odoo import api, models


class SqmsEvidenceRule(models.Model):
    _inherit = "sqms.evidence.rule"

    @api.model
    def _get_evidence_sources(self):
        return {
            **super()._get_evidence_sources(),
            "helpdesk.ticket": {
                "dates": (
                    "complaint_received_at",
                    "complaint_acknowledged_at",
                    "complaint_communicated_at",
                    "complaint_closed_at",
                ),
                "filters": (
                    "is_complaint",
                    "complaint_state",
                    "complaint_received_at",
                    "complaint_communicated_at",
                    "complaint_closed_at",
                    "complaint_category_id",
                    "complaint_category_id.is_safety",
                    "complaint_decision",
                    "complaint_outcome",
                    "complaint_reopen_count",
                    "team_id",
                ),
                "company": "company_id",
                "archived": True,
            },
        }
