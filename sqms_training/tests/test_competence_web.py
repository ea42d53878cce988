from odoo.tests import HttpCase, tagged

from odoo.addons.sqms_base.tests import test_deadline_widget

from .test_competence_matrix import MatrixCase


@tagged("post_install", "-at_install", "sqms_tour")
class TestCompetenceWeb(MatrixCase, HttpCase):
    browser_size = "1366x768"

    def test_words_pieces_and_keys(self):
        """The unit tests of cells and rows, in a browser; none of Odoo's own are run."""
        suite = test_deadline_widget.TestDeadlineWidget._identifier("@sqms_training/competence")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=180,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )

    def test_tour(self):
        self.start_tour("/odoo/sqms-competence", "sqms_competence", login="t_hr")

    def test_tour_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"].search([("name", "=", "sqms_training")])._update_translations(["zh_CN"])
        self.hr.lang = "zh_CN"
        self.start_tour("/odoo/sqms-competence", "sqms_competence_zh", login="t_hr")
