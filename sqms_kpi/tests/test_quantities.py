import random
import statistics
from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import SHANGHAI, KpiCase

FIRST, LAST = date(2025, 12, 1), date(2026, 10, 1)
DOMAINS = (
    "[]",
    "[('maintenance_type', '=', 'preventive')]",
    "[('duration', '>', 2)]",
    "[('stage_id.done', '=', True)]",
)

TWINS = {"sum": sum, "mean": statistics.fmean, "median": statistics.median}


@tagged("post_install", "-at_install")
class TestQuantities(KpiCase):
    """Sums and means of a declared number: the same as by hand, month by month and over years."""

    def _create_work(self, hours, **values):
        requests = self._create_requests(*[values.pop("day", "2026-08-05")] * len(hours), **values)
        self.env.flush_all()
        for request, number in zip(requests, hours, strict=True):
            # Below the ORM, which computes it from the planned times.
            self.env.cr.execute("UPDATE maintenance_request SET duration = %s WHERE id = %s", [number, request.id])
        requests.invalidate_recordset()
        return requests

    def _create_quantity(self, kind, code=None, **values):
        return self._create_indicator(
            code or kind, kind=kind, unit="hours", decimals=1, quantity="maintenance.request:duration", **values
        )

    def test_three_hours_and_five_hours_make_a_mean_of_four(self):
        self._create_work([3, 5, 0, None])
        self._create_work([100], company=self.other_company)
        mean, total = self._create_quantity("mean"), self._create_quantity("sum")
        (mean | total)._compute_measures(self.companies)
        self.assertEqual(self._figures(mean), {"2026-08": 4.0, "2026-09": None, "2026-10": None, "2026-11": None})
        self.assertEqual(self._figures(total), {"2026-08": 8.0, "2026-09": 0.0, "2026-10": 0.0, "2026-11": 0.0})
        row = mean.measure("2026-08-01", "2026-08-31")[0]
        self.assertEqual((row["numerator"], row["denominator"], row["value"], row["n"]), (8.0, 2, 4.0, 2))
        measure = mean.measure_ids.filtered("n")
        self.assertEqual((measure.total, measure.denominator, measure.value_label), (8.0, 2, "4.0 h"))
        found = self.env["maintenance.request"].search(measure.action_explain()["domain"])
        self.assertEqual(sorted(found.mapped("duration")), [3, 5])
        self.assertEqual(measure._workbook_row()[1:4], (8.0, 2, 4.0))

    def test_totals_are_made_of_what_is_above_and_below(self):
        # A month of one case with 10 h and one of four with 20 h: 30 h over 5 cases are 6 h, not 7.5 h.
        self._create_work([10], day="2026-08-05")
        self._create_work([2, 4, 6, 8], day="2026-09-05")
        mean, total = self._create_quantity("mean"), self._create_quantity("sum")
        (mean | total)._compute_measures(self.company)
        for indicator, expected in ((mean, 6.0), (total, 30.0)):
            domain = [("indicator_id", "=", indicator.id)]
            for aggregate in ("value:avg", "value:sum"):
                self.assertEqual(self.Measure._read_group(domain, [], [aggregate]), [(expected,)])
            goal = self.env["sqms.goal"].create(
                {
                    "name": "x", "company_id": self.company.id, "owner_id": self.manager.id,
                    "date_from": "2026-01-01", "date_to": "2026-12-31",
                    "target_ids": [(0, 0, {"indicator_id": indicator.id, "target": 1})],
                }
            )  # fmt: skip
            self.assertEqual(goal.target_ids._goal_values(), {goal.target_ids.id: (expected, 5)})

    def test_random_hours_equal_their_twin(self):
        chance = random.Random(11)
        requests = self.env["maintenance.request"]
        for _batch in range(12):
            requests |= self._create_work(
                [chance.choice((None, 0, 0.1, 0.2, 0.25, 1.1, 7, 12.75)) for _number in range(6)],
                day=f"{chance.choice((2025, 2026))}-{chance.choice((10, 11, 12))}-{chance.randrange(1, 29):02}"
                if chance.random() < 0.5
                else f"2026-{chance.randrange(1, 11):02}-{chance.randrange(1, 29):02}",
                done=chance.random() < 0.5, maintenance_type=chance.choice(("preventive", "corrective")),
                company=chance.choice((self.company, self.company, self.other_company)),
            )  # fmt: skip
        self.company.resource_calendar_id.tz = SHANGHAI
        for number, domain in enumerate(DOMAINS):
            for kind in ("sum", "mean", "median"):
                indicator = self._create_quantity(kind, f"{kind}-{number}", domain=domain)
                for row in indicator.measure(FIRST, LAST):
                    counted = requests.filtered(
                        lambda request, month=row["period"]: (
                            request.company_id == self.company
                            and request.request_date.replace(day=1) == month
                            and request.duration
                        )
                    ).filtered_domain(list(indicator._formula().domain))
                    hours = [round(request.duration, 6) for request in counted]
                    expected = TWINS[kind](hours) if hours or kind == "sum" else None
                    self.assertEqual(row["n"], len(hours))
                    if expected is None:
                        self.assertIsNone(row["value"])
                    else:
                        self.assertAlmostEqual(row["value"], expected)

    def test_a_second_night_changes_nothing_and_late_hours_are_restated(self):
        requests = self._create_work([0.1] * 7 + [0.2] * 5 + [1e6])
        mean = self._create_quantity("mean")
        for _night in range(3):
            mean._compute_measures(self.company)
        self.assertFalse(mean.restatement_ids)
        self.env.cr.execute("UPDATE maintenance_request SET duration = 9 WHERE id = %s", [requests[0].id])
        mean._compute_measures(self.company)
        self.assertEqual(len(mean.restatement_ids), 1)
        self.assertAlmostEqual(mean.restatement_ids.new_value - mean.restatement_ids.old_value, 8.9 / 13)

    def test_the_middle_of_months_is_not_the_middle_of_the_year(self):
        self._create_work([1, 2, 9], day="2026-08-05")
        median = self._create_quantity("median")
        median._compute_measures(self.company)
        domain = [("indicator_id", "=", median.id)]
        self.assertEqual(self.Measure._read_group(domain, [], ["value:avg"]), [(2.0,)], "one month has its own")
        goal = self.env["sqms.goal"].create(
            {
                "name": "x", "company_id": self.company.id, "owner_id": self.manager.id,
                "date_from": "2026-01-01", "date_to": "2026-12-31",
                "target_ids": [(0, 0, {"indicator_id": median.id, "target": 1})],
            }
        )  # fmt: skip
        self.assertEqual(goal.target_ids._goal_values(), {goal.target_ids.id: (2.0, 3)})
        self._create_work([4, 5], day="2026-09-05")
        median._compute_measures(self.company)
        self.assertEqual(self._figures(median)["2026-09"], 4.5)
        self.assertEqual(self.Measure._read_group(domain, [], ["value:avg"]), [(False,)], "two medians make none")
        self.assertEqual(goal.target_ids._goal_values(), {})

    def test_a_quotient_divides_sums(self):
        requests = self._create_work([1, 2, 3]) | self._create_work([6], day="2026-09-05")
        for request, down in zip(requests, (10, 0, 20, 10), strict=True):
            self.env.cr.execute("UPDATE maintenance_request SET down_hours = %s WHERE id = %s", [down, request.id])
        requests.invalidate_recordset()
        quotient = self._create_indicator(
            "Q", kind="quotient", unit="percent", decimals=1, quantity="maintenance.request:duration",
            quantity_below="maintenance.request:down_hours",
        )  # fmt: skip
        quotient._compute_measures(self.company)
        self.assertEqual(self._figures(quotient), {"2026-08": 20.0, "2026-09": 60.0, "2026-10": None, "2026-11": None})
        domain = [("indicator_id", "=", quotient.id)]
        self.assertEqual(self.Measure._read_group(domain, [], ["value:avg"]), [(30.0,)], "12 by 40, not 40 %")
        with self.assertRaises(ValidationError):
            self._create_indicator("Q2", kind="quotient", unit="percent", quantity="maintenance.request:duration")
