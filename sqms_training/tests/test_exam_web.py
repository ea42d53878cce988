import json

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .exam_case import ExamCase


@tagged("post_install", "-at_install")
class TestExamWeb(ExamCase, HttpCase):
    """The exam over HTTP, as the browser asks for its pages, and as somebody does who writes the requests himself."""

    def _login(self, user):
        self.authenticate(user.login, user.login)

    def _call(self, route, attempt, **params):
        with mute_logger("odoo.http"):
            response = self.url_open(
                f"{route}/{attempt.survey_id.access_token}/{attempt.access_token}",
                data=json.dumps({"jsonrpc": "2.0", "params": params}),
                headers={"Content-Type": "application/json"},
            )
        self.env.invalidate_all()
        return str(response.json())

    def _right(self, attempt, right=True):
        return {str(question.id): self._choice(question, right) for question in attempt.predefined_question_ids}

    def test_taken_on_its_pages(self):
        enrolment = self._begin()
        self._login(self.user)
        action = enrolment.action_take_exam()
        attempt = enrolment.sudo()._exam_begun()
        printed = f"/survey/print/{attempt.survey_id.access_token}?answer_token={attempt.access_token}"
        self.assertNotIn("You smell gas", self.url_open(printed).text)
        self.assertEqual(self.url_open(action["url"]).status_code, 200)
        self._call("/survey/begin", attempt)
        page = self._call("/survey/submit", attempt, **self._right(attempt, right=False))
        self.assertIn("Not passed", page)
        self.assertIn("Attempts left", page)
        self.assertIn(f"/odoo/sqms-my-training/{enrolment.id}", page)
        # A replayed request, and answers after the end.
        for _number in range(3):
            self._call("/survey/submit", attempt, **self._right(attempt))
        self.assertEqual((enrolment.exam_attempts_done, enrolment.exam_passed_at), (1, False))
        # Retry, twice: one attempt.
        for _number in range(2):
            self.url_open(f"/survey/retry/{attempt.survey_id.access_token}/{attempt.access_token}")
            self.env.invalidate_all()
        mine = self.env["survey.user_input"].search([("sqms_enrolment_id", "=", enrolment.id)])
        self.assertEqual(len(mine), 2)
        second = mine - attempt
        self._call("/survey/begin", second)
        page = self._call("/survey/submit", second, **self._right(second))
        self.assertIn("Passed", page)
        self.assertNotIn("/survey/retry/", page)
        self.assertEqual((enrolment.exam_attempts_done, enrolment.exam_score), (2, 100))
        # Nothing further is begun.
        self.url_open(f"/survey/retry/{second.survey_id.access_token}/{second.access_token}")
        self.url_open(f"/survey/start/{second.survey_id.access_token}")
        self.assertEqual(self.env["survey.user_input"].search_count([("sqms_enrolment_id", "=", enrolment.id)]), 2)

    def test_one_right_answer_four_times(self):
        enrolment = self._begin()
        self._login(self.user)
        enrolment.action_take_exam()
        attempt = enrolment.sudo()._exam_begun()
        simple, multiple = attempt.predefined_question_ids
        self._call("/survey/begin", attempt)
        once = str(multiple.suggested_answer_ids[0].id)
        self._call("/survey/submit", attempt, **{
            str(simple.id): self._choice(simple, False), str(multiple.id): [once] * 4,
        })  # fmt: skip
        row = self._attempts(enrolment)
        self.assertEqual((row.passed, row.score), (False, 16.67))
        self.assertLessEqual(attempt.scoring_percentage, 100)

    def test_answers_of_other_questions_are_not_taken(self):
        enrolment = self._begin()
        self._login(self.user)
        enrolment.action_take_exam()
        attempt = enrolment.sudo()._exam_begun()
        simple, multiple = attempt.predefined_question_ids
        self._call("/survey/begin", attempt)
        source = self.survey.question_ids[0].suggested_answer_ids[0]
        for answers in (
            {str(simple.id): str(multiple.suggested_answer_ids[0].id), str(multiple.id): []},
            {str(simple.id): str(source.id), str(multiple.id): []},
            {str(simple.id): "x", str(multiple.id): []},
        ):
            self.assertIn("error", self._call("/survey/submit", attempt, **answers))
        self.assertFalse(self._attempts(enrolment))

    def test_no_way_in_for_anybody_else(self):
        enrolment = self._begin()
        own = self._start(enrolment)
        kiosk = self._start(self._begin(self.cleaner), self.officer)
        self.env.flush_all()
        for user in (self.colleague, self.hr, None):
            self._login(user) if user else self.authenticate(None, None)
            for attempt in (own, kiosk):
                if not user and attempt == own:
                    continue  # answered with the page that asks for the login
                self._call("/survey/begin", attempt)
                self._call("/survey/submit", attempt, **self._right(attempt))
                self.url_open(f"/survey/start/{attempt.survey_id.access_token}")
                self.url_open(f"/survey/retry/{attempt.survey_id.access_token}/{attempt.access_token}")
        self.env.invalidate_all()
        self.assertEqual((own.state, kiosk.state), ("new", "new"))
        self.assertEqual(self.env["survey.user_input"].search_count([("survey_id", "=", own.survey_id.id)]), 2)

    def test_without_login_at_the_screen_of_the_officer(self):
        enrolment = self._begin(self.cleaner)
        self._login(self.officer)
        action = enrolment.with_user(self.officer).action_open_exam()
        attempt = enrolment.with_user(self.officer).sudo()._exam_begun()
        page = self.url_open(action["url"])
        self.assertIn("Sun Mei", page.text)
        self._call("/survey/begin", attempt)
        page = self._call("/survey/submit", attempt, **self._right(attempt, right=False))
        self.assertNotIn("/survey/retry/", page)
        self.assertIn("Sun Mei", page)
        self.assertEqual(enrolment.exam_attempts_done, 1)
        self.url_open(f"/survey/retry/{attempt.survey_id.access_token}/{attempt.access_token}")
        self.assertFalse(enrolment.sudo()._exam_begun(), "a further attempt is opened from the enrolment")
