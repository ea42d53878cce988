from odoo import fields
from odoo.tests import tagged

from .common import KpiCase


@tagged("post_install", "-at_install")
class TestReview(KpiCase):
    """Indicators as an input of the management review."""

    def test_whole_months_are_added_up_from_their_parts(self):
        self._create_requests(*["2026-08-05"] * 9, done=True)
        self._create_requests("2026-08-06")
        self._create_requests(*["2026-09-05"] * 10, done=True)
        self._create_requests(*["2026-09-06"] * 90)
        self._create_requests("2026-05-06", "2026-10-03", done=True)
        ratio = self._create_ratio()
        ratio._compute_measures(self.companies)
        review = self.env["sqms.review"].create(
            {"name": "Quarter", "company_id": self.company.id, "date_from": "2026-07-01", "date_to": "2026-09-30",
             "date": "2026-11-01"}
        )  # fmt: skip
        period = review._review_period(fields.Datetime.now())
        figures = {figure["key"]: figure for figure in review._review_monitoring(period)["figures"]}
        found = figures[f"indicator_{ratio.id}"]
        # 9 of 10 and 10 of 100 make 19 of 110.
        self.assertEqual((found["value"], found["n"]), (round(100 * 19 / 110, ratio.decimals), 110))
        self.assertEqual((found["before"], found["n_before"]), (100.0, 1))
        # A month that is only partly in the period is left out.
        review.date_from = "2026-08-02"
        period = review._review_period(fields.Datetime.now())
        figures = {figure["key"]: figure for figure in review._review_monitoring(period)["figures"]}
        self.assertEqual(figures[f"indicator_{ratio.id}"]["n"], 100)
        elsewhere = self.env["sqms.review"].create(
            {"name": "Quarter", "company_id": self.other_company.id, "date_from": "2026-07-01",
             "date_to": "2026-09-30", "date": "2026-11-01"}
        )  # fmt: skip
        found = elsewhere._review_indicators(elsewhere._review_period(fields.Datetime.now()), False)
        self.assertIn("No indicator", found["empty"])
