from odoo.tests import tagged

from .common import KpiCase


@tagged("post_install", "-at_install")
class TestTrace(KpiCase):
    """An indicator in the story tells its last month."""

    def test_card_tells_value_month_and_n(self):
        self._create_requests("2026-09-05", "2026-10-05", "2026-10-06")
        indicator = self._create_indicator(direction="lower")
        indicator.action_compute()
        (node,) = indicator.with_user(self.officer).with_company(self.company).trace()["nodes"]
        self.assertEqual(node["detail"], "2 in October 2026, n = 2")
        self.assertEqual((node["badge"]["text"], node["badge"]["tone"]), ("▲ 1", "danger"))

    def test_indicator_without_figures_says_its_family(self):
        (node,) = self._create_indicator().with_user(self.officer).trace()["nodes"]
        self.assertFalse(node["badge"])
        self.assertTrue(node["detail"])
