import time
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..models.sqms_trace_mixin import MAX_NODES
from .test_web import WebCase
from .trace_case import TraceCase


@tagged("post_install", "-at_install", "sqms_tour")
class TestTraceDocumentTour(WebCase):
    def test_from_a_document_along_its_trace(self):
        edition = self._create_edition("Refund procedure", "Refund within one working day.")
        document = edition.document_id
        self.env["sqms.document.version"].with_user(self.officer).create({"document_id": document.id})
        self.env.flush_all()
        self.start_tour(f"/odoo/sqms-documents/{document.id}", "sqms_trace_document", login="sqms_officer")

    def test_address_without_a_record_says_what_to_do(self):
        self.start_tour("/odoo/sqms-trace", "sqms_trace_nothing", login="sqms_officer")


@tagged("post_install", "-at_install", "sqms_tour")
class TestTraceTour(TraceCase, HttpCase):
    def _page(self, record):
        return f"/odoo/sqms-trace?trace={record._name},{record.id}"

    def test_story_with_its_gate(self):
        story = self._story()
        story["cause"].title = "<img src=x onerror=alert(1)>"
        today = fields.Date.today()
        story["training"].write(
            {
                "holds_id": story["nc"].id, "missing": 5, "user_id": self.clerk.id,
                "date_due": today - timedelta(days=3),
            }
        )  # fmt: skip
        for days, name in ((200, "complaint"), (190, "nc"), (150, "cause"), (100, "action")):
            story[name].day = today - timedelta(days=days)
        self.env.flush_all()
        self.start_tour(self._page(story["complaint"]), "sqms_trace_story", login="sqms_trace_clerk")

    def test_five_thousand_records(self):
        hub = self._make("complaint", "Hub", number="C/1")
        hub.repeats_ids = self.env["sqms.fake.complaint"].create(
            [{"title": f"Repeat {number}", "number": f"C/{number}"} for number in range(MAX_NODES + 10)]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        begun = time.process_time()
        screen = hub.with_user(self.clerk).trace_screen()
        self.assertLess(time.process_time() - begun, 10)
        self.assertEqual(len(screen["nodes"]), MAX_NODES)
        self.assertLess(len(screen["picture"]["nodes"]), 100)
        self.start_tour(self._page(hub), "sqms_trace_many", login="sqms_trace_clerk", timeout=60)
