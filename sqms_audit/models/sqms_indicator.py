from odoo import api, models


class SqmsIndicator(models.Model):
    _inherit = "sqms.indicator"

    @api.model
    def _get_indicator_sources(self):
        return {
            **super()._get_indicator_sources(),
            "sqms.audit": {
                "dates": ("date_start", "date_end", "closed_on"),
                "filters": ("state", "audit_type", "department_id", "template_id"),
                "dimensions": ("audit_type", "department_id", "template_id", "state"),
                "company": "company_id",
            },
            "sqms.audit.finding": {
                "dates": ("date", "due_date", "accepted_on"),
                "filters": ("state", "grade", "object_type", "department_id", "is_on_time", "audit_id.audit_type"),
                "dimensions": ("grade", "object_type", "department_id", "audit_id.audit_type"),
                "company": "company_id",
            },
        }
