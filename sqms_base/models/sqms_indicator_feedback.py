from odoo import api, models


class SqmsIndicatorFeedback(models.Model):
    """Feedback can be counted by the day it came in, by the day it was answered and by the day it was promised for."""

    _inherit = "sqms.indicator"

    @api.model
    def _get_indicator_sources(self):
        return {
            **super()._get_indicator_sources(),
            "sqms.feedback": {
                "dates": ("received_on", "answered_on", "date_due"),
                "filters": (
                    "kind", "source", "channel", "is_anonymous", "state", "is_on_time", "answered_on", "process_id",
                    "journey_stage", "rating",
                ),
                "dimensions": ("kind", "source", "channel", "process_id", "journey_stage"),
                "quantities": ("rating_value",),
                "company": "company_id",
            },
        }  # fmt: skip
