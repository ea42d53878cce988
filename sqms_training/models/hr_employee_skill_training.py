from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .hr_employee_skill import READER_GROUPS

OPEN_STATES = ("enrolled", "running")


class HrEmployeeSkillTraining(models.Model):
    """What leads to the next certificate: the course that grants it, and how far its holder has come there."""

    _inherit = "hr.employee.skill"

    next_step = fields.Char(compute="_compute_next_step", compute_sudo=True, groups=READER_GROUPS)
    has_next_step = fields.Boolean(compute="_compute_next_step", compute_sudo=True, groups=READER_GROUPS)

    @api.depends("employee_id", "skill_id", "is_covered", "certificate_state", "renewed_by_id.revoked_on")
    @api.depends_context("as_of", "tz", "uid", "lang")
    def _compute_next_step(self):
        """Only where something has to follow: what is valid for long, or followed already, needs no step."""
        waiting = self.filtered(
            lambda row: (
                row.certificate_state in ("expired", "revoked", "expiring")
                and not row.is_covered
                and (not row.renewed_by_id or row.renewed_by_id.revoked_on)
            )
        )
        enrolments = waiting._open_enrolments()
        for row in self:
            enrolment = enrolments.get((row.employee_id.id, row.skill_id.id))
            row.has_next_step = row not in waiting or bool(enrolment)
            if row not in waiting:
                row.next_step = self.env._("Renewed") if row.is_covered or row.renewed_by_id else False
            else:
                row.next_step = enrolment._next_step_words() if enrolment else self.env._("No session yet")

    def _open_enrolments(self):
        """{(employee id, skill id): the enrolment that is furthest}; one query for all."""
        found = self.env["sqms.training.enrolment"].sudo().search(
            [
                ("employee_id", "in", self.employee_id.ids),
                ("course_id.skill_id", "in", self.skill_id.ids),
                ("state", "in", OPEN_STATES),
            ],
            order="id",
        )  # fmt: skip
        return {(row.employee_id.id, row.course_id.skill_id.id): row for row in found}

    def _granting_courses(self):
        """{(company id, skill id): the course that grants this skill}."""
        courses = self.env["sqms.training.course"].sudo().search(
            [("skill_id", "in", self.skill_id.ids), ("company_id", "in", self.employee_id.sudo().company_id.ids)],
            order="id desc",
        )  # fmt: skip
        return {(course.company_id.id, course.skill_id.id): course for course in courses}

    def _renewal_terms(self):
        """The course that grants this very certificate knows better than the type."""
        months, grace_days = super()._renewal_terms()
        course = self.env["sqms.training.course"].sudo().search(
            Domain("skill_id", "=", self.skill_id.id)
            & Domain("skill_level_id", "in", (self.skill_level_id.id, False))
            & Domain("company_id", "=", self.employee_id.sudo().company_id.id),
            limit=1,
        )  # fmt: skip
        return course.validity_months or months, course.grace_days or grace_days

    def action_plan_training(self):
        """Enrol the holders of the selected certificates in the courses that renew them."""
        self._check_certificate_writer()
        self.check_access("read")
        courses = self._granting_courses()
        without = self.filtered(lambda row: (row.employee_id.sudo().company_id.id, row.skill_id.id) not in courses)
        if without:
            raise UserError(
                self.env._(
                    "No course grants %(skills)s. Create one, or leave these certificates out.",
                    skills=", ".join(sorted(set(without.skill_id.mapped("name")))),
                )
            )
        enrolments = self.env["sqms.training.enrolment"]
        for (company, skill), rows in self.grouped(
            lambda row: (row.employee_id.sudo().company_id.id, row.skill_id.id)
        ).items():
            course = courses[company, skill].sudo(False)
            enrolments |= course._enrol(rows.employee_id, reason=self.env._("Renewal of a certificate"))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enrolments"),
            "res_model": "sqms.training.enrolment",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", enrolments.ids)],
        }
