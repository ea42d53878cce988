from odoo import api, models


class SqmsEvidenceRuleFeedback(models.Model):
    """That people can speak, and are answered. Nothing of who spoke."""

    _inherit = "sqms.evidence.rule"

    @api.model
    def _get_evidence_sources(self):
        return {
            **super()._get_evidence_sources(),
            "sqms.feedback": {
                "dates": ("received_on", "answered_on"),
                "filters": (
                    "kind", "source", "channel", "is_anonymous", "state", "is_on_time", "received_on", "date_due",
                    "answered_on", "process_id", "journey_stage",
                ),
                "company": "company_id",
            },
        }  # fmt: skip
