from odoo.tests import HttpCase, tagged

from .appraisal_case import AppraisalCase


@tagged("post_install", "-at_install", "sqms_tour")
class TestAppraisalTour(HttpCase, AppraisalCase):
    def _go_through(self):
        appraisal = self._create_appraisal()
        for tour, user in (
            ("employee", self.worker),
            ("manager", self.lead),
            ("calibrator", self.director),
            ("answer", self.worker),
            ("confirm", self.director),
        ):
            self.start_tour("/odoo/sqms-appraisals", f"sqms_training_appraisal_{tour}", login=user.login, timeout=120)
        self.env.invalidate_all()
        self.assertEqual((appraisal.state, appraisal.score, appraisal.fit), ("confirmed", 4, "fit"))
        self.assertTrue(appraisal.signature_ids.is_valid)

    def test_from_the_own_view_to_the_signature(self):
        self._go_through()

    def test_the_same_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        (self.worker | self.lead | self.director).lang = "zh_CN"
        self._go_through()
