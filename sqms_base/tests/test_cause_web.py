from odoo.tests import HttpCase, tagged

from . import test_deadline_widget
from .test_web import WebCase


@tagged("post_install", "-at_install", "sqms_tour")
class TestCauseTreeWidget(HttpCase):
    """The unit tests of the 5-why tree, in a browser; none of Odoo's own are run."""

    browser_size = "1366x768"

    def test_tree_keys_and_unsaved_forms(self):
        suite = test_deadline_widget.TestDeadlineWidget._identifier("@sqms_base/cause_tree")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=180,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )


@tagged("post_install", "-at_install", "sqms_tour")
class TestCauseTour(WebCase):
    """From the first why to the root cause, the drawings and the Pareto, in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["sqms.cause.type"].create({"name": "Tour kind", "category": "method"})
        cls.record = cls.env["sqms.nonconformity"].create(
            {"name": "Card payments taken twice", "company_id": cls.company.id, "owner_id": cls.manager.id}
        )
        other = cls.record.copy({"name": "Double deposit"})
        cls.env["sqms.cause"].create(
            {
                "name": "Procedure older than the terminals", "nonconformity_id": other.id, "verdict": "root",
                "evidence": "Read it", "type_id": cls.kind.id,
            }
        )  # fmt: skip
        cost = cls.env["sqms.quality.cost"].create(
            {
                "name": "Refund", "category": "external", "amount": 86, "nonconformity_id": other.id,
                "company_id": cls.company.id, "currency_id": cls.company.currency_id.id,
            }
        )  # fmt: skip
        cost.with_user(cls.officer).action_transition("post")
        cls.env.flush_all()

    def _check_tree(self):
        self.env.invalidate_all()
        self.assertEqual(
            [(cause.level, cause.name, cause.verdict) for cause in self.record.cause_ids],
            [
                (1, "Terminal said failed", "open"),
                (2, "No rule asks for a test", "root"),
                (1, "One careless cashier", "ruled_out"),
            ],
        )
        self.assertFalse(self.record._cause_refusals())

    def test_from_why_to_pareto(self):
        self.start_tour(f"/odoo/sqms-nonconformities/{self.record.id}", "sqms_cause", login="sqms_manager")
        self._check_tree()
        self.start_tour("/odoo/sqms-pareto", "sqms_pareto", login="sqms_manager")

    def test_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"].search([("name", "=", "sqms_base")])._update_translations(["zh_CN"])
        self.manager.lang = "zh_CN"
        self.start_tour(f"/odoo/sqms-nonconformities/{self.record.id}", "sqms_cause_zh", login="sqms_manager")
        self._check_tree()
        self.start_tour("/odoo/sqms-pareto", "sqms_pareto_zh", login="sqms_manager")
