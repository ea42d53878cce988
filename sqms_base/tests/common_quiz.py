from datetime import timedelta

from odoo import Command

from .common import NOON, DocumentCase

RIGHT, WRONG = "The same day", "Next week"


class QuizCase(DocumentCase):
    """A document whose readers pass a quiz of two questions, two attempts each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.env["survey.survey"].create(
            {
                "title": "Do you know the refund procedure?",
                "scoring_type": "scoring_without_answers",
                "questions_layout": "one_page",
                "question_and_page_ids": [
                    Command.create(
                        {
                            "title": f"When is it refunded? ({number})",
                            "question_type": "simple_choice",
                            "suggested_answer_ids": [
                                Command.create({"value": RIGHT, "is_correct": True, "answer_score": 10}),
                                Command.create({"value": WRONG}),
                            ],
                        }
                    )
                    for number in range(2)
                ],
            }
        )
        cls.document = cls._create_document(audience="chosen", employee_ids=[Command.set(cls.employee.ids)])
        cls.version = cls._approve(
            cls._create_draft(cls.document, quiz_survey_id=cls.survey.id, quiz_attempts=2, quiz_pass_percent=100)
        )
        cls.reading = cls.version.sudo().acknowledgement_ids.with_user(cls.plain).sudo(False)

    def _start(self, reading=None, user=None):
        """An attempt as the page of the quiz holds it: the superuser, in the name of the person."""
        user = user or self.plain
        reading = (reading or self.reading).with_user(user)
        reading.action_take_quiz()
        return (
            self.env["survey.user_input"]
            .with_user(user)
            .sudo()
            .search([("sqms_acknowledgement_id", "=", reading.id), ("state", "!=", "done")])
        )

    def _answer(self, attempt, *words):
        """Submit these answers, one for each question, as the controller does."""
        for question, word in zip(attempt.predefined_question_ids, words, strict=True):
            chosen = question.suggested_answer_ids.filtered(lambda answer, word=word: answer.value == word)
            attempt._save_lines(question, str(chosen.id))
        attempt._mark_done()
        self.env.invalidate_all()

    def _pass(self, reading=None, user=None):
        self._answer(self._start(reading, user), RIGHT, RIGHT)

    def _fail(self, reading=None, user=None):
        self._answer(self._start(reading, user), RIGHT, WRONG)

    def _in_an_hour(self):
        return NOON + timedelta(hours=1)
