from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import ComplaintCase


@tagged("post_install", "-at_install")
class TestReview(ComplaintCase):
    """Complaints as an input of the management review."""

    def test_complaints_of_the_period_and_of_the_one_before(self):
        company = self.env["res.company"].create({"name": "Reviewed"})
        self.team.company_id = company
        today = company._sqms_today()
        review = self.env["sqms.review"].create(
            {
                "name": "Quarter", "company_id": company.id, "date_from": today - timedelta(days=90),
                "date_to": today - timedelta(days=1), "date": today,
            }
        )  # fmt: skip
        period = review._review_period(fields.Datetime.now())
        self.assertEqual(review._review_complaints(period)["empty"], "No complaint has been recorded.")
        complaints = self._create_complaints(3, company_id=company.id)
        self.assertEqual(complaints.company_id, company)
        first, second, third = complaints
        (first | second).write({"complaint_received_at": period.start})
        third.write({"complaint_received_at": period.start - timedelta(seconds=1)})
        self.env.flush_all()
        content = review._review_complaints(period)
        figures = {figure["key"]: figure for figure in content["figures"]}
        self.assertEqual((figures["complaints"]["value"], figures["complaints"]["before"]), (2, 1))
        self.assertEqual(figures["complaints_open"]["value"], 3)
        self.assertIsNone(figures["complaints_upheld"]["value"], "nothing was decided: not zero")
        self.assertEqual(content["charts"][0]["chart"]["kind"], "line")
        review.action_transition("prepare")
        row = review.input_ids.filtered(lambda row: row.key == "complaints")
        self.assertTrue(row.has_data)
        self.assertIn("<svg", row.picture)
