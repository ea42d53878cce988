from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from . import test_deadline_widget
from .common import sign_step
from .test_web import WebCase


@tagged("post_install", "-at_install", "sqms_tour")
class TestControlTour(WebCase):
    """A check on a telephone, 360 pixels wide, in both languages, with and without a network."""

    browser_size = "360x740"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        process = cls.env["sqms.process"].create({"code": "W1", "name": "Repair", "company_id": cls.company.id})
        common = {"frequency": "days", "responsible": "owner"}
        cls.plan = (
            cls.env["sqms.control.plan"]
            .with_user(cls.officer)
            .create(
                {
                    "name": "Gas repair",
                    "process_id": process.id,
                    "owner_id": cls.plain.id,
                    "point_ids": [
                        Command.create({**common, **values, "sequence": number})
                        for number, values in enumerate(
                            (
                                {"name": "Is the valve closed?", "photo_required": True, "reaction": "Close it now."},
                                {
                                    "name": "Pressure", "kind": "number", "unit": "kPa", "has_lower": True,
                                    "lower": 1.5, "has_upper": True, "upper": 2.5, "grade": "major",
                                },
                                {"name": "Flame", "kind": "choice", "choices_right": "Blue", "choices_wrong": "Yellow"},
                                {"name": "Was the customer shown how?"},
                            )
                        )
                    ],
                }
            )
        )  # fmt: skip
        sign_step(cls.plan, "approve", cls.manager)
        cls.env["sqms.control.record"].search([("is_mine", "=", True)]).unlink()
        cls.record = cls.env["sqms.control.record"]._open_due(cls.plan.point_ids.sudo())
        cls.env.flush_all()

    def test_a_check_from_the_list_to_the_report(self):
        with mute_logger("odoo.http"):  # what is no number is refused
            self.start_tour("/odoo/sqms-checks-to-do", "sqms_control_check", login="sqms_plain")
        self.env.invalidate_all()
        record = self.record
        self.assertEqual((record.state, record.result, record.reference), ("done", "out", "WO-7"))
        self.assertEqual(record.result_ids.sorted().mapped("value"), ["yes", "2.6", "wrong:0", "yes"])
        self.assertEqual(record.done_by_id, self.plain)
        photo = record.result_ids.photo_ids
        self.assertEqual((len(photo), photo.mimetype), (1, "image/jpeg"), "drawn anew, without what the camera knows")
        found = record.nonconformity_id
        self.assertEqual((found.res_id, found.grade), (record.id, "major"))
        self.assertEqual(
            self.env["sqms.nonconformity"].search_count([("res_model", "=", record._name), ("res_id", "=", record.id)]),
            1,
        )

    def test_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"].search([("name", "=", "sqms_base")])._update_translations(["zh_CN"])
        self.plain.lang = "zh_CN"
        self.env.flush_all()
        self.start_tour("/odoo/sqms-checks-to-do", "sqms_control_check_zh", login="sqms_plain")


@tagged("post_install", "-at_install", "sqms_tour")
class TestControlQueue(HttpCase):
    def test_answers_on_their_way(self):
        suite = test_deadline_widget.TestDeadlineWidget._identifier("@sqms_base/control_check")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=120,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
