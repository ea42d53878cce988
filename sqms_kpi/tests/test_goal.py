import random

from odoo.tests import tagged

from .common import KpiCase


@tagged("post_install", "-at_install")
class TestGoalFigures(KpiCase):
    """Goals are measured by the months on record, and no month that is still running."""

    def _create_goal(self, *indicators, **values):
        return self.env["sqms.goal"].create(
            {
                "name": "Upkeep",
                "company_id": self.company.id,
                "owner_id": self.manager.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "target_ids": [
                    (0, 0, {"indicator_id": indicator.id, "baseline": 0, "target": 50}) for indicator in indicators
                ],
                **values,
            }
        )

    def test_ratio_is_the_sum_of_its_parts_over_the_finished_months(self):
        # 9 of 10 and 10 of 100 make 19 of 110.
        self._create_requests(*["2026-08-05"] * 9, done=True)
        self._create_requests("2026-08-06")
        self._create_requests(*["2026-09-05"] * 10, done=True)
        self._create_requests(*["2026-09-06"] * 90)
        self._create_requests(*["2026-11-06"] * 50)  # the month is not over
        self._create_requests(*["2026-08-05"] * 7, company=self.other_company)
        ratio, count = self._create_ratio(), self._create_indicator()
        goal = self._create_goal(ratio, count)
        self.assertEqual(goal.progress_label, "not measured")
        (ratio | count)._compute_measures(self.companies)
        goal.invalidate_recordset()
        share, number = goal.target_ids
        values = goal.target_ids._goal_values()
        self.assertAlmostEqual(values[share.id][0], 100 * 19 / 110)
        self.assertEqual((values[share.id][1], values[number.id]), (110, (110.0, 110)))
        self.assertEqual(share.value_label, "17.3 % (n = 110)")
        # 17.27 on the way from 0 to 50 is 34.5 %; the count is there.
        self.assertAlmostEqual(goal.progress, (100 * (100 * 19 / 110) / 50 + 100) / 2)
        goal.write({"date_from": "2026-09-15", "date_to": "2026-10-31"})
        self.assertEqual(goal.target_ids._goal_values()[share.id], (10.0, 100))
        goal.write({"date_from": "2026-10-01", "date_to": "2026-10-31"})
        self.assertEqual(goal.target_ids._goal_values(), {number.id: (0.0, 0)})
        goal.write({"date_from": "2027-01-01", "date_to": "2027-12-31"})
        self.assertEqual(goal.target_ids._goal_values(), {})

    def test_an_indicator_that_counted_in_two_ways_has_no_figure(self):
        self._create_requests("2026-08-05", "2026-09-05", done=True)
        ratio = self._create_ratio()
        ratio._compute_measures(self.company)
        goal = self._create_goal(ratio)
        self.assertEqual(goal.target_ids._goal_values(), {goal.target_ids.id: (100.0, 2)})
        self.env.cr.execute(
            "UPDATE sqms_measure SET kind = 'count', factor = 1 WHERE indicator_id = %s AND period = '2026-08-01'",
            [ratio.id],
        )
        self.assertEqual(goal.target_ids._goal_values(), {})

    def test_random_goals_equal_their_twin_in_as_many_queries(self):
        chance, asked = random.Random(7), []
        indicators = self._create_ratio() | self._create_indicator()
        for month in range(1, 12):
            day = f"2026-{month:02}-15"
            self._create_requests(*[day] * chance.randrange(4), done=True)
            self._create_requests(*[day] * chance.randrange(3))
        indicators._compute_measures(self.company)
        for number in (4, 8):
            goals = self.env["sqms.goal"]
            for _goal in range(number):
                first, last = sorted(chance.sample(range(1, 13), 2))
                goals |= self._create_goal(
                    *indicators, date_from=f"2026-{first:02}-{chance.randrange(1, 28):02}",
                    date_to=f"2026-{last:02}-{chance.randrange(1, 28):02}",
                )  # fmt: skip
            with self._counting_queries() as queries:
                values = goals.target_ids._goal_values()
            asked.append(queries[0])
            for line in goals.target_ids:
                cells = self.Measure.search([("indicator_id", "=", line.indicator_id.id), ("is_final", "=", True)])
                cells = cells.filtered(
                    lambda cell, goal=line.goal_id: goal.date_from.replace(day=1) <= cell.period <= goal.date_to
                )
                above, below = sum(cells.mapped("numerator")), sum(cells.mapped("denominator"))
                if line.indicator_id.kind == "count":
                    expected = (float(above), above) if cells else None
                else:
                    expected = (100 * above / below, below) if below else None
                self.assertEqual(values.get(line.id), expected)
        self.assertEqual(asked[0], asked[1])
