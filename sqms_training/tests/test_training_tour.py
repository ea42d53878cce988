from odoo.tests import HttpCase, tagged

from .training_case import TrainingCase


@tagged("post_install", "-at_install", "sqms_tour")
class TestTrainingTour(HttpCase, TrainingCase):
    """From the enrolment over the attendance to the certificate and its public page, in both languages."""

    def _walk(self, lang, valid):
        self.officer.lang = lang
        self.env["ir.config_parameter"].set_param("web.base.url", self.base_url())
        course = self._create_course(name=f"Tour Course {lang}", responsible_id=self.officer.id)
        self._create_session(course)
        self.start_tour(f"/odoo/sqms-courses/{course.id}", "sqms_training_session", login="t_officer", timeout=120)
        enrolment = course.enrolment_ids
        self.assertEqual((enrolment.employee_id, enrolment.state), (self.employee, "passed"))
        self.assertEqual(enrolment.part_ids.taken_by_id, self.officer)
        certificate = enrolment.certificate_id.sudo()
        self.assertEqual(certificate.issued_by, self.officer.name)
        address = certificate.verification_url.removeprefix(self.base_url())
        self.browser_js(
            f"{address}?lang={lang}",
            f"if (document.querySelector('h1').innerText.includes('{valid}')) {{ console.log('test successful'); }}",
            ready="Boolean(document.querySelector('.o_certificate_valid, .o_certificate_expiring'))",
        )

    def test_from_the_course_to_the_public_page_in_english(self):
        self._walk("en_US", "VALID")

    def test_from_the_course_to_the_public_page_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["web", "mail", "hr", "sqms_base", "sqms_training"], ["zh_CN"])
        self._walk("zh_CN", "有效")
