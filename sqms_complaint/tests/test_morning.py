from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import ComplaintCase


@tagged("post_install", "-at_install")
class TestMorning(ComplaintCase):
    """Complaints on the start page: whose, which, and until when; here by the promise alone, without a regime."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["sqms.complaint.regime"].search([]).active = False
        cls.startClassPatcher(freeze_time("2026-11-23 04:00:00"))
        cls.company.complaint_promise_days = 15
        for user in cls.agent | cls.agent_own | cls.officer | cls.employee | cls.certifier:
            user.tz = "Asia/Shanghai"

    def _page(self, user, **context):
        self.env.flush_all()
        self.env.invalidate_all()
        context = {"lang": "en_US", "tz": user.tz, "allowed_company_ids": user.company_ids.ids, **context}
        return self.env["sqms.morning"].with_user(user).with_context(**context).get_morning()

    def _section(self, page, key="complaints"):
        return next((section for section in page["sections"] if section["key"] == key), None)

    def _received(self, days, hour=2, **values):
        """A complaint of `agent` that came in so many days ago, at ten o'clock in Shanghai."""
        moment = datetime(2026, 11, 23, hour) - timedelta(days=days)
        return self._create_complaint(name=f"{days} days ago", complaint_received_at=moment, **values)

    def test_due_on_the_day_of_the_promise(self):
        for days in (3, 14, 15, 16):
            self._received(days)
        page = self._page(self.agent)
        self.assertEqual((page["waiting"], page["today"]), (4, 2))
        start = page["start_here"]
        self.assertEqual((start["title"], start["due"], start["button"]), ("16 days ago", "2026-11-22", "Reply"))
        self.assertEqual(start["headline"], "Wang Li: 16 days ago")
        section = self._section(page)
        self.assertEqual((section["title"], section["left"], section["count"]), ("My complaints due today", 1, 4))
        self.assertEqual([item["due"] for item in section["items"]], ["2026-11-23"])
        self.assertIn("C/2026/", section["items"][0]["subtitle"])
        self.assertIn("Received", section["items"][0]["subtitle"])

    def test_with_a_regime_it_is_due_with_its_next_deadline(self):
        self.env.ref("sqms_complaint.sqms_complaint_regime_default").active = True
        today, later = self._received(1), self._received(0)
        self._move(later, "acknowledged")
        page = self._page(self.agent)
        self.assertEqual(page["waiting"], 2)
        self.assertEqual(page["start_here"]["key"], f"helpdesk.ticket,{today.id}")
        self.assertGreater(later.clock_due_at, today.clock_due_at)
        with freeze_time(today.clock_due_at):
            self.assertGreaterEqual(self._page(self.agent)["today"], 1)

    def test_nothing_today_lists_what_is_next(self):
        for days in range(7):
            self._received(days)
        page = self._page(self.agent)
        self.assertEqual((page["waiting"], page["today"]), (7, 0))
        section = self._section(page)
        self.assertEqual((section["title"], section["left"]), ("My complaints", 6))
        self.assertEqual([item["title"] for item in section["items"]], [f"{days} days ago" for days in (5, 4, 3, 2, 1)])

    def test_more_than_fit_are_counted_by_the_same_border(self):
        """Received on 8 November: due on the 23rd, which ends at 16:00 UTC in Shanghai."""
        complaints = [self._received(15) for _number in range(7)]
        complaints[0].with_user(self.officer).complaint_received_at = "2026-11-08 15:59:59"
        complaints[1].with_user(self.officer).complaint_received_at = "2026-11-08 16:00:00"
        self.assertEqual(self._page(self.agent)["today"], 6)
        with freeze_time("2026-11-22 15:59:59"):
            self.assertEqual(self._page(self.agent)["today"], 0)
        with freeze_time("2026-11-23 16:00:00"):
            self.assertEqual(self._page(self.agent)["today"], 7)

    def test_whose_turn_it_is(self):
        ours, theirs = self._received(20), self._received(20)
        theirs.complaint_turn = "customer"
        self._received(20, user_id=self.agent_own.id)
        page = self._page(self.agent)
        self.assertEqual((page["waiting"], page["start_here"]["key"]), (1, f"helpdesk.ticket,{ours.id}"))
        self.assertEqual(self._page(self.agent_own)["waiting"], 1)

    def test_what_was_answered_has_no_promise_any_more(self):
        answered = self._move(self._received(20), "implementing")
        page = self._page(self.agent)
        self.assertEqual((page["waiting"], page["today"]), (1, 0))
        self.assertEqual((page["start_here"]["due"], page["start_here"]["button"]), (False, "Carry On"))
        fresh = self._received(2)
        self.assertEqual(self._page(self.agent)["start_here"]["key"], f"helpdesk.ticket,{fresh.id}")
        self._move(answered, "closed")
        self.assertEqual(self._page(self.agent)["waiting"], 1)

    def test_a_company_that_promises_nothing_has_no_dates(self):
        self._received(20)
        self.company.complaint_promise_days = 0
        page = self._page(self.agent)
        self.assertEqual((page["waiting"], page["today"], page["start_here"]["due"]), (1, 0, False))

    def test_plain_tickets_are_the_helpdesks_own(self):
        ticket = self._create_ticket()
        ticket.activity_schedule("mail.mail_activity_data_todo", user_id=self.agent.id, summary="Call back")
        self.assertEqual(self._page(self.agent)["waiting"], 0)
        complaint = self._received(1, user_id=self.agent_own.id)
        complaint.activity_schedule("mail.mail_activity_data_todo", user_id=self.agent.id, summary="Ask the shop")
        page = self._page(self.agent)
        self.assertEqual((page["waiting"], page["start_here"]["title"]), (1, "Ask the shop"))

    def test_complaints_without_a_handler(self):
        before = self._section(self._page(self.officer), "complaints_unassigned") or {"count": 0}
        self._received(1, user_id=False)
        self._received(1, user_id=False, team_id=self.other_team.id)
        agent, officer = (
            self._section(self._page(user), "complaints_unassigned") for user in (self.agent, self.officer)
        )
        self.assertEqual((agent["count"], officer["count"]), (1, before["count"] + 2))
        self.assertEqual(self._page(self.agent)["waiting"], 0, "it waits for somebody, not for him")
        for user in (self.employee, self.certifier, self.agent_own):
            self.assertIsNone(self._section(self._page(user), "complaints_unassigned"), user.login)

    def test_confidential_and_anonymous(self):
        self._received(1, user_id=False).with_user(self.officer).complaint_is_confidential = True
        self.assertIsNone(self._section(self._page(self.agent), "complaints_unassigned"))
        self._received(1, partner_id=False, complaint_is_anonymous=True)
        start = self._page(self.agent)["start_here"]
        self.assertEqual((start["avatar"], start["headline"]), (False, "Anonymous: 1 days ago"))

    def test_another_company_is_not_seen(self):
        other = self.env["res.company"].create({"name": "Elsewhere", "complaint_promise_days": 3})
        team = self.env["helpdesk.ticket.team"].create({"name": "Far desk", "company_id": other.id})
        self._received(1)
        self._received(9, team_id=team.id, company_id=other.id)
        self.assertEqual(self._page(self.agent)["waiting"], 1)
        self.agent.company_ids |= other
        self.assertEqual(self._page(self.agent, allowed_company_ids=self.company.ids)["waiting"], 1)
        page = self._page(self.agent, allowed_company_ids=(self.company | other).ids)
        # Each company keeps its own promise.
        self.assertEqual((page["waiting"], page["start_here"]["due"]), (2, "2026-11-17"))

    def test_twice_as_many_cost_the_same(self):
        counts = []
        for _round in range(3):
            for days in range(10):
                self._received(days + 10)
                self._received(days, user_id=False)
            self._page(self.agent)
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.assertTrue(self._page(self.agent)["today"])
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[1], counts[2])
