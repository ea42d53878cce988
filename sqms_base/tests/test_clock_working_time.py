from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common_clock import ClockCase, local


@tagged("post_install", "-at_install", "sqms_alone")
class TestClockWorkingTime(ClockCase):
    """When working time changes: running clocks follow and say so, stopped ones stay, other companies are untouched."""

    def test_a_closing_moves_the_running_clocks_it_meets(self):
        ticket, earlier = self._create_ticket("2026-09-14 10:00"), self._create_ticket("2026-08-10 10:00")
        solution = self._clock(ticket, "solution")
        with freeze_time(local("2026-09-15 10:00")):
            leave = self._create_leave(self.company, date(2026, 9, 17), date(2026, 9, 17), "Stock taking")
            self.assertDue(solution, "2026-09-22 18:00")
            self.assertEqual(ticket.clock_due_at, self._clock(ticket, "answer").due_at)
            told = solution.explain()
            self.assertEqual([move["kind"] for move in told["moved_by"]], ["calendar"])
            self.assertIn("Stock taking", [row["label"] for row in told["rows"]])
            leave.unlink()
            self.assertDue(solution, "2026-09-21 18:00")
        self.assertEqual(solution.sudo().event_ids.mapped("kind"), ["start", "calendar", "calendar"])
        self.assertEqual(earlier.sudo().clock_ids.event_ids.mapped("kind"), ["start", "start"])

    def test_the_absence_of_one_person_moves_nothing(self):
        ticket = self._create_ticket("2026-09-14 10:00")
        resource = self.env["resource.resource"].create({"name": "Li", "calendar_id": self.calendar.id})
        with freeze_time(local("2026-09-15 10:00")):
            self.env["resource.calendar.leaves"].create({
                "name": "away", "resource_id": resource.id, "calendar_id": self.calendar.id,
                "date_from": local("2026-09-16 00:00"), "date_to": local("2026-09-18 00:00"),
            })  # fmt: skip
        self.assertDue(self._clock(ticket, "solution"), "2026-09-21 18:00")

    def test_other_hours_move_running_clocks(self):
        ticket = self._create_ticket("2026-09-14 10:00")
        with freeze_time(local("2026-09-15 10:00")):
            friday = self.calendar.attendance_ids.filtered(lambda line: line.dayofweek == "4")
            friday.unlink()
        self.assertDue(self._clock(ticket, "solution"), "2026-09-22 18:00")

    def test_a_stopped_clock_keeps_the_time_it_was_judged_by(self):
        ticket = self._create_ticket("2026-09-14 10:00")
        with freeze_time(local("2026-09-21 18:00")):
            ticket.action_transition("finish")
            solution = self._clock(ticket, "solution")
            before = solution.explain()
        self.assertEqual((solution.status, solution.due_at), ("met", local("2026-09-21 18:00")))
        kept = solution.sudo().event_ids.filtered(lambda event: event.kind == "stop").working_time
        self.assertTrue(kept[str(self.calendar.id)]["spans"])
        self._create_leave(self.company, date(2026, 9, 15), date(2026, 9, 16), "Invented afterwards")
        self.calendar.attendance_ids.filtered(lambda line: line.dayofweek == "4").unlink()
        with freeze_time(local("2026-09-21 18:00")):
            solution.sudo()._refresh()
            solution.invalidate_recordset()
            after = solution.explain()
        self.assertEqual((solution.status, solution.due_at), ("met", local("2026-09-21 18:00")))
        for told in (before, after):
            for row in told["rows"]:
                row.pop("label")
        self.assertEqual(before, after)
        self.assertNotIn("calendar", solution.sudo().event_ids.mapped("kind"))

    def test_reopened_it_keeps_the_past_and_takes_the_present(self):
        self.policy.action_transition("retire")
        self._create_policy(
            "quick", [{"name": "Fix", "code": "fix", "unit": "work_days", "target": 5, "start_states": "create,open",
                       "stop_states": "done"}], reopen_grace=30 * 24 * 3600)  # fmt: skip
        ticket = self._create_ticket("2026-09-14 10:00")
        with freeze_time(local("2026-09-16 19:00")):
            ticket.action_transition("finish")
        self._create_leave(self.company, date(2026, 9, 15), date(2026, 9, 15), "Past")
        self._create_leave(self.company, date(2026, 9, 18), date(2026, 9, 18), "Present")
        with freeze_time(local("2026-09-17 09:00")):
            ticket.action_transition("again")
        # Tuesday and Wednesday were counted and stay counted; then Thursday, Monday and Tuesday.
        self.assertDue(ticket.clock_ids, "2026-09-22 18:00")

    def test_two_companies_do_not_leak(self):
        self._create_policy(
            "theirs", [{"name": "Solution", "code": "solution", "unit": "work_days", "target": 5}],
            company_id=self.other_company.id,
        )  # fmt: skip
        mine = self._create_ticket("2026-09-28 10:00")
        theirs = self._create_ticket("2026-09-28 10:00", user=self.stranger, company=self.other_company)
        self.assertDue(self._clock(mine, "solution"), "2026-10-12 18:00")
        self.assertDue(self._clock(theirs, "solution"), "2026-10-05 18:00")
        with freeze_time(local("2026-09-28 12:00")):
            self._create_leave(self.other_company, date(2026, 10, 2), date(2026, 10, 2), "Theirs")
        self.assertDue(self._clock(mine, "solution"), "2026-10-12 18:00")
        self.assertDue(self._clock(theirs, "solution"), "2026-10-06 18:00")
        self.assertEqual(self._clock(mine, "solution").sudo().event_ids.mapped("kind"), ["start"])

    def test_a_shared_calendar_serves_each_company_with_its_own_closings(self):
        shared = self.calendar.copy({"name": "Shared", "company_id": False})
        self.assertFalse(shared.company_id)
        for company in (self.company, self.other_company):
            self._create_policy(
                f"shared{company.id}", [{"name": "S", "code": "s", "unit": "work_days", "target": 1}],
                company_id=company.id, calendar_id=shared.id,
            )  # fmt: skip
        mine = self._create_ticket("2026-09-14 10:00")
        theirs = self._create_ticket("2026-09-14 10:00", user=self.stranger, company=self.other_company)
        with freeze_time(local("2026-09-14 12:00")):
            self.env["resource.calendar.leaves"].with_company(self.other_company).create({
                "name": "Theirs", "date_from": local("2026-09-15 00:00"), "date_to": local("2026-09-16 00:00"),
            })  # fmt: skip
        self.assertDue(self._clock(mine, "s"), "2026-09-15 18:00")
        self.assertDue(self._clock(theirs, "s"), "2026-09-16 18:00")
        self.assertEqual(self._clock(mine, "s").sudo().event_ids.mapped("kind"), ["start"])
