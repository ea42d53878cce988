import random
from datetime import date, datetime, timedelta
from functools import partial
from unittest.mock import patch

import pytz

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.sqms_base.lib.local_time import local_midnight

from ..lib.months import borders, months_between
from .common import NEW_YORK, SHANGHAI, KpiCase

LOGGER = "odoo.addons.sqms_kpi.models.sqms_indicator"
FIRST, LAST = date(2025, 6, 1), date(2026, 3, 1)
REQUEST_DOMAINS = (
    "[]",
    "[('maintenance_type', '=', 'preventive')]",
    "[('stage_id.done', '=', True)]",
    "['!', ('stage_id.done', '=', True)]",
    "['|', ('priority', 'in', ['2', '3']), ('archive', '=', True)]",
    "['&', ('maintenance_type', '!=', False), '!', ('priority', '=', '1')]",
    "[('equipment_id', '=', False), ('priority', 'not in', ['0'])]",
)
EQUIPMENT_DOMAINS = ("[]", "[('color', '>=', 3)]", "[('category_id', '!=', False)]", "[('color', 'in', [0, 1, 2])]")


@tagged("post_install", "-at_install")
class TestEngine(KpiCase):
    # -- the twin --------------------------------------------------------------

    def _twin(self, indicator, records, months, zone):
        """The same figures counted record by record in Python."""
        formula, expected = indicator._formula(), []
        for month in months:
            counted = records.filtered(lambda record, month=month: self._falls_in(record, formula, month, zone))
            counted = counted.filtered_domain(list(formula.domain))
            fulfilled = counted.filtered_domain(list(formula.numerator))
            expected.append((month, len(fulfilled), len(counted)))
        return expected

    def _falls_in(self, record, formula, month, zone):
        moment = record[formula.date_field]
        if isinstance(moment, datetime):
            moment = pytz.utc.localize(moment).astimezone(pytz.timezone(zone)).date()
        return (
            record.company_id == self.company
            and bool(moment)
            and (moment.year, moment.month) == (month.year, month.month)
        )

    def _moments(self, chance, zone):
        """Random instants, half of them within an hour of a month's border in the zone or in UTC."""
        months = months_between(FIRST, LAST)
        edges = [edge for place in (zone, "UTC") for edge in borders(months, partial(local_midnight, zone=place))]
        while True:
            if chance.random() < 0.5:
                yield chance.choice(edges) + timedelta(seconds=chance.choice((-3600, -1, 0, 1, 3599)))
            else:
                yield datetime(2025, 5, 1) + timedelta(seconds=chance.randrange(400 * 86400))

    def _assert_equals_twin(self, indicator, records, zone):
        months = months_between(FIRST, LAST)
        measured = [
            (row["period"], row["numerator"], row["n"] if indicator.kind == "count" else row["denominator"])
            for row in indicator.measure(FIRST, LAST)
        ]
        self.assertEqual(measured, self._twin(indicator, records, months, zone), f"{indicator.domain} in {zone}")

    def test_random_requests_by_time_equal_their_twin(self):
        for seed, zone in enumerate((SHANGHAI, NEW_YORK, "Pacific/Auckland", "Asia/Kolkata")):
            chance = random.Random(seed)
            self.company.resource_calendar_id.tz = zone
            moments = self._moments(chance, zone)
            records = self.env["maintenance.request"].create(
                [
                    {
                        "name": "x",
                        "company_id": chance.choice((self.company, self.company, self.other_company)).id,
                        "maintenance_team_id": self.team.id,
                        "maintenance_type": chance.choice(("preventive", "corrective", False)),
                        "stage_id": chance.choice((self.done, self.open)).id,
                        "priority": chance.choice("0123"),
                        "archive": chance.random() < 0.3,
                    }
                    for _number in range(60)
                ]
            )
            # Below the ORM, which would make an activity of each date.
            self.env.flush_all()
            for record in records:
                self.env.cr.execute(
                    "UPDATE maintenance_request SET schedule_date = %s WHERE id = %s",
                    [chance.choice((next(moments), next(moments), None)), record.id],
                )
            records.invalidate_recordset()
            for number in range(8):
                values = {
                    "source": "maintenance.request:schedule_date",
                    "domain": chance.choice(REQUEST_DOMAINS),
                    "kind": chance.choice(("count", "ratio")),
                    "numerator_domain": chance.choice(REQUEST_DOMAINS),
                }
                self._assert_equals_twin(self._create_indicator(f"P-{seed}-{number}", **values), records, zone)
            records.unlink()

    def test_random_equipment_by_day_equals_its_twin_without_the_archived(self):
        chance = random.Random(5)
        category = self.env["maintenance.equipment.category"].create({"name": "Vans", "company_id": False})
        records = self.env["maintenance.equipment"].create(
            [
                {
                    "name": "x",
                    "company_id": chance.choice((self.company, self.company, self.other_company)).id,
                    "effective_date": date(2025, 5, 1)
                    + timedelta(days=chance.choice((30, 31, 60, 61, 62, 91, 122, 300, 304))),
                    "category_id": chance.choice((category.id, False)),
                    "color": chance.randrange(6),
                    "active": chance.random() < 0.6,
                }
                for _number in range(120)
            ]
        )
        self.assertTrue(records.filtered("active") and records - records.filtered("active"))
        for number, domain in enumerate(EQUIPMENT_DOMAINS):
            for kind in ("count", "ratio"):
                indicator = self._create_indicator(
                    f"E-{number}-{kind}", source="maintenance.equipment:effective_date", kind=kind, domain=domain,
                    numerator_domain="[('color', '<', 3)]",
                )  # fmt: skip
                self._assert_equals_twin(indicator, records, SHANGHAI)

    def test_stored_figures_equal_those_counted_at_once(self):
        self._create_requests("2026-08-31", "2026-09-01", "2026-11-02", done=True)
        self._create_requests("2026-09-30", "2026-11-30")
        for indicator in (self._create_indicator(), self._create_ratio()):
            indicator.action_compute()
            at_once = {f"{row['period']:%Y-%m}": row["value"] for row in indicator.measure("2026-08-01", "2026-11-30")}
            self.assertEqual(self._figures(indicator), at_once)

    # -- months --------------------------------------------------------------------

    def test_a_month_begins_at_midnight_of_the_company(self):
        requests = self._create_requests("2026-10-01", "2026-10-01")
        for request, moment in zip(requests, ("2026-09-30 15:59:59", "2026-09-30 16:00:00"), strict=True):
            self.env.cr.execute("UPDATE maintenance_request SET schedule_date = %s WHERE id = %s", [moment, request.id])
        indicator = self._create_indicator(source="maintenance.request:schedule_date")
        for user in (self.env.user, self.kpi_officer):
            rows = indicator.with_user(user).with_context(tz="America/Los_Angeles").measure("2026-09-01", "2026-10-31")
            self.assertEqual([row["value"] for row in rows], [1, 1])
        self.company.resource_calendar_id.tz = "UTC"
        rows = indicator.measure("2026-09-01", "2026-10-31")
        self.assertEqual([row["value"] for row in rows], [2, 0])

    def test_each_company_counts_in_its_own_zone_and_month(self):
        self._create_requests("2026-11-02")
        self._create_requests("2026-11-02", company=self.other_company)
        shared = self._create_indicator(company_id=False, source="maintenance.request:schedule_date")
        self.env["maintenance.request"].search([("company_id", "in", self.companies.ids)])
        self.env.flush_all()
        # One o'clock at night of the first of November in Shanghai; still October in New York.
        self.env.cr.execute(
            "UPDATE maintenance_request SET schedule_date = '2026-10-31 17:00:00' WHERE company_id IN %s",
            [tuple(self.companies.ids)],
        )
        shared._compute_measures(self.companies)
        self.assertEqual(self._figures(shared), {"2026-11": 1.0})
        self.assertEqual(self._figures(shared, self.other_company), {"2026-10": 1.0, "2026-11": 0.0})

    def test_empty_months_are_zero_for_counts_and_nothing_for_ratios(self):
        self._create_requests("2026-08-05", "2026-08-06", done=True)
        self._create_requests("2026-11-05")
        count, ratio = self._create_indicator(), self._create_ratio()
        (count | ratio).action_compute()
        self.assertEqual(self._figures(count), {"2026-08": 2.0, "2026-09": 0.0, "2026-10": 0.0, "2026-11": 1.0})
        self.assertEqual(self._figures(ratio), {"2026-08": 100.0, "2026-09": None, "2026-10": None, "2026-11": 0.0})

    def test_zeros_begin_with_the_first_record_of_the_source(self):
        self._create_requests("2026-09-05", maintenance_type="corrective")
        indicator = self._create_indicator(domain="[('maintenance_type', '=', 'preventive')]")
        indicator.action_compute()
        self.assertEqual(self._figures(indicator), {"2026-09": 0.0, "2026-10": 0.0, "2026-11": 0.0})

    def test_older_records_fill_the_whole_horizon(self):
        self._create_requests("2020-01-05")
        indicator = self._create_indicator()
        indicator.action_compute()
        figures = self._figures(indicator)
        self.assertEqual((min(figures), max(figures), len(figures)), ("2024-12", "2026-11", 24))
        self.assertEqual(set(figures.values()), {0.0})

    def test_nothing_at_all_stores_nothing(self):
        indicator = self._create_indicator()
        indicator.action_compute()
        self.assertFalse(indicator.measure_ids)
        self.assertTrue(indicator.computed_at)

    def test_when_all_records_are_gone_the_figures_go_to_zero(self):
        requests = self._create_requests("2026-10-05")
        indicator = self._create_indicator()
        indicator.action_compute()
        requests.unlink()
        indicator.action_compute()
        self.assertEqual(self._figures(indicator), {"2026-10": 0.0, "2026-11": 0.0})

    def test_the_future_is_not_counted(self):
        self._create_requests("2026-11-30", "2026-12-01", "2027-05-01")
        indicator = self._create_indicator()
        indicator.action_compute()
        self.assertEqual(self._figures(indicator), {"2026-11": 1.0})

    # -- companies -------------------------------------------------------------------

    def test_an_indicator_counts_the_records_of_its_company_alone(self):
        self._create_requests("2026-10-05")
        self._create_requests("2026-10-05", "2026-10-06", company=self.other_company)
        mine = self._create_indicator()
        theirs = self._create_indicator(company_id=self.other_company.id)
        shared = self._create_indicator("S-1", company_id=False)
        everyone = self.env["res.company"].search([("active", "=", True)])
        (mine | theirs | shared).with_user(self.env.ref("base.user_root"))._compute_measures(everyone)
        self.assertEqual(mine.measure_ids.company_id, self.company)
        self.assertEqual(theirs.measure_ids.company_id, self.other_company)
        self.assertEqual(self._figures(mine)["2026-10"], 1.0)
        self.assertEqual(self._figures(theirs, self.other_company)["2026-10"], 2.0)
        self.assertEqual(self._figures(shared)["2026-10"], 1.0)
        self.assertEqual(self._figures(shared, self.other_company)["2026-10"], 2.0)
        total = sum(
            row["n"] for row in mine.sudo().with_company(self.other_company).measure("2026-10-01", "2026-10-01")
        )
        self.assertEqual(total, 1)

    def test_what_belongs_to_no_company_is_counted_for_none(self):
        self.env["maintenance.equipment"].create(
            [
                {"name": "Van", "company_id": company, "effective_date": "2026-10-05"}
                for company in (False, False, self.company.id)
            ]
        )
        shared = self._create_indicator(company_id=False, source="maintenance.equipment:effective_date")
        shared._compute_measures(self.companies)
        self.assertEqual(self._figures(shared)["2026-10"], 1.0)
        self.assertFalse(self._figures(shared, self.other_company))

    def test_the_night_job_keeps_companies_apart(self):
        self._create_requests("2026-10-05")
        self._create_requests("2026-10-05", "2026-10-06", company=self.other_company)
        mine, shared = self._create_indicator(), self._create_indicator("S-1", company_id=False)
        with self.enter_registry_test_mode():
            self.env.ref("sqms_kpi.ir_cron_compute").method_direct_trigger()
        (mine | shared).invalidate_recordset()
        self.assertEqual(mine.measure_ids.company_id, self.company)
        self.assertEqual(self._figures(mine)["2026-10"], 1.0)
        self.assertEqual(self._figures(shared, self.other_company)["2026-10"], 2.0)

    def test_the_night_job_leaves_archived_definitions_alone(self):
        self._create_requests("2026-10-05")
        archived = self._create_indicator(active=False)
        with self.enter_registry_test_mode():
            self.env.ref("sqms_kpi.ir_cron_compute").method_direct_trigger()
        self.assertFalse(archived.measure_ids)

    # -- breaking down ------------------------------------------------------------------

    def test_dimensions_add_up_to_the_whole(self):
        self._create_requests("2026-09-05", "2026-10-05", maintenance_type="preventive", done=True)
        self._create_requests("2026-10-05", "2026-10-06", maintenance_type="corrective")
        ratio = self._create_ratio()
        rows = ratio.measure("2026-09-01", "2026-10-31", by=("maintenance_type",))
        self.assertEqual(
            [
                (row["period"].month, row["maintenance_type"], row["numerator"], row["denominator"], row["value"])
                for row in rows
            ],
            [
                (9, "corrective", 0, 0, None),
                (9, "preventive", 1, 1, 100.0),
                (10, "corrective", 0, 2, 0.0),
                (10, "preventive", 1, 1, 100.0),
            ],
        )
        whole = ratio.measure("2026-09-01", "2026-10-31")
        self.assertEqual(sum(row["n"] for row in rows), sum(row["n"] for row in whole))

    def test_a_dimension_that_is_not_declared_is_refused(self):
        indicator = self._create_indicator()
        for path in ("name", "owner_user_id", "create_uid.login", "id"):
            with self.subTest(path), self.assertRaises(UserError):
                indicator.measure("2026-09-01", "2026-10-31", by=(path,))

    # -- faults ------------------------------------------------------------------------

    def test_a_definition_spoilt_below_the_orm_is_left_out_and_says_so(self):
        self._create_requests("2026-10-05")
        good, bad, gone = (self._create_indicator(code) for code in ("G-1", "B-1", "B-2"))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sqms_indicator SET domain = %s WHERE id = %s", ["[('create_uid.login', '=like', 'a%')]", bad.id]
        )
        self.env.cr.execute("UPDATE sqms_indicator SET model = 'res.users', source = 'x:y' WHERE id = %s", [gone.id])
        self.env.invalidate_all()
        with mute_logger(LOGGER):
            (good | bad | gone).action_compute()
        self.assertEqual(self._figures(good)["2026-10"], 1.0)
        self.assertFalse((bad | gone).measure_ids)
        self.assertIn("create_uid.login", bad.compute_error)
        self.assertTrue(gone.compute_error)
        self.assertFalse(good.compute_error)

    def test_one_that_the_database_refuses_does_not_stop_its_neighbours(self):
        self._create_requests("2026-10-05")
        good, bad = self._create_indicator("G-1"), self._create_indicator("B-1", domain="[('archive', '=', False)]")
        engine = self.registry["sqms.indicator.engine"]
        counts = engine._counts

        def poisoned(self, model, formula, query):
            found = list(counts(self, model, formula, query))
            return found if formula.domain.is_true() else [SQL("1 / 0"), SQL("1 / 0")]

        with patch.object(engine, "_counts", poisoned), mute_logger("odoo.sql_db", LOGGER):
            (good | bad).action_compute()
        self.assertEqual(self._figures(good)["2026-10"], 1.0)
        self.assertFalse(bad.measure_ids)
        self.assertTrue(bad.compute_error)
        bad.action_compute()
        self.assertFalse(bad.compute_error)
        self.assertEqual(self._figures(bad)["2026-10"], 1.0)

    def test_measure_asks_for_rights(self):
        indicator = self._create_indicator()
        for user in self.strangers:
            with (
                self.subTest(user.login),
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_model"),
            ):
                indicator.with_user(user).measure("2026-10-01", "2026-10-31")
        for user in self.readers:
            self.assertEqual(indicator.with_user(user).measure("2026-10-01", "2026-10-31")[0]["value"], 0)

    # -- cost ------------------------------------------------------------------------

    def test_queries_grow_neither_with_indicators_nor_with_records(self):
        self._create_requests(*["2026-10-05"] * 5, done=True)
        few = self._create_indicator("Q-1")
        many = self.Indicator.union(
            *(self._create_ratio(f"Q-R{number}", domain=domain) for number, domain in enumerate(REQUEST_DOMAINS * 2)),
            *(self._create_indicator(f"Q-C{number}", domain=domain) for number, domain in enumerate(REQUEST_DOMAINS)),
        )
        (few | many).action_compute()  # warm
        self._create_requests("2026-10-06")
        one = self._queries_to_compute(few)
        all_of_them = self._queries_to_compute(many)
        self._create_requests(*["2026-10-07"] * 60)
        after = self._queries_to_compute(many)
        self.assertEqual(one, all_of_them)
        self.assertEqual(all_of_them, after)
        self.assertLessEqual(one, 12)

    def _queries_to_compute(self, indicators):
        self.env.flush_all()
        self.env.invalidate_all()
        with self._counting_queries() as found:
            indicators.browse(indicators.ids)._compute_measures(self.company)
        return found[0]

    def test_all_indicators_of_a_source_are_one_statement(self):
        self._create_requests("2026-10-05")
        indicators = (
            self._create_indicator("O-1") | self._create_ratio("O-2") | self._create_indicator("O-3", company_id=False)
        )
        engine, calls = self.registry["sqms.indicator.engine"], []
        count = engine._count

        def counted(self, formulas, *args, **kwargs):
            calls.append(len(formulas))
            return count(self, formulas, *args, **kwargs)

        with patch.object(engine, "_count", counted):
            indicators._compute_measures(self.company)
        self.assertEqual(calls, [3])
