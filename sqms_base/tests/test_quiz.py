from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import sign_step
from .common_quiz import RIGHT, WRONG, QuizCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestQuiz(QuizCase):
    """No confirmation without the quiz, and no way round it."""

    # -- the way of an honest reader -------------------------------------------------

    def test_pass_then_confirm(self):
        self.assertEqual(self.reading.transitions()[0]["reason"], "please pass the quiz first")
        with self.assertRaisesRegex(UserError, "pass the quiz first"):
            self.reading.action_transition("acknowledge")
        self._pass()
        self.assertEqual((self.reading.quiz_passed, self.reading.quiz_score, self.reading.quiz_attempt), (True, 100, 1))
        self.assertEqual(self.reading.quiz_passed_percent, 100)
        self.assertEqual(self.reading.quiz_passed_digest, self.version.quiz_digest)
        self.reading.action_transition("acknowledge")
        self.assertEqual(self.reading.state, "done")
        events = [entry.event for entry in self.reading.sqms_history()]
        self.assertIn("quiz", events)

    def test_an_attempt_that_was_broken_off_goes_on(self):
        first = self._start()
        self.assertEqual(self._start(), first)
        self.assertEqual(self.reading.quiz_attempt, 0)

    def test_attempts_run_out_and_the_owner_grants_more(self):
        self._fail()
        self.assertEqual((self.reading.quiz_passed, self.reading.quiz_left), (False, 1))
        retry = (
            self.version.quiz_copy_id.with_user(self.plain)
            .sudo()
            ._create_answer(user=self.plain, invite_token=self.reading.sudo().quiz_token)
        )  # the button "Retry" of the page
        self.assertEqual(retry.sqms_acknowledgement_id, self.reading)
        self._answer(retry, WRONG, WRONG)
        self.assertEqual(self.reading.quiz_left, 0)
        with self.assertRaisesRegex(UserError, "no attempt is left"):
            self.reading.action_take_quiz()
        with self.assertRaisesRegex(UserError, "attempts left"):
            self.version.quiz_copy_id.sudo()._create_answer(
                user=self.plain, invite_token=self.reading.sudo().quiz_token
            )
        told = self.version.activity_ids.filtered(lambda activity: activity.user_id == self.document.owner_id)
        self.assertIn("Plain", told.summary)
        self.document.sudo().owner_id = self.top
        grant = self.env["sqms.quiz.grant"]
        values = {"acknowledgement_ids": [Command.set(self.reading.ids)], "attempts": 1}
        for user, reason in ((self.plain, "me"), (self.certifier, "please"), (self.top, " ")):
            with self.assertRaises(UserError), self.cr.savepoint():
                grant.with_user(user).create({**values, "reason": reason}).action_grant()
        for user in (self.plain, self.top, self.officer):
            with self.assertRaises(UserError), self.cr.savepoint():
                self.reading.with_user(user).write({"quiz_granted": 9})
        grant.with_user(self.top).create({**values, "reason": "The line broke down"}).action_grant()
        entry = self.reading.sqms_history().filtered(lambda row: row.event == "attempts granted")
        self.assertEqual(entry.sudo().user_id, self.top.id)
        self._pass()
        self.assertEqual((self.reading.quiz_passed, self.reading.quiz_attempt), (True, 3))
        with self.assertRaises(UserError):
            grant.with_user(self.top).create({**values, "reason": "Again"}).action_grant()

    # -- ways round it ------------------------------------------------------------------

    def test_only_the_person_himself_with_his_own_attempt(self):
        for user in (self.officer, self.manager, self.env.ref("base.user_admin")):
            with self.assertRaises(UserError):
                self.reading.with_user(user).action_take_quiz()
        attempt = self._start()
        attempt.with_user(self.manager).sudo()._mark_done()
        self.env.invalidate_all()
        self.assertEqual((self.reading.quiz_attempt, self.reading.quiz_passed), (0, False))
        copied = self.version.quiz_copy_id.sudo()
        token = self.reading.sudo().quiz_token
        for user, given in ((self.manager, token), (self.plain, "guessed"), (self.plain, False), (False, token)):
            with self.assertRaises(UserError):
                copied._create_answer(user=user, invite_token=given)
        with self.assertRaises(UserError):
            copied._create_answer(user=self.plain, partner=self.manager.partner_id, invite_token=token)
        self.assertEqual(copied.access_mode, "token")
        self.assertTrue(copied.users_login_required)

    def test_test_entries_and_other_surveys_count_for_nothing(self):
        copied = self.version.quiz_copy_id.sudo()
        self._start()
        trial = (
            copied.with_user(self.officer)
            .sudo()
            ._create_answer(user=self.officer, test_entry=True, sqms_acknowledgement_id=self.reading.id)
        )
        self.assertFalse(trial.sqms_acknowledgement_id)
        self._answer(trial, RIGHT, RIGHT)
        survey = self.survey.with_user(self.plain).sudo()
        other = survey._create_answer(
            user=self.plain, invite_token=self.reading.sudo().quiz_token, sqms_acknowledgement_id=self.reading.id
        )
        self._answer(other, RIGHT, RIGHT)
        self.assertFalse(self.reading.quiz_passed)
        self.assertEqual(self.reading.quiz_attempt, 0)

    def test_answers_are_not_written_by_hand(self):
        keeper = self._create_user("survey_manager", "base.group_user,survey.group_survey_manager")
        self.employee.user_id = False
        own = self._create_employee("Keeper", user_id=keeper.id)
        self.document.sudo().employee_ids = [Command.set(own.ids)]
        reading = self.version.sudo().acknowledgement_ids.filtered(lambda row: row.employee_id == own)
        attempt = self._start(reading.sudo(False), keeper)
        question = attempt.predefined_question_ids[0]
        line = {"user_input_id": attempt.id, "question_id": question.id, "answer_type": "suggestion",
                "suggested_answer_id": question.suggested_answer_ids[0].id, "answer_score": 100}  # fmt: skip
        inputs, lines = (self.env[name].with_user(keeper) for name in ("survey.user_input", "survey.user_input.line"))
        attempt._save_lines(question, str(question.suggested_answer_ids[1].id))
        stray = inputs.create({"survey_id": self.survey.id})
        for attempted in (
            lambda: lines.create(line),
            lambda: lines.browse(attempt.user_input_line_ids.ids).write({"answer_score": 100}),
            lambda: lines.browse(attempt.user_input_line_ids.ids).unlink(),
            lambda: inputs.browse(attempt.id).write({"state": "done", "scoring_success": True}),
            lambda: inputs.browse(attempt.id).write({"sqms_acknowledgement_id": self.reading.id}),
            lambda: inputs.browse(attempt.id).unlink(),
            lambda: inputs.create({"survey_id": self.version.quiz_copy_id.id, "state": "done"}),
            lambda: inputs.create({"survey_id": self.survey.id, "sqms_acknowledgement_id": reading.id}),
            lambda: stray.write({"sqms_acknowledgement_id": reading.id}),
            lambda: stray.write({"survey_id": self.version.quiz_copy_id.id}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempted()
            self.env.invalidate_all()
        self.assertFalse(reading.quiz_passed)

    def test_ticking_everything_is_no_answer(self):
        attempt = self._start()
        for question in attempt.predefined_question_ids:
            attempt._save_lines(question, [str(answer.id) for answer in question.suggested_answer_ids])
        attempt._mark_done()
        self.assertTrue(attempt.scoring_success, "the survey itself is content")
        self.assertEqual((self.reading.quiz_passed, self.reading.quiz_score), (False, 0))

    def test_an_attempt_hears_what_was_asked_once_and_while_it_runs(self):
        attempt = self._start()
        first, second = attempt.predefined_question_ids
        other = self.survey.question_ids[0]
        for question, answer in (
            (other, str(other.suggested_answer_ids[0].id)),  # a question of another survey
            (first, str(second.suggested_answer_ids[0].id)),  # an answer to another question
            (first, "x"),
            (first, [str(other.suggested_answer_ids[0].id)]),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt._save_lines(question, answer)
        right = str(first.suggested_answer_ids[0].id)
        attempt._save_lines(first, [right, right, right])
        self.assertEqual(len(attempt.user_input_line_ids), 1)
        attempt._mark_done()
        ended = attempt.end_datetime
        self.assertEqual((attempt.scoring_percentage, self.reading.quiz_score), (50, 50))
        attempt._mark_done()
        with self.assertRaisesRegex(UserError, "finished"):
            attempt._save_lines(second, str(second.suggested_answer_ids[0].id))
        self.env.invalidate_all()
        self.assertEqual((self.reading.quiz_attempt, attempt.end_datetime), (1, ended))

    def test_fields_of_the_quiz_are_filled_in_by_it_alone(self):
        for user in (self.plain, self.officer, self.manager, self.env.ref("base.user_root")):
            for values in (
                {"quiz_passed": True}, {"quiz_score": 100}, {"quiz_attempt": -5}, {"quiz_granted": 5},
                {"quiz_passed_percent": 1}, {"quiz_passed_digest": "x"}, {"quiz_token": "mine"},
            ):  # fmt: skip
                with self.assertRaises(UserError), self.cr.savepoint():
                    self.reading.with_user(user).write(values)
        with self.assertRaises(AccessError):
            self.reading.read(["quiz_token"])

    # -- what is fixed with the edition ---------------------------------------------------

    def test_later_edits_change_nothing(self):
        self.survey.scoring_success_min = 1
        self.survey.question_ids.suggested_answer_ids.answer_score = 50
        self.survey.question_ids[0].title = "Easier"
        copied = self.version.quiz_copy_id.sudo()
        self.assertEqual(copied._sqms_digest(), self.version.quiz_digest)
        question, answer = copied.question_ids[0], copied.question_ids[0].suggested_answer_ids[0]
        for user in (self.officer, self.env.ref("base.user_admin"), self.env.ref("base.user_root")):
            for attempted in (
                lambda own: copied.with_user(own).write({"scoring_success_min": 1}),
                lambda own: copied.with_user(own).write({"attempts_limit": 99}),
                lambda own: copied.with_user(own).write({"sqms_is_frozen": False}),
                lambda own: copied.with_user(own).action_archive(),
                lambda own: copied.with_user(own).unlink(),
                lambda own: copied.with_user(own).update_field_translations("title", {"en_US": "Other"}),
                lambda own: question.with_user(own).write({"title": "Easier"}),
                lambda own: question.with_user(own).update_field_translations("title", {"en_US": "Easier"}),
                lambda own: question.with_user(own).unlink(),
                lambda own: question.with_user(own).copy(),
                lambda own: answer.with_user(own).write({"answer_score": 0}),
                lambda own: answer.with_user(own).unlink(),
                lambda own: answer.with_user(own).copy(),
                lambda own: self.survey.question_ids[0].with_user(own).write({"survey_id": copied.id}),
                lambda own: self.version.with_user(own).write({"quiz_pass_percent": 1}),
                lambda own: self.version.with_user(own).write({"quiz_attempts": 9}),
                lambda own: self.version.with_user(own).write({"quiz_survey_id": False}),
                lambda own: self.version.with_user(own).write({"quiz_copy_id": False}),
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    attempted(user)
        self.env.invalidate_all()
        self.assertEqual(copied._sqms_digest(), self.version.quiz_digest)

    def test_questions_changed_behind_the_guards_are_not_passed(self):
        attempt = self._start()
        self.env.cr.execute(
            "UPDATE survey_question SET title = jsonb_build_object('en_US', 'Easier') WHERE id = %s",
            [attempt.predefined_question_ids[0].id],
        )
        self.env.invalidate_all()
        self._answer(attempt, RIGHT, RIGHT)
        self.assertFalse(self.reading.quiz_passed)

    def test_the_copy_is_made_for_the_review_and_goes_with_it(self):
        draft = self._create_draft(quiz_survey_id=self.survey.id)
        self.assertFalse(draft.quiz_copy_id)
        self._submit(draft)
        first, digest = draft.sudo().quiz_copy_id, draft.quiz_digest
        self.assertTrue(first.sqms_is_frozen)
        self.assertEqual(first.attempts_limit, 3)
        draft.with_user(self.manager).remarks = "Ask more"
        draft.with_user(self.manager).action_transition("return_to_author")
        self.assertFalse(draft.quiz_copy_id or first.active)
        self.survey.question_ids[0].title = "When exactly?"
        self._submit(draft)
        self.assertNotEqual(draft.quiz_digest, digest)
        self.env.cr.execute(
            "UPDATE survey_survey SET scoring_success_min = 1 WHERE id = %s", [draft.sudo().quiz_copy_id.id]
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "questions of its quiz were changed"):
            draft.with_user(self.officer).date_effective = "2026-11-24"
            sign_step(draft, "approve", self.manager)

    def test_next_edition_asks_the_survey_as_it_is_then(self):
        action = self.document.with_user(self.officer).action_new_edition()
        second = self.env["sqms.document.version"].browse(action["res_id"])
        self.assertEqual((second.quiz_survey_id, second.quiz_attempts), (self.survey, 2))
        self.assertFalse(second.quiz_copy_id or second.quiz_digest)

    def test_a_quiz_that_cannot_be_failed_or_passed_is_refused(self):
        empty = self.env["survey.survey"].create({"title": "Empty", "scoring_type": "scoring_without_answers"})
        draft = self._create_draft(quiz_survey_id=empty.id)
        with self.assertRaisesRegex(UserError, "gives no points"):
            self._submit(draft)
        for values in ({"quiz_pass_percent": 0}, {"quiz_pass_percent": 101}, {"quiz_attempts": 0},
                       {"quiz_survey_id": self.version.quiz_copy_id.id}):  # fmt: skip
            with self.assertRaises(ValidationError), self.cr.savepoint():
                draft.write({"quiz_survey_id": self.survey.id, **values})
                draft.flush_recordset()

    def test_taken_over_editions_have_their_questions_too(self):
        draft = self._create_draft(quiz_survey_id=self.survey.id).sudo()
        draft._take_over(self.manager.id, "2026-11-20 03:00:00", "2026-11-21 16:00:00")
        self.assertTrue(draft.quiz_copy_id.sqms_is_frozen and draft._is_quiz_intact())
        waiting = self._create_draft(quiz_survey_id=self.survey.id).sudo()
        waiting._take_over_in_review()
        self.assertTrue(waiting._is_quiz_intact())

    def test_officers_choose_surveys_and_see_no_answers(self):
        found = self.env["survey.survey"].with_user(self.officer).search([])
        self.assertIn(self.survey, found)
        self.assertFalse(found.filtered(lambda survey: survey.sudo().scoring_type == "no_scoring"))
        self.assertFalse(self.survey.with_user(self.officer).has_access("write"))
        with self.assertRaises(AccessError):
            self.env["survey.user_input"].with_user(self.officer).search([])
