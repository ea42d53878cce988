from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import AuditCase


@tagged("post_install", "-at_install")
class TestReview(AuditCase):
    """Audits as an input of the management review."""

    def test_audits_and_their_findings(self):
        today = self.company._sqms_today()
        review = self.env["sqms.review"].create(
            {
                "name": "Quarter", "company_id": self.company.id, "date_from": today - timedelta(days=90),
                "date_to": today, "date": today,
            }
        )  # fmt: skip
        period = review._review_period(fields.Datetime.now())
        self.assertEqual(review._review_audits(period)["empty"], "No audit has been planned yet.")
        self._create_audit("closed")
        self.env.flush_all()
        content = review._review_audits(period)
        figures = {figure["key"]: figure for figure in content["figures"]}
        self.assertEqual((figures["audits"]["value"], figures["audits"]["before"]), (1, 0))
        self.assertEqual(figures["audit_findings"]["value"], 1)
        self.assertEqual((figures["audit_findings_late"]["value"], figures["audit_findings_late"]["status"]), (0, "on"))
        self.assertEqual(figures["audit_findings_on_time"]["text"], "100.0 %")
        review.date_to = today - timedelta(days=1)
        review.action_transition("prepare")
        self.assertTrue(review.input_ids.filtered(lambda row: row.key == "audits").has_data)
