import base64
import io

from PIL import Image

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import AuditCase


@tagged("post_install", "-at_install")
class TestReport(AuditCase, HttpCase):
    def _render(self, audit, person=None):
        report = self._as(person or self.lead, self.env["ir.actions.report"])
        html, kind = report._render_qweb_html("sqms_audit.report_audit", audit.ids)
        self.assertEqual(kind, "html")
        return html.decode()

    def test_report_prints_what_was_recorded(self):
        audit = self._create_audit(
            "in_progress",
            scope="Counter of the north site",
            objective="Are customers told their rights?",
            criteria="House rules",
        )
        audit.team_ids = [Command.create({"role": "observer", "employee_id": self.second.id})]
        self._answer_all(audit)
        audit.action_transition("report")
        self._settle(audit)
        audit.conclusion = "The desk keeps its promises."
        audit.action_transition("close")
        html = self._render(audit)
        for words in (
            audit.number,
            "Service desk",
            "Closed",
            "Person lead",
            "Person second",
            "Observer",
            "Person auditee",
            "Counter of the north site",
            "Are customers told their rights?",
            "The desk keeps its promises.",
            "Question 1?",
            "Not applicable",
            "No cash here.",
            audit.finding_ids.number,
            "Minor nonconformity",
            "Notice of last year at the counter.",
            "Nobody changes it.",
            "New notice.",
        ):
            with self.subTest(words=words):
                self.assertIn(words, html)
        self.assertNotIn("Draft", html)

    def test_report_counts_by_grade(self):
        html = self._render(self._create_audit("report"))
        for grade, count in (("major", 0), ("minor", 1), ("opportunity", 0), ("conform", 0), ("good_practice", 0)):
            self.assertRegex(html, rf'data-grade="{grade}"[^>]*><strong>{count}</strong>')

    def test_report_is_a_draft_until_the_audit_is_closed(self):
        for state in ("in_progress", "report"):
            self.assertIn("Draft", self._render(self._create_audit(state)))

    def test_open_points_are_printed_as_open(self):
        audit = self._create_audit("in_progress")
        self.assertIn("not answered", self._render(audit))
        html = self._render(self._create_audit("report"))
        self.assertIn("not answered yet", html)

    def test_audited_print_their_report(self):
        html = self._render(self._create_audit("report"), self.auditee)
        self.assertIn("Minor nonconformity", html)

    def test_broken_photo_does_not_hide_the_report(self):
        audit = self._create_audit("in_progress")
        picture = io.BytesIO()
        Image.effect_noise((200, 200), 90).save(picture, "PNG")
        audit.line_ids[0].photo_ids = [
            Command.create({"name": "cut off.png", "raw": picture.getvalue()[:5000]}),
            Command.create({"name": "notes.txt", "raw": b"What he said"}),
        ]
        html = self._render(audit)
        self.assertIn("cut off.png", html)
        self.assertIn("notes.txt", html)

    def test_pdf_is_really_rendered_with_photos(self):
        audit = self._create_audit("in_progress")
        picture = io.BytesIO()
        Image.new("RGB", (1600, 1200), (120, 160, 90)).save(picture, "PNG")
        audit.line_ids[0].photo_ids = [Command.create({"name": "counter.png", "raw": picture.getvalue()})]
        self._answer_all(audit)
        [(_name, photo)] = audit.line_ids[0]._get_printed_photos()
        printed = Image.open(io.BytesIO(base64.b64decode(photo.split(",", 1)[1])))
        self.assertEqual(max(printed.size), 900)
        self.assertIn(photo[:80], self._render(audit))
        report = self._as(self.lead, self.env["ir.actions.report"]).with_context(force_report_rendering=True)
        pdf, kind = report._render_qweb_pdf("sqms_audit.report_audit", audit.ids)
        self.assertEqual(kind, "pdf")
        self.assertTrue(pdf.startswith(b"%PDF"))
        self.assertGreater(len(pdf), 10_000)
