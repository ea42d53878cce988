from datetime import date, timedelta

from odoo import fields
from odoo.tests import tagged

from ..lib.control_schedule import UNITS, due_and_next, occurrence
from .common import sign_step
from .control_common import ControlCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestControlSchedule(ControlCase):
    """Checks come on their day: once, whatever the job does."""

    def _run(self):
        with self.enter_registry_test_mode():
            self.env.ref("sqms_base.ir_cron_control_open").method_direct_trigger()
        self.env.invalidate_all()

    def _due(self, plan):
        return self.env["sqms.control.record"].search([("plan_id", "=", plan.id)], order="date_due, id")

    def test_one_period_later_one_check_and_a_second_run_makes_none(self):
        plan = self._create_plan([self._point(frequency="weeks"), self._pressure(frequency="weeks")])
        self._run()
        self.assertEqual(len(self._due(plan)), 1, "the first one on the day it comes into force")
        with self._days_later(6):
            self._run()
            self.assertEqual(len(self._due(plan)), 1)
        with self._days_later(7):
            self._run()
            self.assertEqual(len(self._due(plan)), 2)
            self._run()
            self.assertEqual(len(self._due(plan)), 2)
        last = self._due(plan)[-1]
        self.assertEqual((last.date_due, last.user_id, len(last.result_ids)), (date(2026, 11, 30), self.plain, 2))
        self.assertEqual(self._due(plan).mapped("state"), ["missed", "open"], "nobody had begun the first one")

    def test_after_a_standstill_one_check_not_twenty(self):
        plan = self._create_plan([self._point(frequency="days")])
        self._run()
        begun = self._due(plan)
        begun.with_user(self.plain).answer(begun.result_ids.id, {"value": "yes"})
        with self._days_later(20):
            self._run()
            records = self._due(plan)
            self.assertEqual(records.mapped("date_due"), [date(2026, 11, 23), date(2026, 12, 13)])
            self.assertEqual(records.mapped("state"), ["open", "open"], "what somebody has begun is not missed")
            self.assertEqual(plan.point_ids.date_next, date(2026, 12, 14))

    def test_days_are_those_of_the_company(self):
        plan = self._create_plan([self._point(frequency="days")])
        self._run()
        with self._days_later(0, hour=11):  # 23 h in Shanghai
            self._run()
            self.assertEqual(len(self._due(plan)), 1)
        with self._days_later(0, hour=12):  # midnight
            self._run()
            self.assertEqual(len(self._due(plan)), 2)

    def test_months_do_not_drift(self):
        plan = self._create_plan([self._point(frequency="months")])
        point = plan.point_ids.sudo()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sqms_control_point SET date_anchor = '2026-10-31', date_next = '2026-11-30' WHERE id = %s",
            [point.id],
        )
        point.invalidate_recordset()
        for days, due in ((7, date(2026, 11, 30)), (38, date(2026, 12, 31))):
            with self._days_later(days):
                self._run()
            self.assertEqual(self._due(plan)[-1].date_due, due)

    def test_each_who_is_asked_gets_one_check(self):
        plan = self._create_plan(
            [
                self._point("A", frequency="days"),
                self._point("B", frequency="days", responsible="employee", employee_id=self.colleague.id),
                self._point("C", frequency="service"),
            ]
        )
        self._run()
        records = self._due(plan)
        self.assertEqual([len(record.result_ids) for record in records], [1, 1])
        self.assertEqual({record.asked_label for record in records}, {self.plain.name, "Colleague"})

    def test_next_version_on_the_same_day_opens_its_own(self):
        plan = self._create_plan([self._point(frequency="days")])
        self._run()
        record = self._due(plan)
        record.with_user(self.plain).answer(record.result_ids.id, {"value": "yes"})
        record.with_user(self.plain).action_finish()
        officer = plan.with_user(self.officer)
        officer.action_transition("look")
        officer.write({"finding": "x", "decision": "y"})
        officer.action_transition("decide")
        officer.action_transition("renew")
        with self._days_later(3):
            self._run()
            self.assertEqual(len(self._due(plan)), 1, "what is being planned is not checked")
        officer.point_ids = [self._point("New", frequency="days")]
        sign_step(plan, "approve", self.manager)
        self._run()
        self.assertEqual(len(self._due(plan)), 2)

    def test_many_plans_cost_what_few_cost(self):
        counts = []
        for number in (2, 8):
            for _index in range(number):
                self._create_plan([self._point(frequency="days")])
            self.env.flush_all()
            self.env.invalidate_all()
            points = self.env["sqms.control.record"]._due_points(500)
            self.assertGreaterEqual(len(points), number)
            before = self.cr.sql_log_count
            self.env["sqms.control.record"]._open_due(points)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], 25, "nothing is asked for each plan but its number")

    def test_arithmetic_against_a_walk_day_by_day(self):
        for unit in UNITS:
            for every in (1, 2, 5):
                for anchor in (date(2024, 1, 31), date(2024, 2, 29), date(2026, 11, 23)):
                    for offset in range(-3, 400, 7):
                        today = anchor + timedelta(days=offset)
                        days = [occurrence(anchor, unit, every, number) for number in range(450)]
                        past = [day for day in days if day <= today]
                        coming = min(day for day in days if day > today)
                        self.assertEqual(due_and_next(anchor, unit, every, today), (past[-1] if past else None, coming))

    def test_morning_shows_what_is_due_today(self):
        plan = self._create_plan([self._point(frequency="days")])
        self._run()
        page = self.env["sqms.morning"].with_user(self.plain).get_morning()
        shown = [page["start_here"], *(item for section in page["sections"] for item in section["items"])]
        self.assertIn(plan.name, [item["title"] for item in shown if item])
        other = self.env["sqms.morning"].with_user(self.colleague_user).get_morning()
        self.assertFalse([section for section in other["sections"] if section["key"] == "checks"])
        self.assertEqual(fields.Date.today(), date(2026, 11, 23))
