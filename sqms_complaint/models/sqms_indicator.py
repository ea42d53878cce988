from odoo import api, models


class SqmsIndicator(models.Model):
    _inherit = "sqms.indicator"

    @api.model
    def _get_indicator_sources(self):
        return {
            **super()._get_indicator_sources(),
            "helpdesk.ticket": {
                "dates": ("complaint_received_at", "complaint_communicated_at", "complaint_closed_at", "create_date"),
                "filters": (
                    "is_complaint",
                    "complaint_state",
                    "complaint_category_id",
                    "complaint_category_id.is_safety",
                    "complaint_decision",
                    "complaint_outcome",
                    "complaint_wish",
                    "complaint_is_anonymous",
                    "complaint_amount",
                    "complaint_reopen_count",
                    "complaint_customer_answer",
                    "priority",
                    "channel_id",
                    "team_id",
                    "stage_id.closed",
                ),
                "dimensions": (
                    "complaint_category_id",
                    "channel_id",
                    "team_id",
                    "complaint_decision",
                    "complaint_outcome",
                    "priority",
                ),
                "company": "company_id",
                "archived": True,
            },
        }
