from freezegun import freeze_time

from odoo.tests import tagged

from .common import KpiCase


@tagged("post_install", "-at_install")
class TestRestatement(KpiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_requests("2026-10-05", "2026-10-06", "2026-11-02", done=True)
        cls.ratio = cls._create_ratio()
        cls.count = cls._create_indicator()
        cls.both = cls.ratio | cls.count
        cls.both.action_compute()

    def _rows(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id, xmin::text, write_date, computed_at FROM sqms_measure WHERE indicator_id IN %s ORDER BY id",
            [tuple(self.both.ids)],
        )
        return self.env.cr.fetchall()

    def _october(self, indicator):
        return indicator.measure_ids.filtered(lambda measure: measure.period.month == 10)

    def test_what_has_not_changed_is_not_written(self):
        before = self._rows()
        with freeze_time("2026-11-24 04:00:00"):
            self.both.action_compute()
        self.assertEqual(self._rows(), before)
        self.assertFalse(self.both.restatement_ids)

    def test_only_the_changed_month_is_written(self):
        before = {row[0]: row[1:] for row in self._rows()}
        self._create_requests("2026-11-03")
        with freeze_time("2026-11-24 04:00:00"):
            self.count.action_compute()
        changed = {row[0] for row in self._rows() if before[row[0]] != row[1:]}
        self.assertEqual(changed, set(self.count.measure_ids.filtered(lambda m: m.period.month == 11).ids))

    def test_late_data_restates_a_finished_month(self):
        self._create_requests("2026-10-20")
        with freeze_time("2026-11-25 04:00:00"):
            self.both.action_compute()
        expected = {self.ratio: ((2, 2, 100.0), (2, 3, 200 / 3)), self.count: ((2, 0, 2.0), (3, 0, 3.0))}
        for indicator, (old, new) in expected.items():
            restated = indicator.restatement_ids
            self.assertEqual(len(restated), 1)
            self.assertEqual((restated.old_numerator, restated.old_denominator, restated.old_value), old)
            self.assertEqual((restated.new_numerator, restated.new_denominator), new[:2])
            self.assertAlmostEqual(restated.new_value, new[2])
            self.assertEqual((restated.reason, restated.month), ("data", "October 2026"))
            self.assertEqual(restated.company_id, self.company)
            self.assertEqual(str(restated.create_date), "2026-11-25 04:00:00")
            self.assertEqual(restated.measure_id, self._october(indicator))

    def test_deleted_records_restate_too_and_each_step_stays(self):
        late = self._create_requests("2026-10-20")
        self.count.action_compute()
        late.unlink()
        self.count.action_compute()
        steps = self.count.restatement_ids.sorted("id")
        self.assertEqual(steps.mapped("old_value"), [2.0, 3.0])
        self.assertEqual(steps.mapped("new_value"), [3.0, 2.0])

    def test_a_ratio_that_loses_its_cases_is_restated_to_none(self):
        self.env["maintenance.request"].search(
            [("company_id", "=", self.company.id), ("request_date", "<", "2026-11-01")]
        ).unlink()
        self.ratio.action_compute()
        restated = self.ratio.restatement_ids
        self.assertEqual(restated.old_value, 100.0)
        self.assertIs(restated.new_value, False)

    def test_the_running_month_changes_freely(self):
        self._create_requests("2026-11-03", "2026-11-04")
        self.both.action_compute()
        self.assertEqual(self._figures(self.count)["2026-11"], 3.0)
        self.assertFalse(self.both.restatement_ids)

    def test_the_first_count_after_the_month_is_no_restatement_the_next_is(self):
        november = self.count.measure_ids.filtered(lambda measure: measure.period.month == 11)
        self.assertFalse(november.is_final)
        self._create_requests("2026-11-29")
        with freeze_time("2026-12-01 18:00:00"):
            self.count.action_compute()
        self.assertTrue(november.is_final)
        self.assertEqual(november.value, 2.0)
        self.assertFalse(self.count.restatement_ids)
        self._create_requests("2026-11-30")
        with freeze_time("2026-12-02 18:00:00"):
            self.count.action_compute()
        self.assertEqual(self.count.restatement_ids.mapped("new_value"), [3.0])

    def test_a_month_that_stayed_the_same_is_final_as_well(self):
        november = self.count.measure_ids.filtered(lambda measure: measure.period.month == 11)
        with freeze_time("2026-12-01 18:00:00"):
            self.count.action_compute()
        self.assertTrue(november.is_final)
        self._create_requests("2026-11-30")
        with freeze_time("2027-01-02 18:00:00"):
            self.count.action_compute()
        self.assertEqual(self.count.restatement_ids.mapped("old_value"), [1.0])

    def test_a_month_ends_in_the_companys_time(self):
        with freeze_time("2026-11-30 16:00:00"):  # midnight in Shanghai
            self.count.action_compute()
            self.assertTrue(self.count.measure_ids.filtered(lambda measure: measure.period.month == 11).is_final)
            self.assertIn("2026-12", self._figures(self.count))

    def test_a_new_definition_restates_under_its_own_name(self):
        self.count.domain = "[('stage_id.done', '=', False)]"
        self.count.action_compute()
        restated = self.count.restatement_ids
        self.assertEqual((restated.reason, restated.old_version, restated.new_version), ("definition", 1, 2))
        self.assertEqual((restated.old_value, restated.new_value), (2.0, 0.0))
        self.assertEqual(self._october(self.count).version, 2)

    def test_a_new_definition_with_the_same_figures_only_takes_the_version(self):
        self.count.domain = "[('archive', '=', False)]"
        self.count.action_compute()
        self.assertEqual(set(self.count.measure_ids.mapped("version")), {2})
        self.assertFalse(self.count.restatement_ids)

    def test_months_beyond_the_horizon_stay_as_they_were(self):
        with freeze_time("2029-06-01 04:00:00"):
            self._create_requests("2026-10-20")
            self.count.action_compute()
        self.assertEqual(self._figures(self.count)["2026-10"], 2.0)
        self.assertFalse(self.count.restatement_ids)
