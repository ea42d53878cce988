from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib.workflow_pass import workflow_fields
from .test_web import WebCase


@tagged("post_install", "-at_install", "sqms_tour")
class TestMorningTour(WebCase):
    """The start page in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain.name = "Plain Person"
        cls.employee = cls.plain.employee_ids

    def _ask_to_read(self, number):
        """So many documents: the first is late since yesterday, the second due today, and so on."""
        for index in range(number):
            edition = self._create_edition(
                f"Rule {index}", "Say hello.", audience="chosen", employee_ids=self.employee.ids
            )
            reading = edition.acknowledgement_ids.sudo()
            day = fields.Date.add(fields.Date.context_today(reading.with_context(tz=self.plain.tz)), days=index - 1)
            with workflow_fields(reading, "date_due"):
                reading.date_due = day
        self.env.flush_all()

    def test_start_here_all_and_keyboard(self):
        self._ask_to_read(8)
        self.start_tour("/odoo/sqms-my-morning", "sqms_morning", login="sqms_plain")

    def test_nothing_waits(self):
        self.start_tour("/odoo/sqms-my-morning", "sqms_morning_empty", login="sqms_plain")

    def test_it_is_the_first_page_of_the_app(self):
        root = self.env.ref("sqms_base.sqms_menu_root")
        for user in (self.plain, self.officer, self.manager, self.top):
            menus = self.env["ir.ui.menu"].with_user(user).load_web_menus(False)
            first = menus[menus[root.id]["children"][0]]
            self.assertEqual(first["xmlid"], "sqms_base.sqms_morning_menu", user.login)
            self.assertEqual(menus[root.id]["actionPath"], "sqms-my-morning", user.login)

    def test_a_page_that_fails_says_so(self):
        morning = type(self.env["sqms.morning"])
        refusal = UserError("The archive is being moved.")
        with patch.object(morning, "_morning_sections", side_effect=refusal), mute_logger("odoo.http"):
            self.start_tour("/odoo/sqms-my-morning", "sqms_morning_refused", login="sqms_plain")

    def test_words_of_deadlines(self):
        self.start_tour("/odoo/sqms-my-morning", "sqms_morning_words_en", login="sqms_plain")

    def test_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"].search([("name", "=", "sqms_base")])._update_translations(["zh_CN"])
        self.plain.lang = "zh_CN"
        self._ask_to_read(8)
        self.start_tour("/odoo/sqms-my-morning", "sqms_morning_zh", login="sqms_plain")
        self.start_tour("/odoo/sqms-my-morning", "sqms_morning_words_zh", login="sqms_plain")
