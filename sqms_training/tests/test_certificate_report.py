import re

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..lib.qr import qr_path
from .common import CertificateCase


@tagged("post_install", "-at_install")
class TestCertificateReport(CertificateCase):
    REPORT = "sqms_training.sqms_certificate_report"

    def _render(self, row, user):
        reports = self.env["ir.actions.report"].with_user(user).with_context(lang="en_US")
        return reports._render_qweb_html(self.REPORT, row.ids)[0].decode()

    def test_paper_bears_number_holder_validity_and_code(self):
        row = self._create_certificate(issuer="City Health Office")
        page = self._render(row, self.hr)
        for text in (row.number, "Wang Li", "Licences gas", "Basic", "City Health Office", row.issued_by):
            self.assertIn(text, page)
        path = html.fromstring(page).xpath("//path/@d")
        self.assertEqual(path, [qr_path(row.verification_url)[1]])
        self.assertTrue(re.fullmatch(r"(M\d+ \d+h\d+v1h-\d+z)+", path[0]))

    def test_the_holder_prints_his_own_a_colleague_does_not(self):
        row = self._create_certificate()
        self.assertIn("Wang Li", self._render(row, self.user))
        self.assertIn("Wang Li", self._render(row, self.certifier))
        with self.assertRaises(AccessError):
            self._render(row, self.colleague)

    def test_a_revoked_one_says_so(self):
        row = self._create_certificate()
        row._revoke("gone")
        self.assertIn("Revoked on", self._render(row, self.hr))

    def test_without_number_there_is_no_paper(self):
        with self.assertRaises(UserError):
            self._render(self._create_skill(), self.hr)

    def test_several_are_printed_one_page_each(self):
        rows = self._create_certificate() + self._create_certificate(0, 30)
        page = self._render(rows, self.hr)
        self.assertEqual(page.count("o_sqms_certificate"), 2)

    def test_it_becomes_a_pdf(self):
        row = self._create_certificate()
        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        with self.allow_pdf_render():
            content, kind = reports._render_qweb_pdf(self.REPORT, row.ids)
        self.assertEqual(kind, "pdf")
        self.assertTrue(content.startswith(b"%PDF"))
