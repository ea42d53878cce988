from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common_clock import ClockCase, local


@tagged("post_install", "-at_install", "sqms_alone")
class TestClock(ClockCase):
    """Clocks on a record with a workflow, by the regimes in force."""

    def test_clocks_start_with_the_record_and_say_when_they_are_due(self):
        ticket = self._create_ticket("2026-09-28 10:00")
        answer, solution = self._clock(ticket, "answer"), self._clock(ticket, "solution")
        self.assertDue(answer, "2026-09-28 15:00")
        # Monday 28, and the holiday from the 1st to the 7th.
        self.assertDue(solution, "2026-10-12 18:00")
        self.assertEqual(ticket.clock_due_at, answer.due_at)
        self.assertEqual(ticket.clock_nearest_id, answer)
        self.assertEqual([badge["name"] for badge in ticket.clock_badges], ["Answer", "Solution"])

    def test_a_state_stops_one_clock_and_the_other_goes_on(self):
        ticket = self._create_ticket("2026-09-28 10:00")
        with freeze_time(local("2026-09-28 14:00")):
            ticket.action_transition("take")
        answer = self._clock(ticket, "answer")
        self.assertEqual((answer.met_at, answer.status), (local("2026-09-28 14:00"), "met"))
        self.assertEqual(ticket.clock_nearest_id, self._clock(ticket, "solution"))

    def test_a_state_pauses_and_the_days_it_covers_do_not_count(self):
        ticket = self._create_ticket("2026-09-14 10:00")
        solution = self._clock(ticket, "solution")
        self.assertDue(solution, "2026-09-21 18:00")
        with freeze_time(local("2026-09-14 11:00")):
            ticket.action_transition("take")
        with freeze_time(local("2026-09-15 10:00")):
            ticket.action_transition("ask")
            self.assertFalse(solution.due_at)
            self.assertEqual((solution.status, solution.paused), ("paused", True))
        with freeze_time(local("2026-09-16 10:00")):
            ticket.action_transition("answer")
        self.assertDue(solution, "2026-09-22 18:00")

    def test_reopened_later_a_new_clock_starts_and_follows_the_old_one(self):
        ticket = self._create_ticket("2026-09-14 10:00")
        with freeze_time(local("2026-09-15 10:00")):
            ticket.action_transition("finish")
        first = self._clock(ticket, "solution")
        with freeze_time(local("2026-09-17 10:00")):
            ticket.action_transition("again")
        second = self._clock(ticket, "solution")
        self.assertNotEqual(first, second)
        self.assertEqual(second.previous_id, first)
        self.assertTrue(first.met_at)
        self.assertDue(second, "2026-09-24 18:00")

    def test_reopened_soon_the_clock_goes_on_with_what_was_left(self):
        self.policy.action_transition("retire")
        self._create_policy(
            "quick",
            [{"name": "Fix", "code": "fix", "unit": "work_hours", "target": 4 * 3600, "start_states": "create,open",
              "stop_states": "done"}],
            reopen_grace=72 * 3600,
        )  # fmt: skip
        ticket = self._create_ticket("2026-09-14 09:00")
        with freeze_time(local("2026-09-14 11:00")):
            ticket.action_transition("finish")
        with freeze_time(local("2026-09-16 09:00")):
            ticket.action_transition("again")
        self.assertEqual(len(ticket.clock_ids), 1)
        self.assertDue(ticket.clock_ids, "2026-09-16 11:00")

    def test_each_reason_of_a_step_holds_until_the_last_is_gone(self):
        ticket = self._create_ticket("2026-09-14 10:00")
        solution = self._clock(ticket, "solution")
        with freeze_time(local("2026-09-15 10:00")):
            solution.pause("customer")
            solution.pause("parts")
        with freeze_time(local("2026-09-16 10:00")):
            solution.resume("customer")
            self.assertTrue(solution.paused)
        with freeze_time(local("2026-09-17 10:00")):
            solution.resume()
            self.assertFalse(solution.paused)
        self.assertDue(solution, "2026-09-23 18:00")

    def test_a_reason_that_no_step_honours_is_refused_with_the_possible_ones(self):
        ticket = self._create_ticket("2026-09-14 10:00")
        with freeze_time(local("2026-09-14 10:30")):
            with self.assertRaisesRegex(UserError, "Waiting for the customer"):
                self._clock(ticket, "solution").pause("lunch")
            held = ticket.clock_ids.pause("customer")
        self.assertEqual(held, self._clock(ticket, "solution"), "the answer is owed whatever the customer does")

    def test_the_future_is_refused(self):
        ticket = self._create_ticket("2026-09-14 10:00")
        with freeze_time(local("2026-09-14 10:30")), self.assertRaisesRegex(UserError, "future"):
            self._clock(ticket, "solution").pause("customer", at=local("2026-09-14 10:31"))

    def test_an_unverified_regime_counts_nothing(self):
        policy = self._create_policy("draft", [{"name": "Never", "unit": "days", "target": 1}], verify=False)
        ticket = self._create_ticket("2026-09-14 10:00")
        self.assertNotIn("Never", ticket.clock_ids.mapped("name"))
        with self.assertRaisesRegex(UserError, "not verified"):
            self.env["sqms.clock"].start(ticket, policy)

    def test_a_regime_in_use_does_not_change_and_a_new_version_takes_its_place(self):
        ticket = self._create_ticket("2026-09-14 10:00")
        step = self.policy.step_ids[1]
        for attack in (
            lambda: self.policy.write({"ends_at": "midnight"}),
            lambda: step.write({"target": 50}),
            lambda: step.unlink(),
            lambda: self.env["sqms.clock.step"].create({"policy_id": self.policy.id, "name": "More"}),
            lambda: self.env["sqms.clock.rung"].create({"step_id": step.id}),
            lambda: self.policy.write({"step_ids": [(1, step.id, {"target": 1})]}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attack()
        draft = self.policy.with_user(self.manager)._new_version()
        self.assertEqual((draft.version, draft.state, len(draft.step_ids)), (2, "draft", 2))
        self.assertEqual(draft.previous_id, self.policy)
        draft.step_ids[1].target = 3
        draft.action_transition("verify")
        self.assertEqual(self.policy.state, "retired")
        solution = self._clock(ticket, "solution")
        self.assertEqual(solution.policy_id, self.policy, "clocks that run keep their version")
        later = self._create_ticket("2026-09-14 10:00")
        self.assertDue(self._clock(later, "solution"), "2026-09-17 18:00")

    def test_flexible_hours_are_refused(self):
        flexible = self.env["resource.calendar"].create({"name": "Any time", "flexible_hours": True})
        with self.assertRaisesRegex(ValidationError, "flexible"):
            self._create_policy("x", [], verify=False, calendar_id=flexible.id)

    def test_a_company_with_flexible_hours_has_clocks_without_a_due_date_that_say_why(self):
        self.calendar.flexible_hours = True
        ticket = self._create_ticket("2026-09-14 10:00")
        clock = self._clock(ticket, "solution")
        self.assertFalse(clock.due_at)
        with freeze_time(local("2026-09-14 11:00")):
            self.assertEqual(clock.explain()["due_reason"], "flexible")

    def test_a_step_names_only_states_that_the_record_has(self):
        with self.assertRaisesRegex(ValidationError, "elsewhere"):
            self._create_policy("y", [{"name": "S", "unit": "days", "target": 1, "stop_states": "elsewhere"}])

    def test_another_regime_counts_from_the_start_and_leaves_its_grace(self):
        ticket = self._create_ticket("2026-09-14 09:00")
        answer = self._clock(ticket, "answer")
        self.assertDue(answer, "2026-09-14 14:00")
        urgent = self._create_policy(
            "urgent", [{"name": "Answer", "code": "answer", "unit": "work_hours", "target": 3600}], grace=1800
        )
        with freeze_time(local("2026-09-14 13:00")):
            answer.change_policy(urgent)
            self.assertEqual(answer.policy_id, urgent)
            self.assertDue(answer, "2026-09-14 13:30")
            told = answer.explain()
        self.assertIn(("moved", "grace"), [(row["kind"], row["reason"]) for row in told["rows"]])
        self.assertEqual([move["kind"] for move in told["moved_by"]], ["policy"])

    def test_the_person_responsible_follows_the_record(self):
        ticket = self._create_ticket("2026-09-14 10:00", user_id=self.plain.id)
        self.assertEqual(ticket.clock_ids.user_id, self.plain)
        ticket.user_id = self.officer
        self.assertEqual(ticket.clock_ids.user_id, self.officer)

    def test_a_deleted_record_takes_its_clocks_along(self):
        ticket = self._create_ticket("2026-09-14 10:00")
        clocks, events = ticket.sudo().clock_ids, ticket.sudo().clock_ids.event_ids
        ticket.unlink()
        self.assertFalse(clocks.exists() or events.exists())

    def test_an_event_taken_back_counts_no_more_and_stays(self):
        ticket = self._create_ticket("2026-09-14 10:00")
        solution = self._clock(ticket, "solution")
        with freeze_time(local("2026-09-15 10:00")):
            solution.pause("customer")
        event = solution.sudo().event_ids.filtered(lambda event: event.kind == "pause")
        with freeze_time(local("2026-09-17 10:00")):
            solution.sudo().void(event, "wrong case")
            self.assertDue(solution, "2026-09-21 18:00")
            self.assertEqual(event.exists().kind, "pause")
            known = solution.explain(known_at=local("2026-09-16 10:00"))
        self.assertTrue(known["paused"], "as known at the time it was paused")

    def test_the_explanation_sums_to_what_elapsed(self):
        ticket = self._create_ticket("2026-09-28 10:00")
        solution = self._clock(ticket, "solution")
        with freeze_time(local("2026-10-09 20:00")):
            told = solution.with_user(self.officer).explain()
        rows = told["rows"]
        self.assertEqual(sum(row["counted"] for row in rows if row["kind"] == "counted"), told["elapsed"])
        self.assertEqual(sum(row["counted"] for row in rows if row["kind"] == "open"), told["remaining"])
        self.assertEqual((told["elapsed"], told["remaining"], told["due"]), (4, 1, "2026-10-12T10:00:00Z"))
        self.assertIn("National Day", [row["label"] for row in rows])
        self.assertEqual(told["title"], ticket.display_name)

    def test_the_explanation_is_folded_into_lines_that_keep_the_sum(self):
        ticket = self._create_ticket("2026-09-28 10:00")
        with freeze_time(local("2026-10-09 20:00")):
            html = str(self._clock(ticket, "solution").with_user(self.officer).explanation)
        for words in ("Tue, Sep 29 – Wed, Sep 30", "National Day", "4 d used, 1 d left", "Mon, Oct 12, 2026 18:00"):
            self.assertIn(words, html)

    def test_a_person_pauses_on_the_form_or_asks_for_it(self):
        ticket = self._create_ticket("2026-09-14 10:00")
        solution = self._clock(ticket, "solution").with_user(self.officer)
        reason = self.env.ref("sqms_base.sqms_clock_reason_customer")
        Wizard = self.env["sqms.clock.pause"].with_user(self.officer)
        with freeze_time(local("2026-09-16 10:00")):
            Wizard.create({"clock_id": solution.id, "reason_id": reason.id}).action_apply()
            self.assertTrue(solution.paused)
            Wizard.create({"clock_id": solution.id, "kind": "resume"}).action_apply()
            self.assertFalse(solution.paused)
            late = Wizard.create({
                "clock_id": solution.id, "reason_id": reason.id, "at": local("2026-09-14 12:00"), "why": "on paper",
            })  # fmt: skip
            self.assertTrue(late.needs_approval)
            late.action_apply()
        self.assertFalse(solution.paused)
        request = self.env["sqms.clock.backdating"].search([("clock_id", "=", solution.id)])
        self.assertEqual((request.state, request.requester_id), ("requested", self.officer))
