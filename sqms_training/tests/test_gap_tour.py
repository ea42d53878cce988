from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .exam_case import ExamCase
from .plan_common import PlanCase


@tagged("post_install", "-at_install", "sqms_tour")
class TestGapTour(HttpCase, PlanCase):
    """From the gap over plan, approval, session and exam to the certificate and its page, in both languages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.other | cls.third).job_id = False
        cls.job.job_skill_ids.filtered(lambda need: need.skill_id != cls.gas).unlink()
        survey = ExamCase._create_survey.__func__(cls)
        cls.gas_course.write({"exam_survey_id": survey.id, "exam_pass_percent": 100, "exam_attempts": 2})
        cls.gas_dear.active = False

    def _walk(self, lang, valid):
        (self.officer | self.quality | self.user).lang = lang
        self.env["ir.config_parameter"].set_param("web.base.url", self.base_url())

        def tour(name, path, user):
            self.start_tour(f"/odoo/{path}", f"sqms_training_gap_{name}_{lang}", login=user.login, timeout=120)
            self.env.invalidate_all()

        tour("plan", "sqms-competence", self.officer)
        plan = self.env["sqms.training.plan"].search([("employee_id", "=", self.employee.id)])
        self.assertEqual((plan.state, plan.line_ids.course_id), ("submitted", self.gas_course))
        tour("approve", f"sqms-training-plans/{plan.id}", self.quality)
        self.assertEqual(plan.state, "approved")
        tour("schedule", f"sqms-training-plans/{plan.id}", self.officer)
        enrolment = plan.line_ids.enrolment_id
        self.assertEqual((enrolment.employee_id, enrolment.state), (self.employee, "enrolled"))
        # Dates are entered in the calendar of the locale; which day it is and who teaches is not what is walked here.
        start = fields.Datetime.now() + timedelta(days=3)
        enrolment.session_id.with_user(self.officer).write(
            {"date_start": start, "date_end": start + timedelta(hours=4), "trainer_id": self.boss.id}
        )
        tour("hold", f"sqms-training-sessions/{enrolment.session_id.id}", self.officer)
        self.assertEqual(enrolment.state, "running", "the exam is still missing")
        self.assertFalse(enrolment.certificate_id)
        tour("exam", "sqms-my-training", self.user)
        self.assertEqual((enrolment.exam_score, enrolment.state), (100, "passed"))
        plan.line_ids.invalidate_recordset()
        plan._refresh()
        self.assertEqual(plan.line_ids.state, "met")
        address = enrolment.certificate_id.sudo().verification_url.removeprefix(self.base_url())
        self.browser_js(
            f"{address}?lang={lang}",
            f"if (document.querySelector('h1').innerText.includes('{valid}')) {{ console.log('test successful'); }}",
            ready="Boolean(document.querySelector('.o_certificate_valid, .o_certificate_expiring'))",
        )

    def test_from_the_gap_to_the_public_page_in_english(self):
        self._walk("en_US", "VALID")

    def test_from_the_gap_to_the_public_page_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(
            ["web", "mail", "hr", "survey", "sqms_base", "sqms_training"], ["zh_CN"]
        )
        self._walk("zh_CN", "有效")
