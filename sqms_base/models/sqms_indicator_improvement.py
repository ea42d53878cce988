from odoo import api, models


class SqmsIndicatorImprovement(models.Model):
    """What improvements and rewards give to be measured.

    A saving is added up as a plain number in the currency of the company it belongs to: figures are counted for each
    company apart, so that currencies never mix.
    """

    _inherit = "sqms.indicator"

    @api.model
    def _get_indicator_sources(self):
        return {
            **super()._get_indicator_sources(),
            "sqms.improvement": {
                "dates": ("create_date", "decided_at", "implemented_at", "verified_at"),
                "filters": ("state", "decision", "improvement_type", "waste_type", "process_id", "owner_id"),
                "dimensions": ("improvement_type", "waste_type", "process_id"),
                "quantities": ("saving_verified",),
                "company": "company_id",
            },
            "sqms.reward": {
                "dates": ("approved_at", "given_at"),
                "filters": ("state", "condition", "rule_id"),
                "dimensions": ("rule_id",),
                "company": "company_id",
            },
        }
