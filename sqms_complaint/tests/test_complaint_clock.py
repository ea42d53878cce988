from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.sqms_base.lib.workflow_pass import workflow_import
from odoo.addons.sqms_base.tests.common_clock import local

from .common_complaint_clock import ComplaintClockCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestComplaintClock(ComplaintClockCase):
    """When a complaint is due: from its receipt, by the working time of the company, by the rules of counting."""

    # -- due dates: the day after the receipt is day one --------------------------------

    def test_received_just_before_and_just_after_closing_on_a_friday(self):
        for at in ("2026-09-04 17:59", "2026-09-04 18:01"):
            ticket = self._complain(at)
            self.assertDue(ticket, "ack", "2026-09-07 18:00")
            self.assertDue(ticket, "assess", "2026-09-08 18:00")
            self.assertDue(ticket, "reply", "2026-09-11 18:00")
            self.assertDue(ticket, "decision", "2026-09-19 23:59")
            self.assertEqual(ticket.clock_due_at, local("2026-09-07 18:00"))

    def test_a_make_up_sunday_is_a_working_day(self):
        ticket = self._complain("2026-09-18 18:01")
        self.assertDue(ticket, "ack", "2026-09-20 18:00")
        self.assertDue(ticket, "assess", "2026-09-21 18:00")

    def test_across_national_day_with_its_make_up_saturday(self):
        ticket = self._complain("2026-09-28 10:00")
        self.assertDue(ticket, "ack", "2026-09-29 18:00")
        self.assertDue(ticket, "reply", "2026-10-10 18:00")
        self.assertDue(self._complain("2026-09-29 10:00"), "reply", "2026-10-12 18:00")

    def test_a_legal_period_moves_to_the_next_working_day_and_an_own_promise_stays(self):
        self._in_use("complaint_telecom")
        self.shanghai.sqms_sector_telecom = True
        ticket = self._complain("2026-09-20 10:00")
        self.assertDue(ticket, "decision", "2026-10-05 23:59")
        self.assertDue(ticket, "reply", "2026-10-08 18:00")

    def test_a_pause_for_a_test_costs_the_days_whose_closing_it_covers(self):
        ticket = self._complain("2026-09-04 10:00")
        decision = self._clock(ticket, "decision")
        with freeze_time(local("2026-09-08 10:00")):
            decision.pause("test")
        self.assertFalse(decision.due_at)
        with freeze_time(local("2026-09-11 10:00")):
            decision.resume("test")
        self.assertDue(ticket, "decision", "2026-09-22 18:00")
        with self.assertRaises(UserError), freeze_time(local("2026-09-04 11:00")):
            self._clock(ticket, "ack").pause("test")

    def test_the_zone_is_that_of_the_company_not_of_the_agent(self):
        self.agent.tz = "America/New_York"
        ticket = self._complain("2026-09-04 01:00", user=self.agent)
        self.assertDue(ticket, "ack", "2026-09-07 18:00")
        self.assertDue(ticket, "decision", "2026-09-19 23:59")

    # -- receipt -------------------------------------------------------------------------

    def test_what_came_in_on_friday_and_was_entered_on_monday_counts_from_friday(self):
        ticket = self._complain("2026-09-07 09:30", complaint_received_at=local("2026-09-04 15:00"))
        self.assertDue(ticket, "ack", "2026-09-07 18:00")
        self.assertEqual(set(ticket.clock_ids.mapped("start_at")), {local("2026-09-04 15:00")})

    def test_a_corrected_receipt_moves_the_deadlines_and_the_ledger_tells(self):
        ticket = self._complain("2026-09-08 10:00")
        with freeze_time(local("2026-09-08 11:00")):
            with self.assertRaises(AccessError):
                ticket.with_user(self.agent).complaint_received_at = local("2026-09-04 15:00")
            ticket.with_user(self.officer).complaint_received_at = local("2026-09-07 15:00")
        self.assertDue(ticket, "ack", "2026-09-08 18:00")
        self.assertDue(ticket, "decision", "2026-09-22 18:00")
        self.assertIn("received_at", ticket.sqms_history().mapped("event"))
        self.assertIn("void", self._clock(ticket, "ack").event_ids.mapped("kind"))

    def test_a_corrected_receipt_judges_a_stopped_clock_anew(self):
        ticket = self._complain("2026-09-08 10:00")
        with freeze_time(local("2026-09-08 10:30")):
            ticket.action_transition("acknowledge")
        with freeze_time(local("2026-09-08 11:00")):
            ticket.with_user(self.officer).complaint_received_at = local("2026-09-03 15:00")
        ack = self._clock(ticket, "ack")
        self.assertEqual((ack.due_at, ack.status), (local("2026-09-04 18:00"), "met_late"))
        self.assertTrue(ticket.complaint_ack_late)

    def test_who_was_told_on_the_phone_is_acknowledged_with_the_receipt(self):
        phone = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone")
        ticket = self._complain("2026-09-04 10:00", channel_id=phone.id)
        ack = self._clock(ticket, "ack")
        self.assertEqual((ack.met_at, ack.status), (local("2026-09-04 10:00"), "met"))
        self.assertTrue(ticket.complaint_ack_on_time)
        self.assertEqual(ticket.clock_due_at, local("2026-09-08 18:00"), "the assessment is next")
        with freeze_time(local("2026-09-09 10:00")):
            self.assertEqual(ack.explain()["elapsed"], 0)
            ticket.action_transition("acknowledge")
        self.assertEqual(self._clock(ticket, "ack").met_at, local("2026-09-04 10:00"))

    # -- stops -----------------------------------------------------------------------------

    def test_each_step_stops_at_its_state(self):
        ticket = self._complain("2026-09-04 10:00")
        stops = {"acknowledged": "ack", "assessed": "assess", "investigating": None, "decided": None}
        with freeze_time(local("2026-09-04 11:00")):
            for state, code in stops.items():
                self._move(ticket, state)
                if code:
                    self.assertTrue(self._clock(ticket, code).met_at, code)
            self.assertFalse(self._clock(ticket, "decision").met_at)
            self._move(ticket, "communicated")
        self.assertEqual(self._clock(ticket, "decision").status, "met")
        self.assertEqual(self._clock(ticket, "reply").status, "met")
        self.assertFalse(self._clock(ticket, "stop").met_at)
        with freeze_time(local("2026-09-04 12:00")):
            self._move(ticket, "closed")
        self.assertFalse(ticket.clock_ids.filtered(lambda clock: not clock.met_at))
        self.assertFalse(ticket.clock_due_at)

    def test_the_first_answer_is_a_word_to_the_customer_not_the_acknowledgement_nor_a_question(self):
        ticket = self._complain("2026-09-04 10:00").with_user(self.agent)
        with freeze_time(local("2026-09-04 11:00")):
            ticket.action_transition("acknowledge")
            ticket._complaint_ask_customer("Which invoice is it?")
            self.assertTrue(ticket.complaint_contacted_at)
            ticket.message_post(body="He is right", message_type="comment", subtype_xmlid="mail.mt_note")
            self.assertFalse(self._clock(ticket, "reply").met_at)
            ticket.message_post(body="We refund it", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.assertEqual(self._clock(ticket, "reply").met_at, local("2026-09-04 11:00"))
        self.assertTrue(ticket.complaint_reply_on_time)

    def test_withdrawn_stops_all(self):
        ticket = self._complain("2026-09-04 10:00")
        with freeze_time(local("2026-09-04 11:00")):
            ticket.complaint_withdrawal = "By phone, today"
            ticket.action_transition("withdraw")
        self.assertFalse(ticket.clock_ids.filtered(lambda clock: not clock.met_at))

    def test_merged_is_a_stop_of_every_regime_of_complaints(self):
        policies = self.env["sqms.clock.policy"].search([("res_model", "=", "helpdesk.ticket")])
        for step in policies.step_ids:
            self.assertIn("merged", step._split(step.stop_states), step.display_name)
            self.assertIn("withdrawn", step._split(step.stop_states), step.display_name)

    def test_reopened_within_a_day_goes_on_later_starts_again(self):
        for hours, number in ((5, 1), (30, 2)):
            ticket = self._complain("2026-09-04 10:00")
            with freeze_time(local("2026-09-07 11:00")):
                self._move(ticket, "communicated")
            with freeze_time(local("2026-09-07 11:00") + timedelta(hours=hours)):
                ticket.complaint_reopen_reason = "The customer objects"
                ticket.action_transition("reopen")
            clocks = ticket.clock_ids.filtered(lambda clock: clock.step_id.code == "decision")
            self.assertEqual(len(clocks), number)
            self.assertFalse(self._clock(ticket, "decision").met_at)
        self.assertDue(ticket, "decision", "2026-09-23 18:00")
        self.assertEqual(clocks[-1].previous_id, clocks[0])

    # -- the choice -------------------------------------------------------------------------

    def test_a_regime_of_the_law_is_not_used_until_it_is_verified(self):
        self.shanghai.sqms_sector_telecom = self.shanghai.sqms_sector_retail = True
        ticket = self._complain("2026-09-04 10:00", complaint_goods_back_at=local("2026-09-04 10:00"))
        self.assertEqual(set(ticket.clock_ids.policy_id.mapped("code")), {"default"})
        models = ("helpdesk.ticket", "sqms.complaint.dispute")
        for policy in self.env["sqms.clock.policy"].search([("res_model", "in", models)]):
            rests = policy.clause_id | policy.step_ids.clause_id
            self.assertEqual(policy.state, "draft" if rests else "verified", policy.code)
            # The demo data of the company verify one of them.
            if rests.filtered(lambda clause: clause.verification_state != "verified"):
                with self.subTest(policy.code), self.assertRaises(UserError):
                    policy.action_transition("verify")
        self.assertTrue(self.env.ref("sqms_complaint.sqms_complaint_regime_telecom").hint)

    def test_the_sector_telecom_sets_the_answer_within_15_days(self):
        self._in_use("complaint_telecom")
        self.assertEqual(self._clock(self._complain("2026-09-01 10:00"), "reply").target, 5)
        self.shanghai.sqms_sector_telecom = True
        reply = self._clock(self._complain("2026-09-01 10:00"), "reply")
        self.assertEqual((reply.target, reply.unit, reply.policy_id.code), (15, "days", "telecom"))
        self.shanghai.sqms_sector_telecom = False
        self.assertEqual(self._clock(self._complain("2026-09-01 10:00"), "reply").policy_id.code, "default")

    def test_a_fault_is_repaired_sooner_in_town_than_in_the_country(self):
        self._in_use("complaint_telecom")
        self.shanghai.sqms_sector_telecom = True
        self.category.deadline_topic = "fault"
        town = self._complain("2026-09-04 10:00", complaint_category_id=self.subcategory.id)
        self.assertDue(town, "fault_urban", "2026-09-06 10:00")
        with freeze_time(local("2026-09-04 11:00")):
            town.complaint_area = "rural"
        self.assertDue(town, "fault_rural", "2026-09-07 10:00")
        self.assertFalse(self._clock(town, "fault_urban").start_at)
        with freeze_time(local("2026-09-05 11:00")):
            town.with_user(self.agent).complaint_fixed_at = local("2026-09-05 11:00")
        self.assertEqual(self._clock(town, "fault_rural").status, "met")

    def test_the_refund_is_due_seven_days_after_the_goods_came_back(self):
        self._in_use("complaint_refund")
        self.shanghai.sqms_sector_retail = True
        ticket = self._complain("2026-09-07 10:00")
        self.assertFalse(self._clock(ticket, "refund"))
        with freeze_time(local("2026-09-14 10:00")):
            self.assertIn("goods_back", ticket.complaint_act_names)
            with self.assertRaises(ValidationError):
                ticket.with_user(self.agent).complaint_goods_back_at = local("2026-09-15 10:00")
            ticket.with_user(self.agent).complaint_goods_back_at = local("2026-09-11 16:00")
        self.assertDue(ticket, "refund", "2026-09-18 18:00")
        with freeze_time(local("2026-09-15 10:00")):
            with self.assertRaises(AccessError):
                ticket.with_user(self.agent).complaint_goods_back_at = local("2026-09-12 16:00")
            ticket.with_user(self.officer).complaint_goods_back_at = local("2026-09-12 16:00")
        # 19 September is a Saturday, Sunday the 20th is worked
        self.assertDue(ticket, "refund", "2026-09-20 18:00")
        with freeze_time(local("2026-09-16 10:00")):
            with self.assertRaises(AccessError):
                ticket.with_user(self.agent).complaint_refunded_at = local("2026-09-15 10:00")
            ticket.with_user(self.agent).complaint_refunded_at = local("2026-09-16 10:00")
            with self.assertRaises(ValidationError):
                ticket.with_user(self.officer).complaint_refunded_at = False
        self.assertEqual(self._clock(ticket, "refund").status, "met")

    def test_safety_takes_the_place_of_the_usual_acknowledgement(self):
        self.category.is_safety = True
        ticket = self._complain("2026-09-04 17:30", complaint_category_id=self.category.id)
        self.assertDue(ticket, "ack", "2026-09-04 18:30")
        self.assertDue(ticket, "containment", "2026-09-05 17:30")
        self.assertDue(ticket, "decision", "2026-09-19 23:59")
        self.assertEqual(len(ticket.clock_ids.filtered(lambda clock: clock.step_id.code == "ack")), 1)
        with freeze_time(local("2026-09-05 10:00")):
            ticket.with_user(self.agent).complaint_contained_at = local("2026-09-05 10:00")
        self.assertEqual(self._clock(ticket, "containment").status, "met")

    def test_noticed_later_it_is_a_safety_matter_from_then_on(self):
        self.category.is_safety = True
        ticket = self._complain("2026-09-04 10:00", complaint_category_id=self.subcategory.id)
        with freeze_time(local("2026-09-07 10:00")):
            ticket.complaint_category_id = self.category
        self.assertDue(ticket, "ack", "2026-09-07 11:00")
        self.assertDue(ticket, "containment", "2026-09-08 10:00")
        changed = self._clock(ticket, "ack").event_ids.filtered(lambda event: event.kind == "policy")
        self.assertIn("Complaint category", changed.note)
        self.assertIn("Complaint category", self._clock(ticket, "containment").event_ids.note)

    def test_what_is_late_stays_late_under_another_category(self):
        self.category.is_safety = True
        other = self.env["sqms.complaint.category"].create({"name": "Harmless", "deadline_topic": "fault"})
        self._in_use("complaint_telecom")
        self.shanghai.sqms_sector_telecom = True
        ticket = self._complain("2026-09-01 10:00", complaint_category_id=other.id)
        with freeze_time(local("2026-09-07 10:00")):
            self.assertEqual(self._clock(ticket, "fault_urban").status, "late")
            ticket.complaint_category_id = self.subcategory
            self.assertEqual(self._clock(ticket, "fault_urban").status, "late")

    def test_from_12315_there_are_more_deadlines(self):
        channel = self.env.ref("sqms_complaint.helpdesk_ticket_channel_regulator")
        ticket = self._complain("2026-09-04 10:00", channel_id=channel.id)
        self.assertEqual(set(ticket.clock_ids.policy_id.mapped("code")), {"default", "12315"})
        self.assertDue(ticket, "contact", "2026-09-07 18:00")
        self.assertDue(ticket, "papers", "2026-09-11 18:00")

    def test_a_case_keeps_the_version_it_came_in_under(self):
        ticket = self._complain("2026-09-01 10:00")
        default = self.env.ref("sqms_complaint.sqms_clock_policy_complaint_default")
        new = default._new_version()
        new.step_ids.filtered(lambda step: step.code == "decision").target = 10
        new.action_transition("verify")
        with freeze_time(local("2026-09-02 10:00")):
            ticket.complaint_wish = "refund"
        self.assertEqual(self._clock(ticket, "decision").policy_id, default)
        self.assertEqual(self._clock(self._complain("2026-09-02 10:00"), "decision").target, 10)

    def test_rules_are_data(self):
        rules = self.env["sqms.complaint.regime"]
        with self.assertRaises(ValidationError):
            rules.create({"name": "x", "policy_code": "default", "step_codes": "nonsense"})
        with self.assertRaises(ValidationError):
            rules.create({"name": "x", "policy_code": "telecom-appeal"})
        with self.assertRaises(AccessError):
            rules.with_user(self.officer).create({"name": "x", "policy_code": "default"})
        self.env.ref("sqms_complaint.sqms_complaint_regime_default").active = False
        self.assertFalse(self._complain("2026-09-01 10:00").clock_ids)

    # -- history ----------------------------------------------------------------------------

    def test_history_has_no_deadlines_unless_it_is_open(self):
        closed, open_ = self._complain("2026-09-01 10:00"), self._complain("2026-09-01 10:00")
        with freeze_time(local("2026-09-02 10:00")):
            with workflow_import(closed, "From the old register"):
                closed.write({"complaint_state": "closed"})
            with workflow_import(open_, "From the old register"):
                open_.write({"complaint_state": "assessed"})
        self.assertFalse(closed.clock_ids.filtered("start_at"))
        self.assertFalse(closed.clock_due_at)
        running = open_.clock_ids.filtered(lambda clock: clock.start_at and not clock.met_at)
        self.assertEqual(set(running.step_id.mapped("code")), {"reply", "decision", "stop"})

    def test_a_plain_ticket_has_no_deadline(self):
        ticket = self._complain("2026-09-01 10:00", is_complaint=False)
        self.assertFalse(ticket.clock_ids)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET create_date = %s WHERE id = %s", [local("2026-09-01 10:00"), ticket.id]
        )
        ticket.invalidate_recordset()
        with freeze_time(local("2026-09-03 10:00")):
            ticket.action_transition("register")
        self.assertDue(ticket, "ack", "2026-09-02 18:00")
