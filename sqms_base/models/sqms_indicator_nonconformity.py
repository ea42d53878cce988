from odoo import api, models


class SqmsIndicatorNonconformity(models.Model):
    """Nonconformities and exceptions by the day they were found, contained, resolved and closed can be counted."""

    _inherit = "sqms.indicator"

    @api.model
    def _get_indicator_sources(self):
        return {
            **super()._get_indicator_sources(),
            "sqms.nonconformity": {
                "dates": ("found_at", "contained_at", "resolved_at", "closed_at"),
                "filters": (
                    "kind", "grade", "state", "process_id", "owner_id", "disposition", "cycle", "recurrence_count",
                    "is_contained_on_time", "contained_at", "resolved_at", "res_model",
                ),
                "dimensions": ("kind", "grade", "process_id", "owner_id", "disposition", "state"),
                "quantities": ("contained_hours", "resolved_hours"),
                "company": "company_id",
            },
        }  # fmt: skip
