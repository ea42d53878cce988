from odoo import api, models


class SqmsIndicatorDocument(models.Model):
    """What documents give to be measured: periodic reviews."""

    _inherit = "sqms.indicator"

    @api.model
    def _get_indicator_sources(self):
        return {
            **super()._get_indicator_sources(),
            "sqms.document.review": {
                "dates": ("date_due", "date_done"),
                "filters": ("state", "outcome", "is_on_time", "document_type", "document_id"),
                "dimensions": ("document_type", "document_id", "outcome"),
                "company": "company_id",
            },
        }
