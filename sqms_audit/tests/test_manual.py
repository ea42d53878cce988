from odoo import fields
from odoo.tests import tagged

from .common import AuditCase


@tagged("post_install", "-at_install")
class TestManual(AuditCase):
    """Audits in the quality manual: for those who see how well the system is kept."""

    def test_chapter_lists_the_audits_of_the_company(self):
        audit = self._create_audit()
        manual = {"company": audit.company_id, "is_full": True, "instant": fields.Datetime.now()}
        chapter = self.env["sqms.manual"]._manual_audits
        rows = chapter(manual)["rows"]
        self.assertIn(audit.number, [row["number"] for row in rows])
        self.assertIsNone(chapter({**manual, "is_full": False}))
