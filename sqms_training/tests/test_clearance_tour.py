from odoo.tests import HttpCase, tagged

from .clearance_common import ClearanceCase


@tagged("post_install", "-at_install", "sqms_tour")
class TestClearanceTour(HttpCase, ClearanceCase):
    """The person reads and agrees, one officer collects, one reviews, one decides: wholly in one language."""

    def _walk(self, language, lang):
        self.env["res.lang"]._activate_lang(lang)
        self.env["ir.module.module"].search([("name", "in", ("sqms_base", "sqms_training"))])._update_translations(
            [lang]
        )
        (self.person | self.asker | self.reviewer | self.approver).lang = lang
        clearance = self._request()
        self.start_tour("/odoo/sqms-my-clearances", f"sqms_clearance_told_{language}", login="c_person")
        form = f"/odoo/sqms-clearances/{clearance.id}"
        for part, login in (("collected", "c_asker"), ("reviewed", "c_reviewer"), ("decided", "c_approver")):
            self.start_tour(form, f"sqms_clearance_{part}_{language}", login=login)
        clearance.invalidate_recordset()
        self.assertRecordValues(
            clearance.sudo(),
            [
                {
                    "state": "approved", "consent_kind": "own", "certificate_number": "NR-2026-99",
                    "reviewed_by_id": self.reviewer.id, "decided_by_id": self.approver.id,
                }
            ],
        )  # fmt: skip
        read = self.env["sqms.clearance.access"].search([("clearance_id", "=", clearance.id)])
        self.assertIn("c_approver", read.mapped("user_name"))

    def test_a_clearance_in_english(self):
        self._walk("en", "en_US")

    def test_a_clearance_in_chinese(self):
        self._walk("zh", "zh_CN")
