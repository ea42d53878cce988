from threading import Event, Thread

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.orm.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

QUESTION = {
    "title": "You smell gas",
    "question_type": "simple_choice",
    "suggested_answer_ids": [
        (0, 0, {"value": "Close the valve", "is_correct": True, "answer_score": 10}),
        (0, 0, {"value": "Light a match"}),
    ],
}


@tagged("post_install", "-at_install", "sqms_alone")
class TestExamTogether(TransactionCase):
    """Two browsers of one person, really at the same time: cursors of their own, committed, cleaned away."""

    def setUp(self):
        super().setUp()
        # The test runner holds the lock on the registries, for which the second request would wait for ever.
        self.patch(Registry, "_lock", DummyRLock())
        self.made = {}
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "lang": "en_US"})
            user = env["res.users"].create(
                {"name": "Together", "login": "t_together", "group_ids": [(6, 0, env.ref("base.group_user").ids)]}
            )
            employee = env["hr.employee"].create({"name": "Together", "user_id": user.id})
            survey = env["survey.survey"].create(
                {
                    "title": "Together",
                    "scoring_type": "scoring_without_answers",
                    "questions_layout": "one_page",
                    "question_and_page_ids": [(0, 0, QUESTION)],
                }
            )
            course = env["sqms.training.course"].create(
                {"name": "Together", "exam_survey_id": survey.id, "exam_pass_percent": 100, "exam_attempts": 1}
            )
            enrolment = course._enrol(employee)
            enrolment.action_transition("start")
            self.ids = {
                "res_users": user.id, "res_partner": user.partner_id.id, "hr_employee": employee.id,
                "survey": survey.id, "course": course.id, "enrolment": enrolment.id,
            }  # fmt: skip
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        ids = self.ids
        with self.registry.cursor() as cr:
            cr.execute("SELECT copy_id FROM sqms_training_exam WHERE course_id = %s", [ids["course"]])
            surveys = [ids["survey"], *(row[0] for row in cr.fetchall())]
            for statement, value in (
                ("DELETE FROM sqms_training_exam_attempt WHERE enrolment_id = %s", ids["enrolment"]),
                ("DELETE FROM survey_user_input WHERE sqms_enrolment_id = %s", ids["enrolment"]),
                ("DELETE FROM sqms_training_enrolment WHERE id = %s", ids["enrolment"]),
                ("DELETE FROM sqms_training_exam WHERE course_id = %s", ids["course"]),
                ("DELETE FROM sqms_training_course WHERE id = %s", ids["course"]),
                ("DELETE FROM survey_survey WHERE id = ANY(%s)", surveys),
            ):
                cr.execute(statement, [value])
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["hr.employee"].browse(ids["hr_employee"]).unlink()
            env["res.users"].browse(ids["res_users"]).unlink()
            env["res.partner"].browse(ids["res_partner"]).unlink()

    def _env(self, cr):
        user = self.ids["res_users"]
        return api.Environment(cr, user, {"tracking_disable": True, "lang": "en_US"})

    def _request(self, step, outcome, before=None):
        """As the request layer does it: once more on a new snapshot when the database says so."""
        with self.registry.cursor() as cr, mute_logger("odoo.sql_db", "odoo.service.model"):
            env = self._env(cr)
            if before:
                env["sqms.training.enrolment"].browse(self.ids["enrolment"]).sudo().state  # noqa: B018
                before()
            try:
                outcome.append(retrying(lambda: step(env), env) or "done")
            except UserError as refusal:
                cr.rollback()
                outcome.append(str(refusal))

    def _both(self, step):
        """The first one works and commits while the second one, who has seen the old state, waits."""
        outcome, started = [], Event()
        with self.registry.cursor() as cr:
            step(self._env(cr))
            thread = Thread(target=self._request, args=(step, outcome, started.set))
            thread.dbname = self.cr.dbname
            thread.start()
            self.assertTrue(started.wait(10))
            thread.join(0.3)
        thread.join(30)
        return outcome

    def test_two_begin_at_once_and_two_hand_in_at_once(self):
        def begin(env):
            return env["sqms.training.enrolment"].browse(self.ids["enrolment"]).action_take_exam()["url"]

        def inputs(env):
            return env["survey.user_input"].sudo().search([("sqms_enrolment_id", "=", self.ids["enrolment"])])

        outcome = self._both(begin)
        with self.registry.cursor() as cr:
            attempt = inputs(self._env(cr))
            self.assertEqual(len(attempt), 1)
            self.assertEqual(outcome, [attempt.get_start_url()])
            question = attempt.predefined_question_ids
            attempt._mark_in_progress()
            attempt._save_lines(question, str(question.suggested_answer_ids[1].id))

        def hand_in(env):
            return inputs(env)._mark_done()

        self._both(hand_in)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            enrolment = env["sqms.training.enrolment"].browse(self.ids["enrolment"])
            self.assertEqual((enrolment.exam_attempts_done, len(enrolment.exam_attempt_ids)), (1, 1))
            self.assertEqual(enrolment.state, "failed")
