import base64
import http.server
import io
import re
import threading
from datetime import date

from freezegun import freeze_time
from PIL import Image

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfReader, PdfWriter

from ..lib import pdf_layers
from .common import DocumentCase

REPORT = "sqms_base.report_document_version"


def red_square():
    target = io.BytesIO()
    Image.new("RGB", (10, 10), "red").save(target, "PNG")
    return base64.b64encode(target.getvalue()).decode()


LONG = "".join(f"<h2>Chapter {n}</h2>" + "<p>退款 Refund within one working day.</p>" * 30 for n in range(1, 4))


WHITE = re.compile(rb"1\s+1\s+1\s+scn\s+/GSa\S*\s+gs\s+q\s+[-\d.\s]+cm\s+(\S+ \S+ \S+ \S+) re\s+f\b")


def words(pdf, page=None):
    text = pdf_layers.text_of(pdf) if page is None else PdfReader(io.BytesIO(pdf)).pages[page].extract_text()
    return "".join(text.split())


@tagged("post_install", "-at_install", "sqms_alone")
class TestPrint(DocumentCase):
    """These tests need wkhtmltopdf and fail without it: a copy that cannot be made is no copy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        picture = f'<p><img src="data:image/png;base64,{red_square()}" width="60" height="60"></p>'
        cls.edition = cls._approve(cls._create_draft(text=picture + LONG, change_summary="New"), day=date(2026, 11, 25))

    def _print(self, edition=None, user=None, **context):
        report = self.env["ir.actions.report"].with_user(user or self.officer)
        report = report.with_context(force_report_rendering=True, **context)
        content, kind = report._render_qweb_pdf(REPORT, (edition or self.edition).ids)
        self.assertEqual(kind, "pdf")
        return content

    def _assert_stamped(self, pdf, edition, signed="Author:sqms_officer"):
        pages = pdf_layers.page_count(pdf)
        for number in range(pages):
            page = words(pdf, number)
            self.assertIn(edition.number, page)
            self.assertIn("edition1", page)
            self.assertIn(f"page{number + 1}of{pages}", page)
            self.assertIn(signed, page)
        return pages

    def test_both_layers_survive_on_every_page(self):
        pdf = self._print()
        self.assertGreater(self._assert_stamped(pdf, self.edition), 2)
        reader = PdfReader(io.BytesIO(pdf))
        for page in reader.pages:
            content = "".join(page.extract_text().split())
            self.assertIn("NOTINFORCE", content)
            self.assertTrue("Refund" in content or "Signatures" in content)
            # One white sheet is left, that of the content, and it lies below every word.
            drawing = page.get_contents().get_data()
            sheets = [found for found in WHITE.finditer(drawing) if found[1] != b"0 0 0 0"]
            self.assertEqual(len(sheets), 1)
            self.assertLess(sheets[0].start(), drawing.index(b"BT"))
        self.assertIn("退款", words(pdf))
        self.assertEqual([item.title for item in reader.outline if not isinstance(item, list)][:1], ["Chapter 1"])
        picture = next(iter(reader.pages[0].images))
        red, green, blue = picture.image.convert("RGB").getpixel((2, 2))
        self.assertTrue(red > 240 and green < 15 and blue < 15, (red, green, blue))

    def test_the_clock_decides_about_the_watermark(self):
        self.assertIn("NOTINFORCE", words(self._print()))
        with freeze_time("2026-11-24 16:00:00"):  # midnight of 25 November in Shanghai; no job has run
            self.env.invalidate_all()
            self.assertEqual(self.edition.state, "approved")
            pdf = self._print(user=self.plain)
            self.assertNotIn("NOTINFORCE", words(pdf))
            self.assertIn("Validonthedayofprint,25Nov2026", words(pdf))
        following = self.edition.document_id.with_user(self.officer)
        with freeze_time("2026-11-26 04:00:00"):
            self.env.invalidate_all()
            draft = self.env["sqms.document.version"].browse(following.action_new_edition()["res_id"])
            self.assertIn("DRAFT", words(self._print(draft)))
            self._approve(draft, day=date(2026, 11, 28))
        with freeze_time("2026-11-29 04:00:00"):
            self.env.invalidate_all()
            self.assertNotEqual(self.edition.state, "superseded")
            self.assertIn("SUPERSEDED", words(self._print()))
            self.assertNotIn("SUPERSEDED", words(self._print(draft)))
            with self.assertRaises(AccessError):
                self._print(user=self.plain)
            self.assertIn("SUPERSEDED", words(self._print(user=self.certifier)))
            manager = draft.with_user(self.manager)
            manager.withdrawal_reason = "Not needed"
            manager.action_transition("withdraw")
            self.env.invalidate_all()
            self.assertIn("OBSOLETE", words(self._print(draft)))

    def test_who_may_not_read_does_not_print(self):
        for user in (self.plain, self.portal):
            with self.assertRaises(AccessError):
                self._print(user=user)
        other = self._create_user("elsewhere", "sqms_base.group_sqms_manager", self.other_company)
        with self.assertRaises(AccessError):
            self._print(user=other)

    def test_pdf_files_are_appended_and_stamped(self):
        wide = pdf_layers.blank(2, 842, 595)
        files = [("plan.pdf", wide), ("破损.pdf", wide[:300]), ("locked.pdf", self._locked())]
        ids = [
            self.env["ir.attachment"].with_user(self.officer).create({"name": name, "raw": raw}).id
            for name, raw in files
        ]
        draft = self._create_draft(self._create_document("Forms"), file_ids=[Command.set(ids)])
        with mute_logger("pypdf._reader", "PyPDF2._reader"):
            pdf = self._print(draft)
        pages = self._assert_stamped(pdf, draft, "notsigned")
        self.assertEqual(pdf_layers.shapes(pdf).count("landscape"), 2)
        self.assertEqual(pages, 1 + 2 + 1 + 1)
        self.assertIn("破损.pdfAttachedseparately", words(pdf))
        self.assertIn("protectedbyapassword", words(pdf))
        titles = [item.title for item in PdfReader(io.BytesIO(pdf)).outline]
        self.assertEqual(titles, ["plan.pdf", "破损.pdf", "locked.pdf"])
        with mute_logger("pypdf._reader", "PyPDF2._reader"):
            both = self._print(draft | self.edition)
        self.assertGreater(pdf_layers.page_count(both), pages)

    def _locked(self):
        writer = PdfWriter()
        writer.add_blank_page(595, 842)
        writer.encrypt("secret")
        target = io.BytesIO()
        writer.write(target)
        return target.getvalue()

    def test_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["sqms_base"], ["zh_CN"])
        text = words(self._print(lang="zh_CN"))
        self.assertIn("未生效", text)
        self.assertIn("退款", text)
        self.assertNotIn("NOTINFORCE", text)

    def test_nothing_is_fetched_while_printing(self):
        asked = []

        class Ear(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_error(404)

            def log_message(self, *_args):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Ear)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        home = f"http://127.0.0.1:{server.server_port}"
        hostile = (
            f'<p>words</p><img src="{home}/a.png"><p style="background:url({home}/b)">c</p>'
            f'<style>@import "{home}/d";</style><iframe src="{home}/e"></iframe><svg><image href="{home}/f"/></svg>'
            f'<link rel="stylesheet" href="{home}/g"><script>new Image().src="{home}/h"</script>'
            f'<img src="file:///etc/hostname"><table background="{home}/i"><tr><td>x</td></tr></table>'
        )
        draft = self._create_draft(self._create_document("Hostile"))
        # Straight in the database, past every cleaning.
        self.env.cr.execute(
            "UPDATE sqms_document_version SET content = jsonb_build_object('en_US', %s) WHERE id = %s",
            [hostile, draft.id],
        )
        self.env.invalidate_all()
        self.assertIn("words", words(self._print(draft)))
        # And were something overlooked, the printer itself reaches nobody.
        page = f'<html><body><img src="{home}/z"><script>new Image().src = "{home}/y"</script></body></html>'
        self.env["sqms.print"]._print(page, {})
        self.assertEqual(asked, [])
