from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_clock import ClockCase, local


@tagged("post_install", "-at_install", "sqms_alone")
class TestClockAfterwards(ClockCase):
    """A pause entered afterwards can remove a breach: reason, role, a second person, both times in the ledger."""

    def setUp(self):
        super().setUp()
        self.env.registry.fake_ledger.clear()
        self.ticket = self._create_ticket("2026-09-14 10:00")
        self.solution = self._clock(self.ticket, "solution")

    def test_a_few_minutes_ago_is_now(self):
        with freeze_time(local("2026-09-14 11:04")):
            self.solution.with_user(self.plain).pause("customer", at=local("2026-09-14 11:00"))
        self.assertTrue(self.solution.paused)
        self.assertFalse(self.env.registry.fake_ledger)

    def test_it_needs_a_reason_and_the_role(self):
        with freeze_time(local("2026-09-14 14:00")):
            with self.assertRaisesRegex(UserError, "say why"):
                self.solution.with_user(self.officer).pause("customer", at=local("2026-09-14 11:00"))
            with self.assertRaises(AccessError):
                self.solution.with_user(self.plain).pause("customer", at=local("2026-09-14 11:00"), why="forgot")
            self.solution.with_user(self.officer).pause("customer", at=local("2026-09-14 11:00"), why="forgot")
        self.assertTrue(self.solution.paused)
        event, ids, new, reason = self.env.registry.fake_ledger[-1]
        self.assertEqual((event, ids, reason), ("backdated", self.ticket.ids, "forgot"))
        self.assertEqual(new[self.ticket.id]["at"], "2026-09-14 03:00:00")
        self.assertEqual(new[self.ticket.id]["entered_at"], "2026-09-14 06:00:00")
        with freeze_time(local("2026-09-14 15:00")):
            self.assertEqual(self.solution.explain()["moved_by"][0]["seconds_late"], 3 * 3600)

    def test_too_far_back_a_second_person_approves(self):
        with freeze_time(local("2026-09-16 11:00")):
            with self.assertRaisesRegex(UserError, "another person"):
                self.solution.with_user(self.officer).pause("customer", at=local("2026-09-15 10:00"), why="on paper")
            request = self._request(local("2026-09-15 10:00"))
            self.assertFalse(self.solution.paused, "not yet")
            with self.assertRaisesRegex(UserError, "another person"):
                request.with_user(self.officer).action_transition("approve")
            request.with_user(self.second).action_transition("approve")
            self.assertTrue(self.solution.paused)
        event = self.solution.sudo().event_ids[-1]
        self.assertEqual((event.user_id, event.note), (self.officer, "on paper"))
        self.assertEqual(request.decided_by_id, self.second)
        self.assertEqual(self.env.registry.fake_ledger[-1][0], "backdated")

    def test_once_late_a_second_person_approves_even_a_little(self):
        answer = self._clock(self.ticket, "answer")
        self.assertDue(answer, "2026-09-14 15:00")
        with freeze_time(local("2026-09-14 16:00")):
            with self.assertRaisesRegex(UserError, "another person"):
                answer.with_user(self.officer)._enter("stop", local("2026-09-14 14:50"), why="told by phone")
            request = self._request(local("2026-09-14 14:50"), answer, kind="stop", reason_id=False)
            request.with_user(self.second).action_transition("approve")
        self.assertEqual((answer.met_at, answer.status), (local("2026-09-14 14:50"), "met"))

    def test_a_request_is_the_askers_own_and_stays_as_asked(self):
        with freeze_time(local("2026-09-16 11:00")):
            request = self._request(local("2026-09-15 10:00"), requester_id=self.second.id)
            self.assertEqual(request.requester_id, self.officer)
            for values in ({"at": local("2026-09-14 11:00")}, {"requester_id": self.second.id}, {"state": "approved"}):
                with self.assertRaises(UserError), self.cr.savepoint():
                    request.with_user(self.second).write(values)
            with self.assertRaises(AccessError):
                request.with_user(self.plain).action_transition("approve")
            request.with_user(self.second).action_transition("refuse")
            with self.assertRaises(UserError):
                request.with_user(self.second).action_transition("approve")
        self.assertFalse(self.solution.paused)

    def test_a_request_for_the_future_or_another_reason_or_company_is_refused(self):
        with freeze_time(local("2026-09-16 11:00")):
            with self.assertRaisesRegex(UserError, "future"), self.cr.savepoint():
                self._request(local("2026-09-16 12:00"))
            other = self.env.ref("sqms_base.sqms_clock_reason_author")
            with self.assertRaises(UserError), self.cr.savepoint():
                self._request(local("2026-09-15 10:00"), reason_id=other.id)
            with self.assertRaises(AccessError), self.cr.savepoint():
                self._request(local("2026-09-15 10:00"), user=self.stranger)

    def test_a_breach_removed_afterwards_is_gone_and_the_epoch_rises(self):
        answer = self._clock(self.ticket, "answer")
        with freeze_time(local("2026-09-14 16:00")):
            answer.sudo()._refresh()
            self.assertEqual((answer.breached_at, answer.status), (local("2026-09-14 15:00"), "late"))
            answer.sudo()._create_events([
                {"clock_id": answer.id, "at": local("2026-09-14 11:00"), "kind": "pause", "reason": "x"},
                {"clock_id": answer.id, "at": local("2026-09-14 15:00"), "kind": "resume", "reason": "x"},
            ], local("2026-09-14 16:00"))  # fmt: skip
            answer.invalidate_recordset()
            self.assertEqual(answer.breached_at, local("2026-09-14 15:00"), "the step does not honour this reason")
            solution = self.solution
        with freeze_time(local("2026-09-22 10:00")):
            solution.sudo()._refresh()
            self.assertEqual(solution.status, "late")
            request = self._request(local("2026-09-15 10:00"))
            request.with_user(self.second).action_transition("approve")
        self.assertEqual((solution.breached_at, solution.status, solution.epoch), (False, "paused", 1))
        self.assertEqual(solution.armed_at, local("2026-09-22 10:00"))

    def _request(self, at, clock=None, user=None, **values):
        reason = self.env.ref("sqms_base.sqms_clock_reason_customer")
        return self.env["sqms.clock.backdating"].with_user(user or self.officer).create({
            "clock_id": (clock or self.solution).id, "kind": "pause", "reason_id": reason.id, "at": at,
            "why": "on paper", **values,
        })  # fmt: skip
