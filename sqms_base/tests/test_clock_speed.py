from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import SQL

from .common_clock import ClockCase, local


@tagged("post_install", "-at_install", "sqms_alone")
class TestClockSpeed(ClockCase):
    """Twice the clocks, the same number of queries; each search of a pass or a list has its index."""

    def _queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _tickets(self, count):
        with freeze_time(local("2026-09-14 10:00")):
            return self.env["sqms.fake.ticket"].with_user(self.officer).with_company(self.company).create(
                [{"name": str(number), "company_id": self.company.id} for number in range(count)]
            )  # fmt: skip

    def _pair(self, work):
        """The queries for ten tickets and for twenty."""
        counts = []
        for count in (10, 10, 20):
            tickets = self._tickets(count)
            with freeze_time(local("2026-09-14 11:00")):
                counts.append(self._queries(lambda: work(tickets)))  # noqa: B023
        return counts[1:]

    def test_what_deadlines_add_to_the_making_of_a_record(self):
        self._tickets(1)
        with_clocks = self._queries(lambda: self._tickets(1))
        self.policy.action_transition("retire")
        self._tickets(1)
        without = self._queries(lambda: self._tickets(1))
        self.assertEqual(without, 1, "without a regime nothing is asked")
        self.assertLessEqual(with_clocks - without, 5, "three writes; company and calendar are usually known")

    def test_creating_twice_the_records_asks_the_same(self):
        self._tickets(10)
        self.assertEqual(self._queries(lambda: self._tickets(10)), self._queries(lambda: self._tickets(20)))

    def test_taking_a_step_with_twice_the_records_asks_the_same(self):
        few, many = self._pair(lambda tickets: tickets.action_transition("finish"))
        self.assertEqual(few, many)

    def test_pausing_twice_the_clocks_asks_the_same(self):
        few, many = self._pair(lambda tickets: tickets.clock_ids.pause("customer"))
        self.assertEqual(few, many)

    def test_counting_twice_the_clocks_anew_asks_the_same(self):
        few, many = self._pair(lambda tickets: tickets.sudo().clock_ids._refresh())
        self.assertEqual(few, many)
        self.assertLessEqual(many, 12)

    def test_badges_of_twice_the_records_ask_the_same(self):
        few, many = self._pair(lambda tickets: tickets.mapped("clock_badges"))
        self.assertEqual(few, many)

    def test_lists_of_twice_the_clocks_ask_the_same(self):
        few, many = self._pair(
            lambda tickets: tickets.env["sqms.clock"].search([("res_id", "in", tickets.ids)]).read(
                ["res_name", "name", "due_at", "status", "policy_id"])
        )  # fmt: skip
        self.assertEqual(few, many)

    def test_searches_as_the_orm_writes_them_use_their_index(self):
        Clock = self.env["sqms.clock"]
        step, company = self.policy.step_ids[0], self.company
        self.cr.execute(SQL(
            """INSERT INTO sqms_clock (res_model, res_id, policy_id, step_id, company_id, calendar_id, start_at, due_at,
                                       met_at, paused, next_at, epoch)
               SELECT 'sqms.fake.ticket', 1000000 + i, %s, %s, %s, %s, now(),
                      timestamp '2026-01-01' + i * interval '1 minute',
                      CASE WHEN i %% 3 = 0 THEN timestamp '2026-01-01' END, false,
                      CASE WHEN i %% 3 <> 0 THEN timestamp '2026-01-01' + i * interval '1 minute' END, 0
                 FROM generate_series(1, 20000) i""",
            self.policy.id, step.id, company.id, self.calendar.id))  # fmt: skip
        self.cr.execute("ANALYZE sqms_clock")
        for domain, order, index in (
            ([("next_at", "<=", "2026-01-01 01:00:00")], "next_at", "sqms_clock_next_idx"),
            ([("due_at", "<", "2026-01-01 01:00:00"), ("met_at", "=", False)], "due_at", "sqms_clock_due_idx"),
            ([("due_at", "<", "2026-01-01 01:00:00"), ("met_at", "=", False), ("paused", "=", False)], "due_at",
             "sqms_clock_due_idx"),
            ([("res_model", "=", "sqms.fake.ticket"), ("res_id", "in", [1000001, 1000002])], "id",
             "sqms_clock_record_idx"),
        ):  # fmt: skip
            query = Clock.sudo()._search(domain, order=order, limit=80)
            plan = "\n".join(row[0] for row in self.env.execute_query(SQL("EXPLAIN %s", query.select())))
            self.assertIn(index, plan)
            self.assertNotIn("Seq Scan", plan)
