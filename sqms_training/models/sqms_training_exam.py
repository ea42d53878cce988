from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sqms_base.models.sqms_keep_mixin import heed_guards


class SqmsTrainingExam(models.Model):
    """The questions of a course as some people were asked them.

    1. They are copied from the survey of the course when somebody takes the exam first. The copy stays: what is done
       to the survey later holds for those who begin later, with a copy of their own.
    2. Pass mark, attempts and time are part of it.
    3. Its digest says whether anybody has changed a question behind the guards: then nobody passes any more.
    """

    _name = "sqms.training.exam"
    _description = "Questions of an Exam"
    _order = "id desc"
    _check_company_auto = True

    course_id = fields.Many2one(
        "sqms.training.course", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="course_id.company_id", store=True, index=True, precompute=True)
    survey_id = fields.Many2one(
        "survey.survey", "Copied From", readonly=True, index="btree_not_null", ondelete="set null"
    )
    source_digest = fields.Char(required=True, readonly=True, export_string_translation=False)
    copy_id = fields.Many2one("survey.survey", "Questions", required=True, readonly=True, ondelete="restrict")
    digest = fields.Char("Digest of the Questions", required=True, readonly=True)
    pass_percent = fields.Float("Passed From (%)", required=True, readonly=True)
    attempts = fields.Integer(readonly=True, help="0: as many as needed.")
    minutes = fields.Float("Time Limit (Minutes)", readonly=True, help="0: no limit.")
    attempt_ids = fields.One2many("sqms.training.exam.attempt", "exam_id", "Attempts Taken", readonly=True)

    _copy_uniq = models.UniqueIndex("(copy_id)", "Each copy of the questions belongs to one exam.")

    @api.depends("course_id", "create_date")
    def _compute_display_name(self):
        for exam in self:
            day = exam.create_date and fields.Datetime.context_timestamp(exam, exam.create_date).date()
            exam.display_name = " · ".join(filter(None, (exam.course_id.name, day and fields.Date.to_string(day))))

    def write(self, vals):
        if vals.keys() - {"company_id"} or not self.env.su:
            raise UserError(self.env._("The questions of an exam stay as they were asked."))
        return super().write(vals)

    def unlink(self):
        return super(SqmsTrainingExam, heed_guards(self, "sqms_training")).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The questions of an exam stay as they were asked."))

    # -- made when first used -------------------------------------------------------

    @api.model
    def _for_enrolment(self, enrolment):
        """The questions that this person is asked: those of others who began under the same conditions, or new ones."""
        survey = enrolment.exam_survey_id
        reason = survey._sqms_why_no_points()
        if reason:
            raise UserError(
                self.env._(
                    "The exam of %(course)s cannot be taken: %(reason)s.",
                    course=enrolment.course_id.name,
                    reason=reason,
                )
            )
        conditions = {
            "course_id": enrolment.course_id.id,
            "survey_id": survey.id,
            "source_digest": survey._sqms_digest(),
            "pass_percent": enrolment.exam_pass_percent,
            "attempts": enrolment.exam_attempts,
            "minutes": survey.time_limit if survey.is_time_limited else 0,
        }
        known = self.search([(name, "=", value) for name, value in conditions.items()], limit=1)
        if known and known._is_intact():
            return known
        copied = survey._sqms_freeze(enrolment.exam_pass_percent, enrolment.exam_attempts, enrolment.course_id)
        return self.create({**conditions, "copy_id": copied.id, "digest": copied._sqms_digest()})

    def _is_intact(self):
        self.ensure_one()
        return self.copy_id.active and self.copy_id._sqms_digest() == self.digest
