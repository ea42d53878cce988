from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.sqms_base.lib.workflow_pass import workflow_import
from odoo.addons.sqms_base.tests.common_clock import local

from .common_complaint_clock import ComplaintClockCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestComplaintPromise(ComplaintClockCase):
    """Who is told before a deadline passes, what follows when it does, and what the customer reads of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.promise = cls.env["sqms.commitment"].create({
            "name": "A decision within 15 days", "promise": "We decide within 15 days.",
            "remedy": "A voucher of 20\nand our apology", "remedy_kind": "voucher", "remedy_amount": 20,
            "company_id": cls.shanghai.id, "date_from": "2026-01-01", "complaint_step_code": "decision",
        })  # fmt: skip
        with workflow_import(cls.promise, "In force"):
            cls.promise.write({"state": "approved", "approved_at": local("2026-01-01 09:00")})

    def _escalate(self, at):
        """What the cron does, once at this time."""
        with freeze_time(local(at)):
            clocks = self.env["sqms.clock"].sudo()
            clocks.browse(clocks._take_reached(1000, []))._escalate()
            self.env.flush_all()

    def _breaches(self, ticket):
        return self.env["sqms.commitment.breach"].search(
            [("res_model", "=", "helpdesk.ticket"), ("res_id", "=", ticket.id)]
        )

    # -- the ladder ------------------------------------------------------------------------

    def test_an_overdue_acknowledgement_escalates(self):
        ticket = self._complain("2026-09-07 10:00")
        told = {}
        for at in ("2026-09-07 17:00", "2026-09-08 14:00", "2026-09-08 17:00", "2026-09-08 18:01"):
            self._escalate(at)
            ack = self._clock(ticket, "ack")
            notices = ack.notice_ids.filtered(lambda notice: notice.state == "told")
            told[at] = set(notices.user_ids.mapped("login"))
        self.assertIn(self.agent.login, told["2026-09-08 14:00"])
        self.assertNotIn(self.officer.login, told["2026-09-08 17:00"])
        self.assertIn(self.leader.login, told["2026-09-08 17:00"])
        self.assertIn(self.officer.login, told["2026-09-08 18:01"])
        self.assertTrue(ticket.complaint_ack_late)

    def test_without_a_handler_the_leader_of_the_team_is_told(self):
        ticket = self._complain("2026-09-07 10:00", user_id=False)
        self._escalate("2026-09-08 14:00")
        notices = self._clock(ticket, "ack").notice_ids.filtered(lambda notice: notice.state == "told")
        self.assertEqual(notices.user_ids, self.leader)

    def test_officers_hear_of_confidential_complaints_only_if_they_may_read_them(self):
        secret = self._create_user("sqms_secret", "sqms_complaint.group_complaint_confidential")
        secret.company_ids |= self.shanghai
        ticket = self._complain("2026-09-07 10:00", complaint_is_confidential=True)
        people = ticket._clock_recipients("manager")[ticket.id]
        self.assertIn(secret, people)
        self.assertNotIn(self.officer, people)

    # -- the promise --------------------------------------------------------------------------

    def test_a_missed_deadline_breaks_the_promise_once_with_its_remedy(self):
        ticket = self._complain("2026-09-07 10:00")
        self._escalate("2026-09-22 17:00")
        self.assertFalse(self._breaches(ticket))
        self._escalate("2026-09-22 18:05")
        breach = self._breaches(ticket)
        self.assertEqual((len(breach), breach.commitment_id), (1, self.promise))
        self.assertEqual(breach.happened_at, local("2026-09-22 18:00"))
        remedy = ticket.remedy_ids
        self.assertEqual((remedy.kind, remedy.amount, remedy.state), ("voucher", 20, "proposed"))
        self.assertEqual((remedy.name, remedy.breach_id), ("A voucher of 20", breach))
        self.assertTrue(remedy.author_id._is_superuser(), "whoever handles it may approve it")
        self._escalate("2026-09-23 10:00")
        with freeze_time(local("2026-09-23 11:00")):
            self._move(ticket, "communicated")
        self.assertEqual(len(self._breaches(ticket)), 1)
        self.assertEqual(len(ticket.remedy_ids), 1)
        with freeze_time(local("2026-09-23 12:00")):
            remedy.with_user(self.manager).action_transition("approve")
            remedy.with_user(self.manager).action_transition("give")
        self.assertEqual((breach.state, breach.remedy_given_amount), ("remedied", 20))

    def test_an_answer_that_comes_late_breaks_it_before_any_job_has_run(self):
        ticket = self._complain("2026-09-07 10:00")
        with freeze_time(local("2026-09-23 11:00")):
            self._move(ticket, "communicated")
        self.assertEqual(len(self._breaches(ticket)), 1)
        self.assertEqual(len(ticket.remedy_ids), 1)

    def test_a_pause_entered_afterwards_takes_the_breach_back_and_a_real_one_is_told_again(self):
        ticket = self._complain("2026-09-07 10:00")
        decision = self._clock(ticket, "decision")
        self._escalate("2026-09-22 18:05")
        with freeze_time(local("2026-09-23 10:00")):
            decision.pause("test", at=local("2026-09-15 10:00"), why="The laboratory has confirmed it")
            decision.resume("test", at=local("2026-09-18 10:00"), why="The laboratory has confirmed it")
        breach, remedy = self._breaches(ticket), ticket.remedy_ids
        self.assertEqual((breach.state, breach.is_disproved, remedy.state), ("dismissed", True, "rejected"))
        self.assertFalse(ticket.complaint_decision_late)
        self._escalate("2026-09-29 18:05")
        self.assertEqual(self._breaches(ticket).state, "reported")
        self.assertEqual(ticket.remedy_ids.mapped("state"), ["rejected", "proposed"])

    def test_what_the_customer_has_got_stays_with_him(self):
        ticket = self._complain("2026-09-07 10:00")
        self._escalate("2026-09-22 18:05")
        with freeze_time(local("2026-09-23 10:00")):
            remedy = ticket.remedy_ids.with_user(self.manager)
            remedy.action_transition("approve")
            remedy.action_transition("give")
            decision = self._clock(ticket, "decision")
            decision.pause("test", at=local("2026-09-15 10:00"), why="The laboratory has confirmed it")
        self.assertEqual((self._breaches(ticket).state, remedy.state), ("remedied", "given"))

    def test_breaches_of_many_complaints_cost_no_more_questions_each(self):
        def breach(number):
            with freeze_time(local("2026-09-07 10:00")):
                values = self._prepare_complaint_values(team_id=self.desk.id, company_id=self.shanghai.id)
                tickets = self.env["helpdesk.ticket"].create([dict(values) for _number in range(number)])
            with freeze_time(local("2026-09-22 18:05")):
                clocks = tickets.sudo().clock_ids.filtered(lambda clock: clock.step_id.code == "decision")
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                clocks._refresh()
                self.env.flush_all()
                self.assertEqual(len(tickets.remedy_ids), number)
                return self.cr.sql_log_count - before

        breach(2)
        few, many = breach(4), breach(8)
        self.assertLessEqual(many - few, 4, "what a remedy itself asks on its way in, nothing of ours")

    # -- figures -----------------------------------------------------------------------------

    def test_what_is_open_and_overdue_counts_as_a_miss(self):
        kept, missed, early = (self._complain("2026-09-07 10:00") for _number in range(3))
        with freeze_time(local("2026-09-07 11:00")):
            kept.action_transition("acknowledge")
        self._escalate("2026-09-08 18:05")
        self.assertEqual((kept.complaint_ack_on_time, kept.complaint_ack_late), (True, False))
        self.assertEqual((missed.complaint_ack_on_time, missed.complaint_ack_late), (False, True))
        self.assertEqual(kept.complaint_ack_due_at, local("2026-09-08 18:00"))
        self.assertEqual((early.complaint_decision_on_time, early.complaint_decision_late), (False, False))
        with freeze_time(local("2026-09-09 11:00")):
            missed.action_transition("acknowledge")
        self.assertEqual((missed.complaint_ack_on_time, missed.complaint_ack_late), (False, True))

    def test_nobody_writes_the_figures(self):
        ticket = self._complain("2026-09-07 10:00")
        for user in (self.agent, self.officer, self.manager):
            with self.assertRaisesRegex(Exception, "filled in"):
                ticket.with_user(user).write({"complaint_ack_on_time": True})

    # -- what the customer reads ------------------------------------------------------------

    def test_the_customer_reads_how_it_is_counted_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        for lang, words in (("en_US", "Paused"), ("zh_CN", None)):
            ticket = self._complain("2026-09-07 10:00", complaint_lang=lang)
            with freeze_time(local("2026-09-08 10:00")):
                decision = self._clock(ticket, "decision").with_user(self.agent)
                decision.pause("test")
            with freeze_time(local("2026-09-10 10:00")):
                decision.resume("test")
            with freeze_time(local("2026-09-14 10:00")):
                told = ticket._complaint_deadlines_public()
                ours = {one["name"]: one for one in told}
                self.assertEqual(len(told), 3, "not those that are our own affair")
                for one in told:
                    counted = sum(row["counted"] for row in one["rows"] if row["kind"] == "counted")
                    self.assertEqual(counted, one["elapsed"])
                    counted = sum(row["counted"] for row in one["minutes"] if row["kind"] == "counted")
                    self.assertEqual(counted, one["elapsed"])
                    to_come = sum(row["counted"] for row in one["rows"] if row["kind"] == "open")
                    self.assertEqual(to_come, one["remaining"] if one["due_at"] and one["status"] != "met" else 0)
                text = repr(told)
                for hidden in (self.agent.name, "sqms_agent", self.leader.name, "Desk", "Complaints, version"):
                    self.assertNotIn(hidden, text)
                if words:
                    self.assertIn("Our decision", ours)
                    self.assertIn("Paused: Test or expert opinion", text)

    def test_deadlines_end_at_the_latest_with_what_binds_the_authority(self):
        codes = {"12315": "12315-body", "telecom-appeal": "telecom-appeal-body"}
        steps = self.env["sqms.clock.step"].search([("policy_id.code", "in", [*codes, *codes.values()])])
        own = {"12315": ("papers",), "telecom-appeal": ("answer",)}
        theirs = {"12315": ("accept",), "telecom-appeal": ("answer_body",)}
        for code, body in codes.items():
            ours = max(s.target for s in steps if s.policy_id.code == code and s.code in own[code])
            them = min(s.target for s in steps if s.policy_id.code == body and s.code in theirs[code])
            self.assertLess(ours, them, code)

    # -- disputes ----------------------------------------------------------------------------

    def test_a_dispute_has_its_own_clock_by_its_body(self):
        body = self.env["sqms.dispute.body"].search([("code", "=", "telecom-appeal")], limit=1) or self.env[
            "sqms.dispute.body"
        ].create({"name": "Appeal centre", "code": "telecom-appeal"})
        ticket = self._complain("2026-09-01 10:00")
        with freeze_time(local("2026-09-07 10:00")):
            dispute = self.env["sqms.complaint.dispute"].create({"ticket_id": ticket.id, "body_id": body.id})
        self.assertEqual(dispute.clock_ids.policy_id.mapped("code"), ["telecom-appeal"])
        self.assertEqual(dispute.clock_due_at, local("2026-09-15 18:00"))
        self.assertGreater(dispute.clock_due_at, local("2026-09-07 10:00") + timedelta(days=7))
