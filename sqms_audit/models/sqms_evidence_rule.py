from odoo import api, models


class SqmsEvidenceRule(models.Model):
    _inherit = "sqms.evidence.rule"

    @api.model
    def _get_evidence_sources(self):
        return {
            **super()._get_evidence_sources(),
            "sqms.audit": {
                "dates": ("date_start", "date_end", "closed_on"),
                "filters": (
                    "state",
                    "audit_type",
                    "date_start",
                    "date_end",
                    "closed_on",
                    "department_id",
                    "template_id",
                ),
                "company": "company_id",
            },
            "sqms.audit.finding": {
                "dates": ("date", "due_date", "accepted_on"),
                "filters": (
                    "state",
                    "grade",
                    "object_type",
                    "date",
                    "due_date",
                    "accepted_on",
                    "department_id",
                    "audit_id.audit_type",
                ),
                "company": "company_id",
            },
        }
