from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .exam_case import ExamCase


@tagged("post_install", "-at_install")
class TestExam(ExamCase):
    """The exam of an enrolment: who takes it, how often, at which questions, and what counts."""

    # -- the honest way ------------------------------------------------------------------

    def test_pass_and_the_certificate_follows_the_parts(self):
        enrolment = self._begin()
        self.assertIn("100 % to pass, 2 attempts left", enrolment.exam_words)
        self.assertTrue(enrolment.exam_can_take)
        self._answer(self._start(enrolment))
        self.assertEqual((enrolment.state, enrolment.exam_score, enrolment.exam_attempts_done), ("running", 100, 1))
        self.assertTrue(enrolment.exam_passed_at)
        self.assertEqual((enrolment.exam_words, enrolment.exam_can_take), ("passed with 100 %", False))
        with self.assertRaisesRegex(UserError, "it is passed"):
            enrolment.action_take_exam()
        enrolment.sudo().part_ids.with_user(self.officer).action_passed()
        enrolment.sudo().with_user(self.officer).action_transition("finish")
        self.assertTrue(enrolment.sudo().certificate_id.number)

    def test_exam_as_the_last_thing_missing_grants_at_once(self):
        enrolment = self._begin()
        enrolment.sudo().part_ids.with_user(self.officer).action_passed()
        self._answer(self._start(enrolment))
        self.assertEqual(enrolment.state, "passed")
        self.assertEqual(len(enrolment.sudo().certificate_id), 1)

    def test_attempts_run_out(self):
        enrolment = self._begin()
        first = self._start(enrolment)
        self.assertEqual(self._start(enrolment), first, "what was broken off goes on")
        self._answer(first, right=False)
        self.assertIn("one attempt left", enrolment.exam_words)
        self.assertEqual(enrolment.exam_last_score, 0)
        retry = (
            enrolment.sudo()
            .exam_id.copy_id.with_user(self.user)
            .sudo()
            ._create_answer(user=self.user, partner=self.user.partner_id, invite_token=enrolment.sudo().exam_token)
        )  # the button "Retry" of the page
        self.assertEqual(retry.sqms_enrolment_id.id, enrolment.id)
        self._answer(retry, right=False)
        self.assertEqual(
            (enrolment.state, enrolment.exam_attempts_done, enrolment.exam_words), ("failed", 2, "not passed")
        )
        with self.assertRaisesRegex(UserError, "Failed"):
            enrolment.action_take_exam()
        self.assertEqual(self._attempts(enrolment).mapped("number"), [1, 2])
        self.assertFalse(any(self._attempts(enrolment).mapped("passed")))
        # Who failed is not aware; a new enrolment has attempts of its own.
        self.assertFalse(self.course._aware(self.employee))
        again = self._begin()
        self._answer(self._start(again))
        self.assertTrue(again.exam_passed_at)
        again.sudo().part_ids.with_user(self.officer).action_passed()
        again.sudo().with_user(self.officer).action_transition("finish")
        self.assertEqual(self.course._aware(self.employee | self.other), self.employee)

    def test_cancelling_and_enrolling_again_gives_no_further_attempts(self):
        enrolment = self._begin()
        self._answer(self._start(enrolment), right=False)
        officer = enrolment.sudo().with_user(self.officer)
        officer.end_reason = "Moved"
        officer.action_transition("cancel")
        again = self._begin()
        self.assertIn("one attempt left", again.exam_words)
        self._answer(self._start(again), right=False)
        self.assertIn("no attempt left", again.exam_words)
        with self.assertRaisesRegex(UserError, "no attempt is left"):
            self._start(again)

    def test_unlimited_attempts(self):
        self.course.exam_attempts = 0
        enrolment = self._begin()
        for _number in range(4):
            self._answer(self._start(enrolment), right=False)
        self.assertEqual((enrolment.state, enrolment.exam_words), ("running", "100 % to pass"))
        self._answer(self._start(enrolment))
        self.assertEqual((enrolment.exam_attempts_done, bool(enrolment.exam_passed_at)), (5, True))

    def test_no_exam_before_the_start_nor_without_questions(self):
        waiting = self._enrol(self.other).with_user(self.colleague)
        self.assertEqual(waiting.exam_words, "follows when the course is under way")
        with self.assertRaisesRegex(UserError, "not begun"):
            waiting.action_take_exam()
        self.course.exam_survey_id = self.env["survey.survey"].create({"title": "Nothing"})
        enrolment = self._begin()
        with self.assertRaisesRegex(UserError, "no points"):
            enrolment.action_take_exam()

    # -- who ------------------------------------------------------------------------------

    def test_nobody_takes_it_for_another(self):
        enrolment = self._begin()
        for user in (self.officer, self.hr, self.manager_user):
            with self.assertRaises(UserError):
                enrolment.with_user(user).action_take_exam()
            with self.assertRaisesRegex(UserError, "has a login"):
                enrolment.with_user(user).action_open_exam()
        with self.assertRaises(AccessError):
            enrolment.with_user(self.colleague).action_take_exam()
        attempt = self._start(enrolment)
        for question in attempt.predefined_question_ids:
            attempt._save_lines(question, self._choice(question))
        attempt.with_user(self.officer).sudo()._mark_done()
        row = self._attempts(enrolment)
        self.assertEqual((row.score, row.passed, enrolment.exam_attempts_done), (0, False, 1), "it counts, for nothing")

    def test_without_login_in_the_session_of_the_trainer(self):
        enrolment = self._begin(self.cleaner, trainer_id=self.trainer.id)
        for user, can in (
            (self.officer, True), (self.hr, True), (self.trainer_user, True), (self.manager_user, False),
        ):  # fmt: skip
            self.assertEqual(enrolment.with_user(user).exam_can_open if user != self.manager_user else False, can)
        for user in (self.manager_user, self.user, self.certifier):
            with self.assertRaises(AccessError):
                enrolment.with_user(user).action_open_exam()
        attempt = self._start(enrolment, self.trainer_user)
        self.assertFalse(attempt.partner_id)
        self.assertEqual(attempt.sqms_invigilator_id, self.trainer_user)
        # A colleague takes over the room; the first one does not finish it any more.
        attempt = self._start(enrolment, self.officer)
        self.assertEqual(attempt.sqms_invigilator_id, self.officer)
        self._answer(attempt)
        row = self._attempts(enrolment)
        self.assertEqual((row.passed, row.invigilator_id, row.score), (True, self.officer, 100))
        # From the pages no further attempt is begun.
        copied, token = enrolment.sudo().exam_id.copy_id, enrolment.sudo().exam_token
        with self.assertRaises(UserError):
            copied.with_user(self.officer).sudo()._create_answer(user=self.officer, invite_token=token)

    def test_nobody_opens_his_own(self):
        employee = self.officer_employee
        enrolment = self._begin(employee)
        employee.user_id = False
        self.assertTrue(enrolment.with_user(self.hr).exam_can_open)
        employee.user_id = self.officer
        self.assertFalse(enrolment.with_user(self.officer).exam_can_open)
        with self.assertRaises(UserError):
            enrolment.with_user(self.officer).action_open_exam()

    # -- ways round it ---------------------------------------------------------------------

    def test_pools(self):
        enrolment = self._begin()
        other = self._begin(self.other)
        self._start(other, self.colleague)
        self._start(enrolment)
        exam, token = enrolment.sudo().exam_id, enrolment.sudo().exam_token
        self.assertEqual(exam, other.sudo().exam_id, "the same questions for all who begin under the same conditions")
        copied = exam.copy_id.with_user(self.user).sudo()
        foreign = other.sudo().exam_token
        for user, partner, given in (
            (self.user, False, False),  # without a token: a pool of its own
            (self.user, False, "guessed"),
            (self.user, False, foreign),
            (self.user, self.colleague.partner_id, token),
            (self.colleague, False, foreign),  # not the one who asks
            (False, self.user.partner_id, token),
            (False, False, token),
            (self.user, False, token),  # a second one beside the one under way
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                copied._create_answer(user=user, partner=partner, invite_token=given, sqms_enrolment_id=enrolment.id)
        self.assertEqual((copied.access_mode, copied.users_login_required), ("token", True))
        self.assertEqual(copied._get_number_of_attempts_lefts(self.user.partner_id, False, "guessed"), 0)

    def test_attempts_made_beforehand_do_not_count_beyond_the_limit(self):
        enrolment = self._begin()
        first = self._start(enrolment)
        # Behind all guards, as a faulty addon might: four further attempts in the same pool.
        more = [
            self.env["survey.user_input"]
            .with_user(self.user)
            .sudo()
            .create(
                {
                    "survey_id": first.survey_id.id,
                    "partner_id": self.user.partner_id.id,
                    "invite_token": first.invite_token,
                    "sqms_enrolment_id": enrolment.id,
                    "state": "done",
                }
            )
            for _number in range(4)
        ]
        self._answer(first, right=False)
        for attempt in more:
            self.env.cr.execute("UPDATE survey_user_input SET state = 'in_progress' WHERE id = %s", [attempt.id])
            self.env.invalidate_all()
            self._answer(attempt)
            break
        self.assertTrue(enrolment.exam_passed_at, "the second attempt is a lawful one")
        for attempt in more[1:]:
            self.env.cr.execute("UPDATE survey_user_input SET state = 'in_progress' WHERE id = %s", [attempt.id])
            self.env.invalidate_all()
            self._answer(attempt)
        self.assertEqual((len(self._attempts(enrolment)), enrolment.exam_attempts_done), (2, 2))

    def test_told_twice_counts_once(self):
        enrolment = self._begin()
        attempt = self._start(enrolment)
        self._answer(attempt, right=False)
        attempt._mark_done()
        enrolment.sudo()._exam_attempted(attempt)
        enrolment.sudo()._exam_done(100, True, attempt)
        self.env.invalidate_all()
        self.assertEqual((enrolment.exam_attempts_done, enrolment.exam_passed_at), (1, False))
        for question in attempt.predefined_question_ids:
            with self.assertRaisesRegex(UserError, "finished"):
                attempt._save_lines(question, self._choice(question))

    def test_never_above_one_hundred_nor_by_repetition(self):
        enrolment = self._begin()
        attempt = self._start(enrolment)
        simple, multiple = attempt.predefined_question_ids
        right, also, wrong = multiple.suggested_answer_ids
        attempt._save_lines(simple, self._choice(simple))
        attempt._save_lines(multiple, [str(right.id)] * 9 + [str(wrong.id)])
        # And past the pages, straight into the lines.
        line = {"user_input_id": attempt.id, "question_id": multiple.id, "answer_type": "suggestion"}
        self.env["survey.user_input.line"].sudo().create([{**line, "suggested_answer_id": right.id}] * 5)
        attempt._mark_done()
        row = self._attempts(enrolment)
        self.assertAlmostEqual(row.score, round(15 / 30 * 100, 2))
        self.assertFalse(row.passed)
        self.assertGreater(attempt.scoring_percentage, 100, "the survey itself is more than content")
        self.assertTrue(also)

    def test_what_is_done_to_the_answers_later_changes_nothing(self):
        enrolment = self._begin()
        attempt = self._start(enrolment)
        self._answer(attempt)
        attempt.user_input_line_ids.sudo().unlink()
        self.assertEqual((enrolment.exam_score, self._attempts(enrolment).score), (100, 100))
        row = self._attempts(enrolment)
        for own in (*(row.with_user(user) for user in (self.officer, self.hr, self.user)), row.sudo()):
            for attempted in (
                lambda own: own.write({"score": 1}),
                lambda own: own.unlink(),
                lambda own: own.with_context(_force_unlink=True).unlink(),
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    attempted(own)
        with self.assertRaises(AccessError):
            row.with_user(self.officer).copy()

    def test_time(self):
        self.survey.write({"is_time_limited": True, "time_limit": 10})
        enrolment = self._begin()
        for minutes, passed in ((11, False), (10, True)):
            attempt = self._start(enrolment)
            for question in attempt.predefined_question_ids:
                attempt._save_lines(question, self._choice(question))
            attempt.start_datetime = fields.Datetime.now() - timedelta(minutes=minutes)
            attempt._mark_done()
            row = self._attempts(enrolment)[-1]
            self.assertEqual((row.is_late, row.passed, row.score), (not passed, passed, 100))
        self.assertTrue(enrolment.exam_passed_at)
        never_begun = self._begin(self.other)
        attempt = self._start(never_begun, self.colleague)
        attempt._mark_done()
        self.assertTrue(self._attempts(never_begun).is_late)

    # -- frozen ---------------------------------------------------------------------------------

    def test_later_edits_are_for_those_who_begin_later(self):
        enrolment = self._begin()
        attempt = self._start(enrolment)
        exam = enrolment.sudo().exam_id
        self.survey.question_ids[1].suggested_answer_ids.answer_score = 0
        self.survey.question_ids[0].title = "Easier"
        self.course.write({"exam_pass_percent": 1, "exam_attempts": 9})
        self._answer(attempt, right=False)
        self.assertIn("one attempt left", enrolment.exam_words)
        self._answer(self._start(enrolment))
        self.assertEqual(self._attempts(enrolment)[-1].score, 100)
        later = self._begin(self.other)
        self._start(later, self.colleague)
        self.assertNotEqual(later.sudo().exam_id, exam)
        self.assertEqual((later.sudo().exam_id.pass_percent, later.sudo().exam_id.attempts), (1, 9))
        question = exam.copy_id.question_ids[0]
        for user in (self.officer, self.env.ref("base.user_admin"), self.env.ref("base.user_root")):
            for attempted in (
                lambda own: exam.copy_id.with_user(own).write({"scoring_success_min": 1}),
                lambda own: question.with_user(own).write({"title": "Easier"}),
                lambda own: question.suggested_answer_ids.with_user(own).write({"answer_score": 1}),
                lambda own: exam.copy_id.with_user(own).unlink(),
                lambda own: exam.with_user(own).write({"pass_percent": 1}),
                lambda own: exam.with_user(own).unlink(),
                lambda own: enrolment.with_user(own).write({"exam_id": later.sudo().exam_id.id}),
                lambda own: enrolment.with_user(own).write({"exam_token": "mine"}),
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    attempted(user)

    def test_questions_changed_behind_the_guards_are_not_passed(self):
        enrolment = self._begin()
        attempt = self._start(enrolment)
        self.env.cr.execute(
            "UPDATE survey_question SET title = jsonb_build_object('en_US', 'Easier') WHERE id = %s",
            [attempt.predefined_question_ids[0].id],
        )
        self.env.invalidate_all()
        self._answer(attempt)
        self.assertFalse(enrolment.exam_passed_at)

    # -- who sees what ----------------------------------------------------------------------------

    def test_results_are_seen_through_the_enrolment(self):
        enrolment = self._begin(trainer_id=self.trainer.id)
        self._answer(self._start(enrolment), right=False)
        for user in (self.user, self.manager_user, self.trainer_user, self.officer, self.hr, self.certifier):
            rows = self.env["sqms.training.exam.attempt"].with_user(user).search([("enrolment_id", "=", enrolment.id)])
            self.assertEqual(rows.mapped("score"), [0], user.login)
            with self.assertRaises(AccessError):
                rows.read(["input_id"])
        self.assertFalse(self.env["sqms.training.exam.attempt"].with_user(self.colleague).search([]))
        attempt = self._attempts(enrolment).sudo().input_id
        for user in (self.user, self.colleague, self.trainer_user, self.officer):
            with self.assertRaises(AccessError):
                self.env["survey.user_input"].with_user(user).browse(attempt.id).read(["state"])
        with self.assertRaises(AccessError):
            enrolment.read(["exam_token"])
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("t_stranger", "sqms_training.group_training_officer")
        stranger.write({"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id})
        self.assertFalse(self.env["sqms.training.exam.attempt"].with_user(stranger).search([]))
        self.assertFalse(self.env["sqms.training.exam"].with_user(stranger).search([]))

    def test_words_of_many_cost_what_those_of_one_cost(self):
        people = self.env["hr.employee"].create(
            [{"name": f"Pupil {number}", "company_id": self.company.id} for number in range(12)]
        )
        _session, enrolments = self._running(people)
        counts = []
        for some in (enrolments[:6], enrolments):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.mapped("exam_words")
            some.mapped("exam_last_score")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
