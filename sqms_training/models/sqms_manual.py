from odoo import models
from odoo.fields import Domain


class SqmsManual(models.AbstractModel):
    """Certificates and training in the quality manual: how many of each kind, never whose."""

    _inherit = "sqms.manual"

    def _manual_sections(self):
        return [
            *super()._manual_sections(),
            self._manual_section(
                "certificates", 82, self.env._("Certificates"), "sqms_training.manual_certificates",
                self._manual_certificates,
            ),
            self._manual_section(
                "training", 83, self.env._("Training and Competence"), "sqms_training.manual_training",
                self._manual_training,
            ),
        ]  # fmt: skip

    def _manual_training(self, manual):
        """What is taught, and how many of those who need something have it: figures, no names."""
        company = manual["company"]
        courses = self.env["sqms.training.course"].sudo().search([("company_id", "=", company.id)], order="name")
        passed = dict(
            self.env["sqms.training.enrolment"].sudo()._read_group(
                [("company_id", "=", company.id), ("state", "=", "passed"), ("ended_at", ">=", "-1y")],
                ["course_id"], ["__count"],
            )
        )  # fmt: skip
        kinds = dict(self.env["sqms.training.coverage"]._fields["kind"]._description_selection(self.env))
        latest = self.env["sqms.training.coverage"]._latest(company)
        return {
            "courses": [
                {"name": course.name, "grants": course.skill_id.name or "", "passed": passed.get(course, 0)}
                for course in courses
            ],
            "coverage": [
                {"name": kinds[kind], "met": latest[kind][0], "needed": latest[kind][1], "day": latest[kind][2]}
                for kind in kinds
                if kind in latest
            ],
        }

    def _manual_certificates(self, manual):
        counts = {}
        for skill, state, count in (
            self.env["hr.employee.skill"]
            .sudo()
            ._read_group(
                self._manual_certificate_domain(manual["company"]), ["skill_id", "certificate_state"], ["__count"]
            )
        ):
            counts.setdefault(skill, {})[state] = count
        return {
            "rows": [
                {
                    "name": skill.name,
                    "valid": own.get("valid", 0),
                    "expiring": own.get("expiring", 0),
                    "over": own.get("expired", 0) + own.get("revoked", 0),
                }
                for skill, own in sorted(counts.items(), key=lambda item: item[0].name)
            ]
        }

    def _manual_certificate_domain(self, company):
        """Certificates of those who work here, without those that another one goes on from."""
        over = Domain("certificate_state", "in", ("expired", "revoked"))
        return (
            Domain("is_certification", "=", True)
            & Domain("employee_id.company_id", "=", company.id)
            & Domain("employee_id.active", "=", True)
            & (~over | Domain("is_covered", "=", False))
        )
