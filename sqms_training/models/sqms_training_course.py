from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class SqmsTrainingCourse(models.Model):
    """What is taught: its parts, what it costs, its exam and the certificate it grants.

    1. A course grants one certification or one skill, or none; a certification has an end if the course says so.
    2. A certification is earned part by part: a course that grants one is not opened before it has a mandatory part.
    3. What an enrolment is measured by is copied when it starts: a later change of the course holds for those who
       start later.
    """

    _name = "sqms.training.course"
    _description = "Course"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin", "mail.thread"]
    _order = "name, id"
    _check_company_auto = True
    _sqms_check_files = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    responsible_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, domain=[("share", "=", False)], check_company=True,
        index="btree_not_null", ondelete="restrict",
    )  # fmt: skip
    trainer_id = fields.Many2one(
        "hr.employee", "Usual Trainer", check_company=True, index="btree_not_null", ondelete="restrict"
    )
    objective = fields.Text(help="What whoever has passed can do that he could not do before.")
    # what it grants
    skill_type_id = fields.Many2one(
        "hr.skill.type", "Type", index="btree_not_null", ondelete="restrict",
        help="A type of certification, or of a skill without certificate.",
    )  # fmt: skip
    skill_id = fields.Many2one(
        "hr.skill", "Grants", index="btree_not_null", ondelete="restrict", tracking=True,
        compute="_compute_skill_id", store=True, readonly=False, precompute=True,
        domain="[('skill_type_id', '=?', skill_type_id)]",
    )  # fmt: skip
    skill_level_id = fields.Many2one(
        "hr.skill.level", "Level", index="btree_not_null", ondelete="restrict", tracking=True,
        compute="_compute_skill_level_id", store=True, readonly=False, precompute=True,
        domain="[('skill_type_id', '=', skill_type_id)]",
    )  # fmt: skip
    is_certification = fields.Boolean(related="skill_type_id.is_certification", string="Grants a Certificate")
    validity_months = fields.Integer("Valid for (Months)", tracking=True, help="0: the certificate has no end.")
    grace_days = fields.Integer(
        "Days of Grace", tracking=True,
        help="Who passes so many days after the end of his certificate is renewed as if he had been in time: the new "
        "one goes on from the day after the old one.",
    )  # fmt: skip
    # how
    module_ids = fields.One2many("sqms.training.module", "course_id", "Parts", copy=True)
    hours = fields.Float(compute="_compute_parts")
    mandatory_count = fields.Integer("Mandatory Parts", compute="_compute_parts")
    exam_survey_id = fields.Many2one(
        "survey.survey", "Exam", index="btree_not_null", ondelete="restrict", tracking=True
    )
    exam_pass_percent = fields.Float("Passed From (%)", default=80, tracking=True)
    exam_attempts = fields.Integer("Attempts", default=2, tracking=True, help="0: as many as needed.")
    effectiveness_days = fields.Integer(
        "Look After (Days)", default=90, tracking=True,
        help="So many days after a pass the manager is asked whether it helped in the work. 0: nobody is asked.",
    )  # fmt: skip
    # with what
    document_ids = fields.Many2many(
        "sqms.document", "sqms_training_course_document_rel", "course_id", "document_id", "Documents",
        check_company=True, ondelete="restrict",
    )  # fmt: skip
    attachment_ids = fields.Many2many(
        "ir.attachment", "sqms_training_course_attachment_rel", "course_id", "attachment_id", "Files",
        bypass_search_access=True, copy=False,
    )  # fmt: skip
    # at what cost
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = fields.Monetary("Cost per Person", tracking=True)
    # what came of it
    session_ids = fields.One2many("sqms.training.session", "course_id", "Sessions")
    enrolment_ids = fields.One2many("sqms.training.enrolment", "course_id", "Enrolments")

    _percent_range = models.Constraint(
        "CHECK(exam_pass_percent > 0 AND exam_pass_percent <= 100)",
        "An exam is passed with more than 0 and at most 100 %.",
    )
    _no_negative = models.Constraint(
        "CHECK(validity_months >= 0 AND grace_days >= 0 AND exam_attempts >= 0 "
        "AND effectiveness_days >= 0 AND cost >= 0)",
        "Months, days, attempts and costs are not below zero.",
    )  # fmt: skip

    _ledger_fields = (
        "name", "active", "company_id", "responsible_id", "trainer_id", "objective", "skill_type_id", "skill_id",
        "skill_level_id", "validity_months", "grace_days", "exam_survey_id", "exam_pass_percent", "exam_attempts",
        "effectiveness_days", "document_ids", "attachment_ids", "cost",
    )  # fmt: skip

    @api.depends("skill_type_id")
    def _compute_skill_id(self):
        for course in self:
            if course.skill_id.skill_type_id != course.skill_type_id:
                course.skill_id = False

    @api.depends("skill_id")
    def _compute_skill_level_id(self):
        for course in self:
            levels = course.skill_type_id.skill_level_ids
            if not course.skill_id:
                course.skill_level_id = False
            elif course.skill_level_id not in levels:
                course.skill_level_id = levels.filtered("default_level")[:1] or levels[:1]

    @api.depends("module_ids.hours", "module_ids.is_mandatory")
    def _compute_parts(self):
        for course in self:
            course.hours = sum(course.module_ids.mapped("hours"))
            course.mandatory_count = len(course.module_ids.filtered("is_mandatory"))

    @api.constrains("skill_type_id", "skill_id", "skill_level_id")
    def _check_granted(self):
        for course in self:
            named = (course.skill_type_id, course.skill_id, course.skill_level_id)
            if any(named) and not all(named):
                raise ValidationError(
                    self.env._("%(course)s: give type, skill and level of what it grants, or none.", course=course.name)
                )
            if {course.skill_id.skill_type_id, course.skill_level_id.skill_type_id} != {course.skill_type_id}:
                raise ValidationError(
                    self.env._("%(course)s: skill and level belong to the type that it grants.", course=course.name)
                )

    # -- files ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        courses = super().create(vals_list)
        courses._keep_files()
        return courses

    def write(self, vals):
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._keep_files()
        return result

    def _keep_files(self):
        """Files belong to the course, so that whoever reads the course reads them."""
        # pylint: disable=missing-return,super-method-mismatch
        for course in self.filtered("attachment_ids"):
            kept = course.attachment_ids._sqms_kept_by(course)
            if kept != course.sudo().attachment_ids:
                super(SqmsTrainingCourse, course.sudo()).write({"attachment_ids": [(6, 0, kept.ids)]})

    # -- enrol ------------------------------------------------------------------

    def _not_ready(self):
        """Why nobody can be enrolled, as a part of a sentence, or nothing."""
        self.ensure_one()
        if not self.active:
            return self.env._("the course is archived")
        if self.is_certification and not self.sudo().mandatory_count:
            return self.env._("it grants a certificate and has no mandatory part yet")
        return ""

    def _check_ready(self):
        for course in self:
            reason = course._not_ready()
            if reason:
                raise UserError(
                    self.env._("Nobody can be enrolled in %(course)s: %(reason)s.", course=course.name, reason=reason)
                )

    def _enrol(self, employees, session=None, reason=""):
        """Enrol employees in one course; who is under way in it already is not enrolled again.

        Somebody who waits without a session gets the one that is given here.

        :param session: one session of this course, or nothing: they wait for one, or learn by themselves
        :param reason: why, in words
        :return: the enrolments of all of them, one each
        :raise UserError: the course cannot be opened yet, or the session is full, over or of another course
        """
        self.ensure_one()
        self._check_ready()
        session = session or self.env["sqms.training.session"]
        enrolments = self.env["sqms.training.enrolment"]
        known = enrolments.search(
            [
                ("course_id", "=", self.id),
                ("employee_id", "in", employees.ids),
                ("state", "in", ("enrolled", "running")),
            ]
        )
        waiting = known.filtered(lambda enrolment: enrolment.state == "enrolled" and not enrolment.session_id)
        if session and waiting:
            waiting.session_id = session
        new = enrolments.create(
            [
                {
                    "course_id": self.id,
                    "session_id": session.id,
                    "employee_id": employee.id,
                    "company_id": self.company_id.id,
                    "reason": reason,
                }
                for employee in employees - known.employee_id
            ]
        )
        return known | new
