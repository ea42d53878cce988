from odoo import api, models


class SqmsIndicatorAction(models.Model):
    """Actions by the day they were due, done and checked can be counted."""

    _inherit = "sqms.indicator"

    @api.model
    def _get_indicator_sources(self):
        return {
            **super()._get_indicator_sources(),
            "sqms.action": {
                "dates": ("date_due", "done_at", "checked_at", "create_date"),
                "filters": (
                    "kind", "state", "is_on_time", "owner_id", "nonconformity_id", "nonconformity_id.process_id",
                    "nonconformity_id.grade",
                ),
                "dimensions": ("kind", "owner_id", "nonconformity_id.process_id"),
                "company": "company_id",
            },
            "sqms.action.extension": {
                "dates": ("create_date", "decided_at"),
                "filters": ("state", "action_id.kind"),
                "dimensions": ("state",),
                "company": "company_id",
            },
        }  # fmt: skip
