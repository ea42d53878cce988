from odoo import api, models


class SqmsIndicator(models.Model):
    """What training gives to be measured. Whom a figure is about is told by no dimension."""

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
            "sqms.training.enrolment": {
                "dates": ("counted_at", "ended_at", "exam_passed_at", "effect_at", "effect_due_on"),
                "filters": ("state", "course_id", "skill_id", "session_id", "session_id.state", "effect_result"),
                "dimensions": ("course_id", "skill_id", "state", "effect_result"),
                "quantities": ("exam_score",),
                "present": {"exam_score": ("exam_passed_at", "!=", False)},
                "company": "company_id",
            },
            "sqms.appraisal": {
                "dates": ("confirmed_at", "date_to"),
                "filters": ("state", "fit", "scheme_id", "job_id"),
                "dimensions": ("scheme_id", "job_id"),
                "quantities": ("score", "score_percent"),
                "present": {
                    "score": ("confirmed_at", "!=", False),
                    "score_percent": ("confirmed_at", "!=", False),
                },
                "company": "company_id",
            },
            "sqms.training.coverage": {
                "dates": ("month",),
                "filters": ("kind", "department_id"),
                "dimensions": ("department_id",),
                "quantities": ("met", "needed"),
                "company": "company_id",
            },
        }
