import json

from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import DocumentCase, password_of
from .common_quiz import RIGHT, WRONG, QuizCase


@tagged("post_install", "-at_install")
class TestQuizWeb(QuizCase, HttpCase):
    """The quiz through its pages, as the browser asks for them."""

    def _take(self, user, *words):
        self.authenticate(user.login, password_of(user))
        url = self.reading.with_user(user).action_take_quiz()["url"]
        page = self.url_open(url)
        self.assertEqual(page.status_code, 200)
        attempt = self.env["survey.user_input"].search(
            [("sqms_acknowledgement_id", "=", self.reading.id), ("state", "!=", "done")]
        )
        base = f"{attempt.survey_id.access_token}/{attempt.access_token}"
        self._call(f"/survey/begin/{base}")
        answers = {
            str(question.id): str(question.suggested_answer_ids.filtered(lambda row, word=word: row.value == word).id)
            for question, word in zip(attempt.predefined_question_ids, words, strict=True)
        }
        return attempt, self._call(f"/survey/submit/{base}", **answers)

    def _call(self, url, **params):
        response = self.url_open(
            url, data=json.dumps({"jsonrpc": "2.0", "params": params}), headers={"Content-Type": "application/json"}
        )
        self.env.invalidate_all()
        return str(response.json())

    def test_from_the_reading_to_the_quiz_and_back(self):
        attempt, page = self._take(self.plain, RIGHT, WRONG)
        self.assertIn(f"/odoo/sqms-readings/{self.reading.id}", page)
        self.assertNotIn("to confirm it", page)
        self.assertFalse(self.reading.quiz_passed)
        _attempt, page = self._take(self.plain, RIGHT, RIGHT)
        self.assertIn("to confirm it", page)
        self.assertTrue(self.reading.quiz_passed)
        self.assertEqual(self.reading.quiz_attempt, 2)
        self.reading.action_transition("acknowledge")

        # A finished attempt is not answered again, and nobody looks at the right answers afterwards.
        base = f"{attempt.survey_id.access_token}/{attempt.access_token}"
        self._call(f"/survey/submit/{base}")
        self.assertEqual(self.reading.quiz_score, 100)
        printed = self.url_open(f"/survey/print/{attempt.survey_id.access_token}?answer_token={attempt.access_token}")
        self.assertNotIn("bg-success", printed.text)

    def test_questions_are_not_printed_in_peace_before_they_are_answered(self):
        self.authenticate(self.plain.login, password_of(self.plain))
        self.reading.action_take_quiz()
        attempt = self.env["survey.user_input"].search([("sqms_acknowledgement_id", "=", self.reading.id)])
        address = f"/survey/print/{attempt.survey_id.access_token}?answer_token={attempt.access_token}"
        self.assertNotIn("When is it refunded", self.url_open(address).text)
        self._answer(attempt.with_user(self.plain).sudo(), RIGHT, WRONG)
        self.assertIn("When is it refunded", self.url_open(address).text)

    def test_nobody_takes_it_for_another(self):
        self.reading.action_take_quiz()
        attempt = self.env["survey.user_input"].search([("sqms_acknowledgement_id", "=", self.reading.id)])
        base = f"{attempt.survey_id.access_token}/{attempt.access_token}"
        right = {
            str(question.id): str(question.suggested_answer_ids[0].id) for question in attempt.predefined_question_ids
        }
        for user in (self.manager, None):
            if user:
                self.authenticate(user.login, password_of(user))
            else:
                self.authenticate(None, None)
            self._call(f"/survey/begin/{base}")
            self._call(f"/survey/submit/{base}", **right)
            self.url_open(f"/survey/start/{attempt.survey_id.access_token}")
            self.url_open(f"/survey/retry/{base}")
        self.assertEqual((attempt.state, self.reading.quiz_attempt), ("new", 0))
        found = self.env["survey.user_input"].search([("survey_id", "=", attempt.survey_id.id)])
        self.assertEqual(found, attempt)


@tagged("post_install", "-at_install")
class TestReaderWeb(DocumentCase, HttpCase):
    """Files and old links, over HTTP, for a plain employee."""

    def test_files_follow_the_edition_and_the_audience(self):
        def edition(name, **choice):
            file = (
                self.env["ir.attachment"].with_user(self.officer).create({"name": f"{name}.txt", "raw": name.encode()})
            )
            document = self._create_document(name, audience="chosen", **choice)
            return self._approve(self._create_draft(document, file_ids=[Command.set(file.ids)]))

        mine = edition("mine", department_ids=[Command.set(self.desk.ids)])
        foreign = edition("foreign", department_ids=[Command.set(self.workshop.ids)])
        self.authenticate(self.plain.login, password_of(self.plain))
        for version, status in ((mine, 200), (foreign, 404)):
            file = version.sudo().file_ids
            self.assertEqual(self.url_open(f"/web/content/{file.id}?download=1").status_code, status, version.title)
            link = self.url_open(f"/quality/document/{version.document_id.id}", allow_redirects=False)
            self.assertEqual(link.status_code == 404, status == 404)
        self.authenticate(None, None)
        self.assertEqual(self.url_open(f"/web/content/{mine.sudo().file_ids.id}").status_code, 404)
