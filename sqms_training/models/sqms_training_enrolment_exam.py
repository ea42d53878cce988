import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS, Domain

from odoo.addons.sqms_base.lib.workflow_pass import workflow_fields

from .hr_employee_skill import WRITER_GROUPS
from .sqms_training_enrolment import SqmsTrainingEnrolment

# The page hands in by itself when the time is over; the way to the server takes a moment.
GRACE = timedelta(seconds=30)


class SqmsTrainingEnrolmentExam(models.Model):
    """The exam of an enrolment, taken on the pages of the survey.

    1. It is open while the course is under way, not passed yet and attempts are left.
    2. One attempt at a time. Finished attempts count, at whatever page, cursor or browser they were finished; those
       of an enrolment that was cancelled since the last one was decided count along.
    3. The person himself takes it. Who has no login sits at a page that the trainer, HR or a training officer opens
       in his own session; nobody opens it for himself.
    4. Passed is who reached the mark in time, at unchanged questions, counted anew from distinct right answers.
    """

    _inherit = "sqms.training.enrolment"
    _workflow_managed = (*SqmsTrainingEnrolment._workflow_managed, "exam_id", "exam_token")

    exam_id = fields.Many2one(
        "sqms.training.exam", "Questions Asked", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    exam_token = fields.Char(readonly=True, copy=False, groups=NO_ACCESS, export_string_translation=False)
    exam_attempt_ids = fields.One2many("sqms.training.exam.attempt", "enrolment_id", "Attempts at the Exam")
    exam_last_score = fields.Float("Last Score (%)", compute="_compute_exam_last", compute_sudo=True)
    exam_words = fields.Char("Exam in Words", compute="_compute_exam_words", compute_sudo=True)
    exam_can_take = fields.Boolean(compute="_compute_exam_words", compute_sudo=True, export_string_translation=False)
    exam_can_open = fields.Boolean(compute="_compute_exam_words", compute_sudo=True, export_string_translation=False)

    _exam_token_uniq = models.UniqueIndex("(exam_token) WHERE exam_token IS NOT NULL")
    _exam_pool_idx = models.Index("(employee_id, course_id, id)")

    @api.depends("exam_attempt_ids")
    def _compute_exam_last(self):
        attempts = self.env["sqms.training.exam.attempt"].search([("enrolment_id", "in", self.ids)])
        last = {attempt.enrolment_id.id: attempt.score for attempt in attempts.sorted("number")}
        for enrolment in self:
            enrolment.exam_last_score = last.get(enrolment.id, 0)

    @api.depends("state", "exam_attempts_done", "exam_passed_at", "exam_survey_id", "exam_attempts", "exam_score",
                 "employee_id", "session_id")  # fmt: skip
    @api.depends_context("uid", "lang")
    def _compute_exam_words(self):
        carried = self._exam_carried()
        user = self.env.user
        for enrolment in self:
            left = enrolment._exam_left(carried)
            is_open = enrolment.state == "running" and enrolment._exam_is_open() and left != 0
            enrolment.exam_words = enrolment._exam_in_words(left)
            enrolment.exam_can_take = is_open and enrolment.employee_id.user_id == user
            enrolment.exam_can_open = is_open and not enrolment.employee_id.user_id and enrolment._may_invigilate(user)

    def _exam_in_words(self, left):
        survey = self.exam_survey_id or (self.state == "enrolled" and self.course_id.exam_survey_id)
        if not survey:
            return False
        if self.exam_passed_at:
            return self.env._("passed with %(score)s %%", score=f"{self.exam_score:g}")
        if self.state == "enrolled":
            return self.env._("follows when the course is under way")
        if self.state != "running":
            return self.env._("not passed")
        asked = f"{self.exam_pass_percent:g}"
        if left is None:
            return self.env._("%(percent)s %% to pass", percent=asked)
        if not left:
            return self.env._("no attempt left; the trainer decides")
        if left == 1:
            return self.env._("%(percent)s %% to pass, one attempt left", percent=asked)
        return self.env._("%(percent)s %% to pass, %(left)s attempts left", percent=asked, left=left)

    # -- attempts --------------------------------------------------------------------

    def _exam_carried(self):
        """Attempts under enrolments in the same course that were cancelled since the last one was decided.

        :return: {(employee id, course id): number}; two queries for all
        """
        pool = Domain("employee_id", "in", self.employee_id.ids) & Domain("course_id", "in", self.course_id.ids)
        rows = self.env["sqms.training.enrolment"].sudo()
        decided = {
            (employee.id, course.id): last
            for employee, course, last in rows._read_group(
                pool & Domain("state", "in", ("passed", "failed")), ["employee_id", "course_id"], ["id:max"]
            )
        }
        carried = {}
        for row in rows.search(pool & Domain("state", "=", "cancelled") & Domain("exam_attempts_done", ">", 0)):
            key = (row.employee_id.id, row.course_id.id)
            if row.id > decided.get(key, 0):
                carried[key] = carried.get(key, 0) + row.exam_attempts_done
        return carried

    def _exam_left(self, carried=None):
        """How many attempts are left; None for as many as needed."""
        self.ensure_one()
        if not self.exam_attempts:
            return None
        carried = self._exam_carried() if carried is None else carried
        used = self.exam_attempts_done + carried.get((self.employee_id.id, self.course_id.id), 0)
        return max(self.exam_attempts - used, 0)

    def _why_no_exam(self):
        """Why no attempt can be begun now, as a part of a sentence, or nothing."""
        if not self.exam_survey_id:
            return self.env._("the course has none") if self.state != "enrolled" else self.env._("it is not begun yet")
        if self.state != "running":
            return self.env._("it is “%s”", self._workflow_state_label())
        if self.exam_passed_at:
            return self.env._("it is passed")
        if self._exam_left() == 0:
            return self.env._("no attempt is left")
        return None

    def _may_invigilate(self, user):
        """Whether this user opens the exam of somebody else who has no login."""
        enrolment = self.sudo()
        return enrolment.employee_id.user_id != user and (
            user.has_groups(WRITER_GROUPS) or user in enrolment.session_id.trainer_id.user_id
        )

    # -- taking it ---------------------------------------------------------------------

    def action_take_exam(self):
        """The page of the exam, for the person himself."""
        self.ensure_one()
        self.check_access("read")
        if self.sudo().employee_id.user_id != self.env.user:
            raise UserError(self.env._("Each person takes his exam himself."))
        return self._exam_page({"user": self.env.user})

    def action_open_exam(self):
        """The page of the exam, for somebody without a login who sits at this screen."""
        self.ensure_one()
        self.check_access("read")
        if self.sudo().employee_id.user_id:
            raise UserError(
                self.env._("%s has a login: this exam is taken under “My Training”.", self.sudo().employee_id.name)
            )
        if not self._may_invigilate(self.env.user):
            raise AccessError(self.env._("The trainer, HR or a training officer opens the exam of somebody else."))
        return self._exam_page({})

    def _exam_page(self, person):
        enrolment = self.sudo()
        enrolment._workflow_lock_rows()
        enrolment._exam_refuse()
        attempt = enrolment._exam_begun()
        if not attempt:
            enrolment._exam_prepare()
            attempt = enrolment.exam_id.copy_id._create_answer(**person, invite_token=enrolment.exam_token)
        elif attempt.sqms_invigilator_id and attempt.sqms_invigilator_id != self.env.user:
            attempt.sqms_invigilator_id = self.env.user  # a colleague takes over the room
        return {"type": "ir.actions.act_url", "url": attempt.get_start_url(), "target": "self"}

    def _exam_refuse(self):
        reason = self._why_no_exam()
        if reason:
            raise UserError(
                self.env._("The exam of %(enrolment)s cannot be taken: %(reason)s.",
                           enrolment=self.display_name, reason=reason)
            )  # fmt: skip

    def _exam_begun(self):
        """The attempt that is under way."""
        return self.env["survey.user_input"].search(
            [("sqms_enrolment_id", "=", self.id), ("state", "!=", "done"), ("test_entry", "=", False)], limit=1
        )

    def _exam_prepare(self):
        """The questions and the pool of attempts of this enrolment, laid down when it is begun first."""
        values = {}
        if not self.exam_id:
            values["exam_id"] = self.env["sqms.training.exam"]._for_enrolment(self).id
        if not self.exam_token:
            values["exam_token"] = secrets.token_urlsafe(24)
        if values:
            with workflow_fields(self, *values):
                self.write(values)

    def _exam_taken_for(self, exam, user, partner):
        """Whose attempt a new one is: called for every attempt, from whatever page; refuses all but the right one."""
        person = self.env.user
        if not self or self.exam_id != exam:
            raise UserError(self.env._("This exam is taken from “My Training”, by who is enrolled."))
        candidate = self.employee_id.user_id
        if candidate:
            right = user == candidate == person and (not partner or partner == person.partner_id)
        else:
            right = not user and not partner and self._may_invigilate(person)
        if not right:
            raise UserError(self.env._("This exam is taken from “My Training”, by who is enrolled."))
        self._workflow_lock_rows()
        self._exam_refuse()
        if self._exam_begun():
            raise UserError(self.env._("An attempt is under way; finish it first."))
        return {
            "sqms_enrolment_id": self.id,
            "sqms_invigilator_id": not candidate and person.id,
            # The pages speak the language of who sits there, not that of the web site.
            "lang_id": self.env["res.lang"]._get_data(code=person.lang).id,
        }

    # -- finished -----------------------------------------------------------------------

    def _exam_attempted(self, attempt):
        """An attempt was finished: it counts once, and is passed if nothing speaks against it."""
        self.ensure_one()
        attempts = self.env["sqms.training.exam.attempt"].sudo()
        if (
            self.state != "running" or self.exam_passed_at or self._exam_left() == 0
            or attempt.state != "done" or attempt.test_entry
            or attempts.search_count([("input_id", "=", attempt.id)], limit=1)
        ):  # fmt: skip
            return
        late = self._exam_is_late(attempt)
        score = attempt._sqms_score() if self._exam_by_right_person(attempt) and self.exam_id._is_intact() else 0.0
        passed = not late and score > 0 and score >= self.exam_id.pass_percent
        attempts.create(
            {
                "enrolment_id": self.id,
                "exam_id": self.exam_id.id,
                "input_id": attempt.id,
                "number": self.exam_attempts_done + 1,
                "begun_at": attempt.start_datetime,
                "ended_at": attempt.end_datetime,
                "score": score,
                "passed": passed,
                "is_late": late,
                "invigilator_id": attempt.sqms_invigilator_id.id,
            }
        )
        self._exam_done(score, passed, attempt)

    def _exam_is_late(self, attempt):
        """Handed in after the time that the questions were given; who never began has had no time at all."""
        if not self.exam_id.minutes:
            return False
        limit = timedelta(minutes=self.exam_id.minutes) + GRACE
        return not attempt.start_datetime or attempt.end_datetime - attempt.start_datetime > limit

    def _exam_by_right_person(self, attempt):
        person, candidate = self.env.user, self.employee_id.user_id
        if attempt.survey_id != self.exam_id.copy_id or attempt.invite_token != self.exam_token:
            return False
        if candidate:
            return candidate == person and attempt.partner_id == person.partner_id
        return attempt.sqms_invigilator_id == person and self._may_invigilate(person)
