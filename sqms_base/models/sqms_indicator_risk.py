from odoo import api, models


class SqmsIndicatorRisk(models.Model):
    """Risks and their ratings can be counted. Money is not added up by indicators; see `sqms.quality.cost._totals`."""

    _inherit = "sqms.indicator"

    @api.model
    def _get_indicator_sources(self):
        return {
            **super()._get_indicator_sources(),
            "sqms.risk": {
                "dates": ("create_date", "date_next_review", "closed_at"),
                "filters": ("kind", "state", "level", "level_before", "treatment", "process_id", "owner_id"),
                "dimensions": ("kind", "level", "process_id"),
                "company": "company_id",
            },
            "sqms.risk.rating": {
                "dates": ("rated_at",),
                "filters": ("level", "risk_id.kind", "risk_id.process_id"),
                "dimensions": ("level", "risk_id.process_id"),
                "company": "company_id",
            },
            "sqms.quality.cost": {
                "dates": ("date",),
                "filters": ("category", "state", "type_id", "process_id"),
                "dimensions": ("category", "type_id", "process_id"),
                "company": "company_id",
            },
        }
