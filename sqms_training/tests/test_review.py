from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import CertificateCase


@tagged("post_install", "-at_install")
class TestReview(CertificateCase):
    """Certificates among the resources of the management review."""

    def test_certificates_are_counted_not_named(self):
        today = self.company._sqms_today()
        review = self.env["sqms.review"].create(
            {
                "name": "Quarter", "company_id": self.company.id, "date_from": today - timedelta(days=90),
                "date_to": today - timedelta(days=1), "date": today,
            }
        )  # fmt: skip
        period = review._review_period(fields.Datetime.now())
        self.assertEqual(review._review_certificates(period)["empty"], "No certificate is on record.")
        self._create_certificate(last=200)
        other = self._create_employee("Li Wei")
        self._create_certificate(first=-300, last=-5, employee_id=other.id)
        self.env["sqms.training.coverage"].create(
            {
                "month": (today - timedelta(days=40)).replace(day=1), "day": today - timedelta(days=9), "needed": 8,
                "kind": "certificate", "met": 6, "company_id": self.company.id,
            }
        )  # fmt: skip
        self.env.flush_all()
        review.action_transition("prepare")
        row = review.input_ids.filtered(lambda row: row.key == "resources")
        figures = {figure["key"]: figure for figure in row._content()["figures"]}
        self.assertEqual(
            (figures["certificates_valid"]["value"], figures["certificates_valid"]["status"]), (50.0, "below")
        )
        self.assertEqual(
            (figures["coverage_certificate"]["value"], figures["coverage_certificate"]["status"]), (75.0, "below")
        )
        self.assertNotIn("training_completed", figures, "nobody was ever enrolled: no figure, not zero")
        self.assertNotIn(self.employee.name, str(row.data))
