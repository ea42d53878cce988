from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.sqms_base.lib.workflow_pass import workflow_fields

from .sqms_training_enrolment import FROZEN


class SqmsTrainingEnrolment(models.Model):
    """From enrolled to passed: what is copied, what is asked, who may not."""

    _inherit = "sqms.training.enrolment"

    @api.model_create_multi
    def create(self, vals_list):
        enrolments = super().create(vals_list)
        enrolments.course_id._check_ready()
        enrolments._invite()
        return enrolments

    def write(self, vals):
        before = {enrolment.id: enrolment.session_id for enrolment in self} if vals.get("session_id") else {}
        result = super().write(vals)
        if before:
            self.filtered(lambda enrolment: enrolment.session_id != before[enrolment.id])._invite()
        return result

    def _invite(self):
        """Whoever comes into a session that is open already is told at once."""
        for session, enrolments in self.grouped("session_id").items():
            if session.state in ("open", "held"):
                session._invite(enrolments)

    # -- what an enrolment may be --------------------------------------------------

    @api.constrains("session_id", "course_id", "employee_id")
    def _check_session(self):
        for enrolment in self:
            session = enrolment.session_id.sudo()
            if not session:
                continue
            words = {"session": session.display_name}
            if session.course_id != enrolment.course_id:
                raise ValidationError(self.env._("%(session)s is a session of another course.", **words))
            if session.state in ("closed", "cancelled"):
                raise ValidationError(self.env._("%(session)s is over: nobody can be enrolled in it.", **words))
        self._check_trainer()

    def _check_trainer(self):
        for enrolment in self.sudo():
            session = enrolment.session_id
            if session.trainer_id and session.trainer_id == enrolment.employee_id:
                raise ValidationError(
                    self.env._(
                        "%(employee)s holds %(session)s and cannot be enrolled in it.",
                        employee=enrolment.employee_id.name,
                        session=session.display_name,
                    )
                )

    @api.constrains("session_id", "state")
    def _check_seats(self):
        self.session_id._check_seats()

    # -- start ------------------------------------------------------------------

    def _check_start(self):
        reasons = {}
        for enrolment in self:
            session = enrolment.session_id.sudo()
            not_ready = enrolment.course_id.sudo()._not_ready()
            if not_ready:
                reasons[enrolment.id] = not_ready
            elif session and session.state not in ("held", "closed"):
                reasons[enrolment.id] = self.env._("its session has not begun")
        return reasons

    def _prepare_start_values(self):
        """The course as it is now: this is what the enrolment is measured by."""
        now = fields.Datetime.now()
        return {
            enrolment.id: {
                "started_at": now,
                **{name: enrolment._fields[name].convert_to_write(course[name], course) for name in FROZEN},
            }
            for enrolment in self
            for course in [enrolment.course_id.sudo()]
        }

    def _on_start(self):
        rows = self.sudo()
        with workflow_fields(rows, "part_ids"):
            parts = (
                self.env["sqms.training.enrolment.part"]
                .sudo()
                .create(
                    [
                        {
                            "enrolment_id": enrolment.id,
                            "module_id": part.id,
                            "name": part.name,
                            "sequence": part.sequence,
                            "kind": part.kind,
                            "is_mandatory": part.is_mandatory,
                            "hours_planned": part.hours,
                        }
                        for enrolment in rows
                        for part in enrolment.course_id.module_ids
                    ]
                )
            )
        parts._copy_names()

    def action_begin_own(self):
        """Learning by oneself: who is enrolled without a session starts when it suits him."""
        self.ensure_one()
        self.check_access("read")
        if self.employee_id.user_id == self.env.user and self.state == "enrolled" and not self.session_id:
            self.with_user(SUPERUSER_ID).action_transition("start")

    # -- pass -------------------------------------------------------------------

    def _missing_parts(self):
        """The mandatory parts that are not passed yet; before the start those of the course."""
        lines = self.sudo().part_ids.filtered(lambda part: part.is_mandatory and part.result != "passed")
        ahead = self.sudo().filtered(lambda enrolment: enrolment.state == "enrolled")
        missing = lines.module_id | ahead.course_id.module_ids.filtered("is_mandatory")
        return missing.with_env(self.env)

    def _own(self):
        """The enrolments of the person who is at work, on whatever path: nobody judges himself."""
        people = self._workflow_people()
        return self.filtered(lambda enrolment: enrolment.employee_id.sudo().user_id & people)

    def _exam_is_open(self):
        return bool(self.exam_survey_id and not self.exam_passed_at)

    def _check_finish(self):
        own = self._own()
        reasons = {}
        for enrolment in self:
            parts = enrolment.sudo().part_ids
            missing = parts.filtered(lambda part: part.is_mandatory and part.result != "passed")
            if enrolment in own:
                reasons[enrolment.id] = self.env._("nobody passes himself: ask a colleague")
            elif missing:
                reasons[enrolment.id] = self.env._("missing: %(parts)s", parts=", ".join(missing.mapped("name")))
            elif parts and not any(parts.mapped("attended")):
                reasons[enrolment.id] = self.env._("who was absent does not pass")
            elif enrolment._exam_is_open():
                reasons[enrolment.id] = self.env._("the exam is not passed yet")
        return reasons

    def _prepare_finish_values(self):
        now = fields.Datetime.now()
        return {
            enrolment.id: {
                "ended_at": now,
                "effect_due_on": enrolment.effectiveness_days
                and enrolment.company_id._sqms_today() + timedelta(days=enrolment.effectiveness_days),
            }
            for enrolment in self
        }

    def _on_finish(self):
        self._issue_granted()

    def _grant(self):
        """Pass whoever has all that is asked for; the certificate comes with it, once.

        :return: the certificates, also of those who had passed before
        :raise UserError: something is missing; the sentence says what
        """
        self.filtered(lambda enrolment: enrolment.state != "passed").action_transition("finish")
        return self.certificate_id

    # -- not passed ---------------------------------------------------------------

    def _check_fail(self):
        own = self._own()
        return dict.fromkeys(own.ids, self.env._("nobody judges himself: ask a colleague"))

    def _prepare_fail_values(self):
        return dict.fromkeys(self.ids, {"ended_at": fields.Datetime.now()})

    def _prepare_miss_values(self):
        return self._prepare_fail_values()

    def _prepare_cancel_values(self):
        return self._prepare_fail_values()

    def _check_miss(self):
        return {
            enrolment.id: self.env._("attended: %(parts)s", parts=", ".join(there.mapped("name")))
            for enrolment in self
            for there in [enrolment.sudo().part_ids.filtered("attended")]
            if there
        }

    def _settle(self):
        """Decide what attendance and exam have decided; whoever still lacks something stays under way.

        1. All mandatory parts and the exam passed: passed.
        2. A mandatory part failed: failed, with the parts as the reason.
        3. Never there: absent.
        4. One's own enrolment, and one without anything to measure it by, waits for a colleague.
        """
        running = self.filtered(lambda enrolment: enrolment.state == "running") - self._own()
        measured = running.filtered(lambda enrolment: enrolment.sudo().part_ids or enrolment.exam_survey_id)
        refused = measured._check_finish()
        passed = measured.filtered(lambda enrolment: enrolment.id not in refused)
        absent, failed = self.browse(), self.browse()
        for enrolment in measured - passed:
            parts = enrolment.sudo().part_ids
            lost = parts.filtered(lambda part: part.is_mandatory and part.result == "failed")
            if lost:
                failed |= enrolment
                enrolment.end_reason = enrolment.end_reason or self.env._(
                    "Not passed: %(parts)s", parts=", ".join(lost.mapped("name"))
                )
            elif parts and all(part.result == "absent" for part in parts):
                absent |= enrolment
        passed.action_transition("finish")
        failed.action_transition("fail")
        absent.action_transition("miss")

    # -- the exam -----------------------------------------------------------------

    def _exam_done(self, score, passed, user_input):
        """One finished attempt at the exam; the same attempt counts once, however often it is told.

        1. The score is clamped to 0..100, the best one stays.
        2. Passed counts from the percentage on that was asked for when the enrolment started.
        3. The last attempt that fails ends the enrolment; a pass ends it if no part is missing.

        :param user_input: `survey.user_input`
        :return: whether it was counted
        """
        self.ensure_one()
        enrolment = self.with_user(SUPERUSER_ID)
        enrolment._workflow_lock_rows()
        enrolment.invalidate_recordset(["exam_attempts_done", "exam_score", "exam_passed_at", "exam_counted"])
        counted = enrolment.exam_counted or []
        used_up = enrolment.exam_attempts and enrolment.exam_attempts_done >= enrolment.exam_attempts
        if enrolment.state != "running" or user_input.id in counted or used_up or enrolment.exam_passed_at:
            return False
        score = min(max(score or 0.0, 0.0), 100.0)
        passed = bool(passed) and score >= enrolment.exam_pass_percent
        values = {
            "exam_counted": [*counted, user_input.id],
            "exam_attempts_done": enrolment.exam_attempts_done + 1,
            "exam_score": max(score, enrolment.exam_score),
            "exam_passed_at": fields.Datetime.now() if passed else False,
        }
        with workflow_fields(enrolment, *values):
            enrolment.write(values)
        if passed and not enrolment._check_finish():
            enrolment._grant()
        elif not passed and enrolment.exam_attempts and enrolment.exam_attempts_done >= enrolment.exam_attempts:
            enrolment.end_reason = self.env._(
                "The exam was not passed in %(count)s attempts.", count=enrolment.exam_attempts_done
            )
            enrolment.action_transition("fail")
        return True
