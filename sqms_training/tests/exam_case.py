from odoo import Command

from .training_case import TrainingCase

RIGHT, WRONG = "Close the valve", "Light a match"


class ExamCase(TrainingCase):
    """A course whose exam has two questions, 100 % to pass, two attempts; one pupil with a login, one without."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls._create_survey()
        cls.course.write({"exam_survey_id": cls.survey.id, "exam_pass_percent": 100, "exam_attempts": 2})
        cls.cleaner = cls._create_employee("Sun Mei")

    @classmethod
    def _create_survey(cls, **values):
        return cls.env["survey.survey"].create(
            {
                "title": "Gas: what to do",
                "scoring_type": "scoring_without_answers",
                "questions_layout": "one_page",
                "question_and_page_ids": [
                    Command.create(
                        {
                            "title": f"You smell gas ({kind})",
                            "question_type": kind,
                            "suggested_answer_ids": [
                                Command.create({"value": RIGHT, "is_correct": True, "answer_score": 10}),
                                Command.create({"value": "Open windows", "is_correct": True, "answer_score": 10})
                                if kind == "multiple_choice"
                                else Command.create({"value": "Wait"}),
                                Command.create({"value": WRONG, "answer_score": -5}),
                            ],
                        }
                    )
                    for kind in ("simple_choice", "multiple_choice")
                ],
                **values,
            }
        )

    def _begin(self, employee=None, **values):
        """An enrolment under way, as the pupil sees it."""
        if values:
            _session, enrolment = self._running(employee or self.employee, **values)
        else:
            enrolment = self._enrol(employee or self.employee).with_user(self.officer)
            enrolment.action_transition("start")
        return enrolment.with_user(employee.user_id or self.officer if employee else self.user).sudo(False)

    def _start(self, enrolment, user=None):
        """An attempt as the pages hold it: the superuser, in the name of who sits there."""
        user = user or self.user
        own = enrolment.with_user(user)
        own.action_take_exam() if own.sudo().employee_id.user_id else own.action_open_exam()
        return enrolment.with_user(user).sudo()._exam_begun()

    def _answer(self, attempt, right=True):
        attempt._mark_in_progress()
        for question in attempt.predefined_question_ids:
            attempt._save_lines(question, self._choice(question, right))
        attempt._mark_done()
        self.env.invalidate_all()

    def _choice(self, question, right=True):
        chosen = question.suggested_answer_ids.filtered(
            lambda answer: answer.answer_score > 0 if right else answer.value == WRONG
        )
        return [str(answer.id) for answer in chosen] if question.question_type == "multiple_choice" else str(chosen.id)

    def _attempts(self, enrolment):
        self.env.invalidate_all()
        return self.env["sqms.training.exam.attempt"].search([("enrolment_id", "=", enrolment.id)], order="number")
