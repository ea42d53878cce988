from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib.clock_pass import managing_clocks
from .common_clock import local
from .common_escalation import MODEL, EscalationCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestEscalation(EscalationCase):
    def test_each_rung_is_told_when_it_is_reached_and_once(self):
        ticket = self._create_tickets()
        clock = ticket.clock_ids
        self.assertEqual(clock.next_at, local("2026-09-14 11:00"))
        self._pass("2026-09-14 10:59")
        self.assertFalse(self._notices(ticket))
        expected = [("2026-09-14 11:00", 50), ("2026-09-14 12:00", 3600), ("2026-09-14 14:00", 100)]
        for number, (at, value) in enumerate(expected, 1):
            self._pass(at)
            notices = self._notices(ticket)
            self.assertEqual((len(notices), notices[-1].rung_id.value), (number, value))
            self.assertEqual(notices[-1].reached_at, local(at))
            self._pass(at)
            self.assertEqual(len(self._notices(ticket)), number)
        self._pass("2026-09-14 15:00")
        self.assertEqual(set(self._notices(ticket).mapped("state")), {"told"})
        self.assertEqual(len(self._notices(ticket)), 4)
        self.assertFalse(clock.next_at)

    def test_the_ladder_goes_from_the_handler_to_the_leader_to_the_managers(self):
        ticket = self._create_tickets()
        told = []
        for at in ("2026-09-14 11:00", "2026-09-14 13:00", "2026-09-14 14:00", "2026-09-14 15:00"):
            self._pass(at)
            told.append(self._notices(ticket)[-1].user_ids)
        self.assertEqual(told[:3], [self.handler, self.handler, self.boss])
        self.assertIn(self.manager, told[3])
        self.assertNotIn(self.stranger, told[3])
        self.assertEqual(ticket.activity_ids.user_id, self.handler | self.boss)
        self.assertEqual(len(ticket.activity_ids), 3)

    def test_a_breach_is_marked_within_one_pass(self):
        ticket = self._create_tickets()
        self._pass("2026-09-14 14:00")
        self.assertFalse(ticket.clock_ids.breached_at, "on the second it is due it is not late")
        self._pass("2026-09-14 14:01")
        self.assertEqual(ticket.clock_ids.breached_at, local("2026-09-14 14:00"))

    def test_a_clock_without_ladder_is_marked_too(self):
        self.ladder.action_transition("retire")
        self._create_ladder(code="bare")
        ticket = self._create_tickets()
        self._pass("2026-09-14 14:01")
        self.assertEqual(ticket.clock_ids.breached_at, local("2026-09-14 14:00"))
        self.assertFalse(ticket.clock_ids.next_at or self._notices(ticket))

    def test_after_three_days_off_only_the_highest_is_told_in_one_mail(self):
        tickets = self._create_tickets(30)
        before = self._mails()
        self._pass("2026-09-17 15:30", chunk=7)
        self.assertEqual(len(self._notices(tickets, state="told")), 30)
        self.assertEqual(set(self._notices(tickets, state="told").rung_id.mapped("tell")), {"manager"})
        self.assertEqual(len(self._notices(tickets, state="passed")), 90)
        self.assertFalse(tickets.activity_ids)
        mails = self._mails() - before
        people = self._notices(tickets, state="told").user_ids.partner_id
        self.assertIn(self.manager.partner_id, people)
        self.assertEqual(len(mails), len(people), "one mail to each person, whatever the number of chunks")
        self.assertEqual(mails.recipient_ids, people)
        self.assertIn("Deadlines: 30 need you, 30 late", mails.mapped("subject"))
        self.assertEqual(len(tickets.clock_ids.filtered("breached_at")), 30)
        self._pass("2026-09-17 15:31")
        self.assertEqual(self._mails() - before, mails)

    def test_a_night_off_tells_one_rung_with_one_activity(self):
        ticket = self._create_tickets()
        self._pass("2026-09-14 13:30")
        self.assertEqual(self._notices(ticket).mapped("state"), ["passed", "told"])
        self.assertEqual(len(ticket.activity_ids), 1)
        self.assertIn("Reply: due", ticket.activity_ids.summary)

    def test_rungs_of_the_same_instant_are_one_rung(self):
        self.ladder.action_transition("retire")
        self._create_ladder(
            ("percent", 100, "handler", "activity"), ("percent", 100, "leader", "activity"), code="both"
        )
        ticket = self._create_tickets()
        self._pass("2026-09-14 14:00")
        self.assertEqual(self._notices(ticket).mapped("state"), ["told", "told"])
        self.assertEqual(ticket.activity_ids.user_id, self.handler | self.boss)

    def test_paused_and_stopped_clocks_tell_nothing(self):
        paused, stopped = self._create_tickets(2)
        with freeze_time(local("2026-09-14 10:00")):
            stopped.clock_ids.stop()
        self._let_pause()
        with freeze_time(local("2026-09-14 10:00")):
            paused.clock_ids.pause("customer")
        self._pass("2026-09-14 18:00")
        self.assertFalse(self._notices(paused | stopped))

    def test_when_the_clock_stops_nobody_is_reminded_any_more(self):
        ticket = self._create_tickets()
        self._pass("2026-09-14 13:00")
        self.assertTrue(ticket.activity_ids)
        with freeze_time(local("2026-09-14 13:30")):
            ticket.clock_ids.stop()
        self.assertFalse(ticket.activity_ids)
        self.assertTrue(self._notices(ticket), "the proof stays")

    # ------------------------------------------------------------
    # Withdrawn, and told again
    # ------------------------------------------------------------

    def test_a_pause_entered_afterwards_withdraws_what_was_told_and_a_second_lateness_is_told(self):
        ticket = self._create_tickets()
        clock = ticket.clock_ids
        self._let_pause()
        self._pass("2026-09-14 14:01")
        self.assertTrue(clock.breached_at and ticket.activity_ids)
        with freeze_time(local("2026-09-14 14:10")):
            clock.sudo().pause("customer", at=local("2026-09-14 10:00"), why="He was away")
            clock.sudo().resume("customer", at=local("2026-09-14 14:00"), why="He was away")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(clock.breached_at or ticket.activity_ids)
        self.assertEqual(set(self._notices(ticket).mapped("state")), {"withdrawn"})
        self.assertTrue(all(self._notices(ticket).mapped("withdrawn_at")))
        self.assertEqual((clock.epoch, clock.due_at), (1, local("2026-09-14 17:00")))
        self._pass("2026-09-14 17:01")
        again = self._notices(ticket, epoch=1)
        self.assertEqual(again.filtered(lambda notice: notice.state == "told").rung_id.value, 100)
        self.assertEqual(clock.breached_at, local("2026-09-14 17:00"))

    # ------------------------------------------------------------
    # Who
    # ------------------------------------------------------------

    def test_where_nobody_is_found_the_next_one_above_is_told(self):
        nobody = self._create_tickets(user_id=False)
        self._pass("2026-09-14 11:00")
        self.assertIn(self.manager, self._notices(nobody).user_ids)
        self.employee.write({"parent_id": False, "department_id": False})
        alone = self._create_tickets(at="2026-09-15 09:00")
        self._pass("2026-09-15 14:00")
        self.assertIn(self.manager, self._notices(alone, state="told").user_ids)

    def test_people_who_left_or_work_elsewhere_are_not_told(self):
        gone = self._create_tickets(user_id=self._create_user("gone", "base.group_user").id)
        gone.user_id.active = False
        away = self._create_tickets(user_id=self.stranger.id)
        portal = self._create_tickets(user_id=self._create_user("portal", "base.group_portal").id)
        self._pass("2026-09-14 11:00")
        for ticket in (gone, away, portal):
            users = self._notices(ticket).user_ids
            self.assertTrue(users)
            self.assertNotIn(ticket.user_id, users)

    def test_the_department_names_the_leader_where_the_employee_has_none(self):
        chief = self.env["hr.employee"].create(
            {"name": "Chief", "user_id": self.plain.id, "company_id": self.company.id}
        )
        self.employee.department_id.manager_id = chief
        self.employee.parent_id = False
        ticket = self._create_tickets()
        self._pass("2026-09-14 14:00")
        self.assertEqual(self._notices(ticket, state="told").user_ids, self.plain)

    def test_a_record_may_name_others(self):
        ticket = self._create_tickets(expert_id=self.plain.id)
        self._pass("2026-09-14 14:00")
        self.assertEqual(self._notices(ticket, state="told").user_ids, self.plain)

    def test_a_record_without_activities_is_told_by_mail(self):
        self._create_policy(
            "plain",
            [
                {
                    "name": "Quick",
                    "unit": "work_hours",
                    "target": 3600,
                    "start_states": "create",
                    "rungs": [("percent", 100)],
                }
            ],
        )
        ticket = self._create_ticket("2026-09-14 09:00", user_id=self.handler.id)
        before = self._mails()
        self._pass("2026-09-14 10:00")
        self.assertEqual((self._mails() - before).recipient_ids, self.handler.partner_id)
        self.assertFalse(self._notices(ticket, state="told").activity_ids)

    # ------------------------------------------------------------
    # Words
    # ------------------------------------------------------------

    def test_each_reads_his_language_and_his_hour(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["sqms_base"], ["zh_CN"])
        self.boss.write({"lang": "zh_CN", "tz": "Asia/Tokyo"})
        ticket = self._create_tickets()
        self._pass("2026-09-14 14:00")
        summary = ticket.activity_ids.filtered(lambda activity: activity.user_id == self.boss).summary
        self.assertIn("到期", summary)
        self.assertIn("15:00", summary)
        mail = self.env["mail.mail"].search([("recipient_ids", "in", self.boss.partner_id.ids)], limit=1)
        self.assertIn("时限", mail.subject)
        self.assertIn("Noise", mail.body_html)

    def test_a_mail_names_no_record_that_its_reader_may_not_open(self):
        self.env["ir.rule"].create({
            "name": "own", "model_id": self.env["ir.model"]._get_id(MODEL),
            "domain_force": "[('user_id', '=', user.id)]",
        })  # fmt: skip
        self._create_tickets(name="Secret matter")
        self._pass("2026-09-14 14:00")
        mail = self.env["mail.mail"].search([("recipient_ids", "in", self.boss.partner_id.ids)], limit=1)
        self.assertTrue(mail)
        self.assertNotIn("Secret", mail.body_html)
        self.assertIn("a record that you may not open", mail.body_html)

    def test_mails_are_queued_and_a_note_says_who_was_told(self):
        ticket = self._create_tickets()
        self._pass("2026-09-14 14:00")
        self.assertEqual(set(self._mails().mapped("state")), {"outgoing"})
        self.assertIn("Told: ", ticket.message_ids[0].body)
        self.assertIn(self.boss.name, ticket.message_ids[0].body)

    # ------------------------------------------------------------
    # Cost
    # ------------------------------------------------------------

    def test_with_nothing_due_a_pass_is_a_handful_of_queries_at_any_number_of_clocks(self):
        counts = []
        for number in (5, 200):
            self._create_tickets(number)
            self._pass("2026-09-14 09:01")
            with freeze_time(local("2026-09-14 09:02")), self._no_commit():
                before = self.cr.sql_log_count
                self.env["sqms.clock"]._cron_escalate()
                counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[0], 5)

    def test_twice_the_clocks_cost_the_same_queries(self):
        counts = []
        for day, number in ((14, 20), (15, 20), (16, 40)):
            self._create_tickets(number, at=f"2026-09-{day} 09:00")
            with freeze_time(local(f"2026-09-{day} 14:00")), self._no_commit():
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                self.env["sqms.clock"]._cron_escalate()
                self.env.flush_all()
                counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 2)

    def test_what_is_reached_within_the_minute_has_an_appointment(self):
        self._create_tickets(at="2026-09-14 09:00")
        cron = self.env.ref("sqms_base.ir_cron_clock_escalation")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        with freeze_time(local("2026-09-14 10:58")):
            self._pass("2026-09-14 10:58")
        self.assertEqual(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]), triggers)
        with freeze_time("2026-09-14 02:59:30"), self._no_commit():
            self.env["sqms.clock"]._cron_escalate()
        made = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]) - triggers
        self.assertEqual(made.call_at, local("2026-09-14 11:00"))

    def test_the_job_runs_each_minute(self):
        cron = self.env.ref("sqms_base.ir_cron_clock_escalation")
        self.assertEqual((cron.interval_number, cron.interval_type, cron.active), (1, "minutes", True))

    # ------------------------------------------------------------
    # Proof
    # ------------------------------------------------------------

    def test_nobody_writes_or_deletes_a_notice(self):
        ticket = self._create_tickets()
        self._pass("2026-09-14 14:00")
        notice = self._notices(ticket, state="told")
        for attack in (
            lambda: notice.write({"state": "withdrawn"}),
            lambda: notice.copy(),
            lambda: notice.unlink(),
            lambda: (
                notice.with_context(_force_unlink=True, module_uninstall=True).with_user(self.manager).sudo().unlink()
            ),
        ):
            with self.assertRaises(UserError):
                attack()
        for user in (self.officer, self.manager):
            self.assertEqual(notice.with_user(user).state, "told")
            with self.assertRaises(UserError):
                notice.with_user(user).write({"state": "withdrawn"})
            with managing_clocks(), self.assertRaises(AccessError):
                notice.with_user(user).write({"state": "withdrawn"})
        for user in (self.plain, self.stranger):
            with self.assertRaises(AccessError):
                notice.with_user(user).read(["state"])

    def test_the_database_refuses_to_tell_twice(self):
        ticket = self._create_tickets()
        self._pass("2026-09-14 14:00")
        notice = self._notices(ticket, state="told")
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            managing_clocks(),
            self.cr.savepoint(),
        ):
            notice.copy({"state": "told"}).flush_recordset()

    def test_a_pass_that_breaks_off_leaves_nothing_half_done(self):
        tickets = self._create_tickets(3)
        with (
            patch.object(type(self.env["sqms.clock"]), "_log_told", side_effect=ValueError("power cut")),
            self.assertRaises(ValueError),
            self.cr.savepoint(),
        ):
            self._pass("2026-09-14 14:00")
        self.env.invalidate_all()
        self.assertFalse(self._notices(tickets) or tickets.activity_ids or self._mails())
        self._pass("2026-09-14 14:00")
        self.assertEqual(len(self._notices(tickets, state="told")), 3)
        self.assertEqual(len(tickets.activity_ids), 3)
        self.assertEqual(len(self._mails()), 1)

    def test_mails_that_a_broken_run_owes_are_written_by_the_next(self):
        self._create_tickets(3)
        Notice = type(self.env["sqms.clock.notice"])
        with patch.object(Notice, "_write_mails", side_effect=ValueError("power cut")), self.assertRaises(ValueError):
            self._pass("2026-09-14 14:00")
        self.assertFalse(self._mails())
        self._pass("2026-09-14 14:01")
        self.assertEqual(len(self._mails()), 1)
        self._pass("2026-09-14 14:02")
        self.assertEqual(len(self._mails()), 1)
