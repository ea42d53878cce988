from odoo import api, models


class SqmsIndicatorObligation(models.Model):
    """Obligations by the day of their last evaluation, and the evaluations themselves, can be counted."""

    _inherit = "sqms.indicator"

    @api.model
    def _get_indicator_sources(self):
        return {
            **super()._get_indicator_sources(),
            "sqms.obligation": {
                "dates": ("evaluation_date", "date_next_review"),
                "filters": (
                    "compliance", "applicability", "is_relevant", "kind", "standard_id", "standard_id.sector",
                    "owner_id",
                ),
                "dimensions": ("standard_id", "kind"),
                "company": "company_id",
            },
            "sqms.obligation.evaluation": {
                "dates": ("date",),
                "filters": ("result", "standard_id", "standard_id.kind"),
                "dimensions": ("standard_id",),
                "company": "company_id",
            },
        }  # fmt: skip
