from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from . import test_deadline_widget
from .test_web import WebCase


@tagged("post_install", "-at_install", "sqms_tour")
class TestClauseMapTour(WebCase):
    """From the map to the pack, in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.group_ids |= cls.env.ref("maintenance.group_equipment_manager")
        standard = cls.env["sqms.standard"].create({"code": "ISO T", "name": "Vans", "sequence": 1})
        chapter, good, old, also, alone = cls.env["sqms.clause"].create(
            [
                {"standard_id": standard.id, "number": number, "name": name}
                for number, name in (
                    ("7", "Support"),
                    ("7.1", "Vans"),
                    ("7.2", "New vans"),
                    ("7.3", "Tidy vans"),
                    ("8", "Nothing yet"),
                )
            ]
        )
        (good | old | also).parent_id = chapter
        rule = {"company_id": False, "source": "maintenance.equipment:effective_date"}
        cls.env["sqms.evidence.rule"].create(
            [
                {**rule, "name": "Vans", "clause_ids": [Command.set((good | also).ids)]},
                {**rule, "name": "New vans", "freshness_days": 365, "clause_ids": [Command.set(old.ids)]},
            ]
        )
        cls.env["maintenance.equipment"].search([]).action_archive()
        today = fields.Date.today()
        cls.van = cls.env["maintenance.equipment"].create(
            {"name": "Old van", "company_id": cls.company.id, "effective_date": today - timedelta(days=400)}
        )
        cls.env["sqms.obligation"].search([("clause_id", "in", standard.clause_ids.ids)]).unlink()
        cls.env["sqms.obligation"].create(
            [
                {"clause_id": clause.id, "company_id": cls.company.id, "owner_id": owner.id}
                for clause, owner in ((good, cls.officer), (old, cls.manager))
            ]
        )
        cls.env.flush_all()

    def test_from_the_map_to_the_pack(self):
        self.start_tour("/odoo/sqms-clause-map", "sqms_clause_map", login="sqms_manager")
        pack = self.env["sqms.evidence.pack"].search([("user_id", "=", self.manager.id)])
        self.assertEqual((pack.state, pack.standard_id.code), ("ready", "ISO T"))
        file = self.authenticate("sqms_manager", "sqms_manager") and self.url_open(
            f"/web/content/sqms.evidence.pack/{pack.id}/file/{pack.file_name}?download=true"
        )
        self.assertEqual((file.status_code, len(file.content)), (200, pack.size))
        self.authenticate("sqms_officer", "sqms_officer")
        other = self.url_open(f"/web/content/sqms.evidence.pack/{pack.id}/file/x.zip?download=true")
        self.assertEqual(other.status_code, 404)

    def test_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"].search([("name", "=", "sqms_base")])._update_translations(["zh_CN"])
        self.manager.lang = "zh_CN"
        self.start_tour("/odoo/sqms-clause-map", "sqms_clause_map_zh", login="sqms_manager")


@tagged("post_install", "-at_install", "sqms_tour")
class TestClauseTree(HttpCase):
    """The unit tests of the lines of the map, in a browser; none of Odoo's own are run."""

    browser_size = "1366x768"

    def test_lines_filters_and_search(self):
        suite = test_deadline_widget.TestDeadlineWidget._identifier("@sqms_base/clause_map")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=180,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
