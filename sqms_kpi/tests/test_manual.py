from odoo import fields
from odoo.tests import tagged

from .common import KpiCase


@tagged("post_install", "-at_install")
class TestManual(KpiCase):
    """Figures in the quality manual: the newest final one of each indicator, for those who see how it is kept."""

    def test_chapter_shows_the_newest_final_figure(self):
        self._create_requests(*["2026-09-05"] * 2)
        self._create_requests("2026-10-05", done=True)
        indicator = self._create_indicator()
        indicator.action_compute()
        newest = indicator.measure_ids.filtered("is_final").sorted("period")[-1:]
        manual = {"company": newest.company_id, "is_full": True, "instant": fields.Datetime.now()}
        chapter = self.env["sqms.manual"]._manual_figures
        rows = {row["code"]: row for row in chapter(manual)["rows"]}
        self.assertEqual(rows[indicator.code]["month"], newest.month)
        self.assertEqual(rows[indicator.code]["value"], newest.value_label)
        self.assertIsNone(chapter({**manual, "is_full": False}))
