from odoo import api, models


class SqmsIndicator(models.Model):
    _inherit = "sqms.indicator"

    @api.model
    def _get_indicator_sources(self):
        return {
            **super()._get_indicator_sources(),
            "hr.employee.skill": {
                "dates": ("valid_from", "valid_to", "revoked_on"),
                "filters": ("skill_type_id", "skill_type_id.is_certification", "skill_id", "revoked_on"),
                "dimensions": ("skill_type_id", "skill_id"),
                "company": "certificate_company_id",
            },
        }
