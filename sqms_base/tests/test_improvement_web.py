from unittest.mock import patch

from odoo import api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib.workflow_pass import workflow_import
from . import test_deadline_widget
from .improvement_common import AFTER, BEFORE, SAVING
from .test_web import WebCase


@tagged("post_install", "-at_install", "sqms_tour")
class TestImprovementTour(WebCase):
    """Proposing in one line, and the board, in the browser."""

    def _propose(self, tour):
        ideas = type(self.env["sqms.improvement"])
        propose = ideas.propose
        refusal = UserError("Not today")

        @api.model
        def refuse_once(model, text):
            if "refuse" in text:
                raise refusal
            return propose(model, text)

        with patch.object(ideas, "propose", refuse_once), mute_logger("odoo.http"):
            self.start_tour("/odoo/sqms-my-morning", tour, login="sqms_plain")

    def test_propose_by_keyboard_in_both_languages(self):
        self._propose("sqms_propose")
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"].search([("name", "=", "sqms_base")])._update_translations(["zh_CN"])
        self.plain.lang = "zh_CN"
        self._propose("sqms_propose_zh")
        ideas = self.env["sqms.improvement"].search([("author_id", "=", self.plain.id)], order="id")
        self.assertEqual(ideas.mapped("name"), ["Number tags for the key cabinet", "钥匙柜加编号牌"])

    def test_waste_and_savings(self):
        ideas = self.env["sqms.improvement"].create(
            [
                {"name": name, "company_id": self.company.id, "waste_type": "motion", **BEFORE, **AFTER}
                for name in ("Tags", "Boxes")
            ]
        )
        with workflow_import(ideas, "As on paper"):
            for idea, values in zip(
                ideas,
                ({"state": "verified", "saving_verified": SAVING, "verified_at": self.env.cr.now()},
                 {"state": "implemented"}),
                strict=True,
            ):  # fmt: skip
                idea.write({**values, "decided_at": self.env.cr.now(), "decision": "adopted"})
        self.start_tour("/odoo/sqms-waste-and-savings", "sqms_savings_board", login="sqms_officer")

    def test_the_line_by_itself(self):
        suite = test_deadline_widget.TestDeadlineWidget._identifier("@sqms_base/improvement")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=180,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
