import json

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KpiCase


@tagged("post_install", "-at_install")
class TestMeasure(KpiCase):
    def _compute(self, indicator):
        indicator.action_compute()
        return indicator.measure_ids

    # -- none is not zero --------------------------------------------------------

    def test_no_value_is_none_by_every_way_of_reading(self):
        self._create_requests("2026-09-05")
        self._create_requests("2026-11-05", done=True)
        ratio = self._create_ratio()
        measures = self._compute(ratio)
        zero, none = (measures.filtered(lambda m, month=month: m.period.month == month) for month in (9, 10))
        self.assertIs(none.value, False)
        self.assertIs(none.read(["value"])[0]["value"], False)
        self.assertEqual(json.dumps(none.read(["value"])[0]["value"]), "false")
        self.assertEqual(none.web_read({"value": {}})[0]["value"], False)
        self.assertEqual(none.export_data(["value"])["datas"], [[""]])
        self.assertEqual(none.value_label, "–")
        self.assertEqual(self.Measure.search([("id", "in", measures.ids), ("value", "=", False)]), none)
        self.assertEqual(self.Measure.search([("id", "in", measures.ids), ("value", "=", 0)]), zero)
        self.assertIsNot(zero.value, False)
        self.assertEqual(zero.value_label, "0.0 %")
        none.invalidate_recordset()
        self.env.cr.execute("SELECT value IS NULL FROM sqms_measure WHERE id = %s", [none.id])
        self.assertTrue(self.env.cr.fetchone()[0])

    def test_none_survives_a_write_by_the_orm(self):
        self._create_requests("2026-10-05")
        measure = self._compute(self._create_ratio())[:1].sudo()
        measure.value = False
        measure.flush_recordset()
        measure.invalidate_recordset()
        self.assertIs(measure.value, False)
        measure.value = 0.0
        self.env.flush_all()
        measure.invalidate_recordset()
        self.assertIsNot(measure.value, False)

    # -- totals ------------------------------------------------------------------

    def test_totals_add_numerators_and_denominators(self):
        self._create_requests(*["2026-09-05"] * 9, done=True)
        self._create_requests("2026-09-05")
        self._create_requests(*["2026-10-05"] * 10, done=True)
        self._create_requests(*["2026-10-05"] * 90)
        ratio = self._create_ratio()
        self._compute(ratio)
        domain = [("indicator_id", "=", ratio.id)]
        months = dict(self.Measure._read_group(domain, ["period:month"], ["value:avg"]))
        self.assertEqual([round(value, 4) if value else value for value in months.values()][:2], [90.0, 10.0])
        self.assertIs(list(months.values())[2], False)
        for aggregate in ("value:avg", "value:sum"):
            ((total,),) = self.Measure._read_group(domain, [], [aggregate])
            self.assertAlmostEqual(total, 100 * 19 / 110)
        year = self.Measure.formatted_read_group(domain, ["period:year"], ["value:avg"])
        self.assertAlmostEqual(year[0]["value:avg"], 100 * 19 / 110)

    def test_counts_add_up(self):
        self._create_requests("2026-09-05", "2026-10-05", "2026-10-06")
        count = self._create_indicator()
        self._compute(count)
        self.assertEqual(self.Measure._read_group([("indicator_id", "=", count.id)], [], ["value:avg"]), [(3.0,)])

    def test_different_indicators_have_no_value_in_common(self):
        self._create_requests("2026-10-05")
        both = self._create_indicator() | self._create_ratio()
        self._compute(both)
        ((value, cases),) = self.Measure._read_group([("indicator_id", "in", both.ids)], [], ["value:avg", "n:sum"])
        self.assertIs(value, False)
        self.assertEqual(cases, 2)

    def test_per_thousand(self):
        self._create_requests("2026-10-05", done=True)
        self._create_requests(*["2026-10-05"] * 3)
        ratio = self._create_ratio()
        ratio.write({"unit": "per_thousand", "decimals": 0})
        self._compute(ratio)
        self.assertEqual(self._figures(ratio)["2026-10"], 250.0)
        self.assertEqual(ratio.measure_ids.filtered(lambda m: m.period.month == 10).value_label, "250 ‰")

    def test_one_figure_for_each_month(self):
        self._create_requests("2026-10-05")
        measure = self._compute(self._create_indicator())[0].sudo()
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"):
            measure.copy()

    # -- the tile -----------------------------------------------------------------

    def test_tile_shows_the_last_finished_month(self):
        self._create_requests("2026-09-05", done=True)
        self._create_requests("2026-10-05", "2026-10-06", done=True)
        self._create_requests("2026-10-07", "2026-10-08", "2026-11-02")
        ratio = self._create_ratio().with_company(self.company)
        self._compute(ratio)
        self.assertEqual((ratio.latest_label, ratio.latest_month, ratio.latest_n), ("50.0 %", "October 2026", 4))
        self.assertEqual((ratio.change_label, ratio.change_meaning), ("▼ 50.0", "worse"))
        points = json.loads(ratio.chart)[0]["values"]
        self.assertEqual([point["y"] for point in points], [100.0, 50.0])
        ratio.direction = "lower"
        self.assertEqual(ratio.change_meaning, "better")
        ratio.direction = "neutral"
        self.assertEqual(ratio.change_meaning, "same")

    def test_tile_belongs_to_the_current_company(self):
        self._create_requests("2026-10-05")
        shared = self._create_indicator(company_id=False)
        self._compute(shared)
        self.assertEqual(shared.with_company(self.company).latest_label, "1")
        self.assertEqual(shared.with_company(self.other_company).latest_label, "–")

    def test_tile_without_cases_says_nothing_of_a_change(self):
        self._create_requests("2026-09-05")
        ratio = self._create_ratio().with_company(self.company)
        self._compute(ratio)
        self.assertEqual((ratio.latest_label, ratio.change_label), ("–", False))
        self.assertEqual([point["y"] for point in json.loads(ratio.chart)[0]["values"]], [0.0, None])

    def test_tiles_cost_the_same_however_many(self):
        self._create_requests("2026-09-05", "2026-10-05")
        first = self._create_indicator("T-0")
        more = self.Indicator.union(*(self._create_indicator(f"T-{number}") for number in range(1, 9)))
        self._compute(first | more)
        counts = []
        for indicators in (first, more):
            self.env.invalidate_all()
            with self._counting_queries() as found:
                indicators.with_context(prefetch_fields=True).mapped("latest_label")
            counts.append(found[0])
        self.assertEqual(*counts)

    def test_month_in_the_readers_language(self):
        self._create_requests("2026-10-05")
        measure = self._compute(self._create_indicator())[-1:]
        self.assertEqual(measure.month, "October 2026")
        self.assertEqual(measure.with_context(lang="zh_CN").month, "2026年10月")

    # -- explain ---------------------------------------------------------------------

    def _open(self, action, user):
        return self.env[action["res_model"]].with_user(user).with_context(**action["context"]).search(action["domain"])

    def test_explain_lists_the_records_behind_a_number(self):
        done = self._create_requests("2026-10-05", done=True)
        late = self._create_requests("2026-10-06")
        self._create_requests("2026-11-01", "2026-09-30")
        self._create_requests("2026-10-05", company=self.other_company)
        ratio = self._create_ratio()
        measure = self._compute(ratio).filtered(lambda m: m.period.month == 10)
        self.assertEqual(self._open(measure.action_explain(), self.env.user), done | late)
        self.assertEqual(self._open(measure.action_explain_numerator(), self.env.user), done)

    def test_explain_follows_the_companys_month(self):
        request = self._create_requests("2026-10-05")
        self.env.cr.execute(
            "UPDATE maintenance_request SET schedule_date = '2026-09-30 16:00:00' WHERE id = %s", [request.id]
        )
        request.invalidate_recordset()
        indicator = self._create_indicator(source="maintenance.request:schedule_date")
        measure = self._compute(indicator).filtered(lambda m: m.period.month == 10)
        self.assertEqual(measure.n, 1)
        self.assertEqual(self._open(measure.action_explain(), self.env.user), request)

    def test_explain_leaves_out_the_archived_where_they_are_not_counted(self):
        equipment = self.env["maintenance.equipment"].create(
            [{"name": "Van", "company_id": self.company.id, "effective_date": "2026-10-05", "active": active}
             for active in (True, False)]
        )  # fmt: skip
        indicator = self._create_indicator(source="maintenance.equipment:effective_date")
        measure = self._compute(indicator).filtered(lambda m: m.period.month == 10)
        self.assertEqual(measure.n, 1)
        self.assertEqual(self._open(measure.action_explain(), self.env.user), equipment[0])

    def test_explain_shows_what_the_reader_may_open_and_says_so(self):
        own = self._create_requests("2026-10-05", user_id=self.officer.id)
        self._create_requests("2026-10-06", "2026-10-07", user_id=self.manager.id)
        measure = self._compute(self._create_indicator()).filtered(lambda m: m.period.month == 10)
        action = measure.with_user(self.officer).action_explain()
        self.assertEqual(self._open(action, self.officer), own)
        self.assertIn("1 of 3 records", action["name"])

    def test_explain_refuses_where_the_role_reads_no_such_records(self):
        self._create_requests("2026-10-05")
        measure = self._compute(self._create_indicator())[-1:]
        self.env["ir.model.access"].search([("model_id.model", "=", "maintenance.request")]).active = False
        with self.assertRaisesRegex(AccessError, "opens none of the 1 records"):
            measure.with_user(self.officer).action_explain()

    def test_explain_says_when_nothing_of_it_is_open(self):
        self._create_requests("2026-10-05", "2026-10-06")
        measure = self._compute(self._create_indicator())[-1:]
        with self.assertRaisesRegex(AccessError, "opens none of the 2 records"):
            measure.with_user(self.officer).action_explain()

    def test_explain_does_not_pass_off_a_new_definition_as_the_old(self):
        requests = self._create_requests("2026-10-05")
        indicator = self._create_indicator()
        measure = self._compute(indicator)[-1:]
        indicator.domain = "[('stage_id.done', '=', True)]"
        october = indicator.measure_ids.filtered(lambda measure: measure.period.month == 10)
        action = october.action_explain()
        self.assertEqual(self.env["maintenance.request"].search(action["domain"]), requests)
        self.env.cr.execute("DELETE FROM sqms_indicator_version WHERE indicator_id = %s", [indicator.id])
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "not on record"):
            measure.action_explain()
