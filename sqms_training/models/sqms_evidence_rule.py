from odoo import api, models


class SqmsEvidenceRule(models.Model):
    _inherit = "sqms.evidence.rule"

    @api.model
    def _get_evidence_sources(self):
        return {
            **super()._get_evidence_sources(),
            "hr.employee.skill": {
                "dates": ("valid_from", "valid_to", "revoked_on"),
                "filters": (
                    "skill_type_id",
                    "skill_type_id.is_certification",
                    "skill_id",
                    "certificate_state",
                    "is_covered",
                    "valid_from",
                    "valid_to",
                    "employee_id.active",
                ),
                "company": "certificate_company_id",
            },
        }
