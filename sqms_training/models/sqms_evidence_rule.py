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
            "sqms.training.enrolment": {
                "dates": ("ended_at", "effect_at", "effect_due_on", "counted_at"),
                "filters": (
                    "state", "course_id", "skill_id", "session_id", "session_id.state", "ended_at", "effect_due_on",
                    "effect_result",
                ),
                "company": "company_id",
            },
            "sqms.training.session": {
                "dates": ("date_start", "date_end", "closed_at"),
                "filters": ("state", "course_id", "date_start", "date_end"),
                "company": "company_id",
            },
            "sqms.training.plan": {
                "dates": ("approved_at", "date_to"),
                "filters": ("state", "kind", "year", "date_from", "date_to", "department_id"),
                "company": "company_id",
            },
            "sqms.training.plan.line": {
                "dates": ("due_on", "met_on"),
                "filters": ("state", "source", "due_on", "plan_id.state", "plan_id.kind", "skill_id", "course_id"),
                "company": "company_id",
            },
            "sqms.appraisal": {
                "dates": ("confirmed_at", "date_to"),
                "filters": ("state", "fit", "scheme_id", "date_from", "date_to"),
                "company": "company_id",
            },
        }  # fmt: skip
