from contextlib import suppress
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.sqms_base.lib.workflow_pass import workflow_import

from .common import ComplaintCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestLevelAndClosing(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._create_user("sqms_second", "helpdesk_mgmt.group_helpdesk_user_team")
        cls.third = cls._create_user("sqms_third", "helpdesk_mgmt.group_helpdesk_user_team")
        cls.team.user_ids += cls.second + cls.third
        cls.team.complaint_second_level_ids = cls.agent + cls.second + cls.third
        cls.body = cls.env["sqms.dispute.body"].create({"name": "Hotline 12315"})

    def _told(self, **values):
        complaint = self._move(self._create_complaint(), "decided").with_user(self.agent)
        complaint.write(values)
        complaint.action_transition("communicate")
        return complaint

    # -- the second level ------------------------------------------------------------------

    def test_an_objection_goes_to_somebody_else(self):
        self._create_complaint(user_id=self.second.id)
        complaint = self._told()
        complaint.sudo()._complaint_object("The amount is wrong")
        self.assertEqual((complaint.sudo().complaint_state, complaint.sudo().complaint_level), ("investigating", "2"))
        complaint = complaint.sudo()
        self.assertEqual(complaint.user_id, self.third, "the one with the fewest open complaints")
        self.assertEqual(complaint.complaint_first_level_ids, self.agent)
        self.assertEqual(complaint.complaint_objection, "The amount is wrong")
        self.assertEqual(complaint.complaint_reopen_count, 1)
        self.assertTrue(complaint.complaint_objected_at)
        self.assertIn("The amount is wrong", complaint._complaint_public_messages()[-1:].body)
        self.assertIn(self.third, complaint.activity_ids.user_id)
        self.assertFalse(complaint.complaint_customer_answer, "the next decision waits for an answer of its own")

    def test_it_opens_what_was_closed_and_what_is_carried_out(self):
        for state in ("implementing", "closed"):
            complaint = self._move(self._create_complaint(), state)
            complaint._complaint_object("It did not arrive")
            self.assertEqual((complaint.complaint_state, complaint.complaint_level), ("investigating", "2"))
            self.assertFalse(complaint.complaint_closed_at or complaint.closed_date or complaint.closed)
            self.assertFalse(complaint.complaint_close_reason or complaint.complaint_implemented_on)

    def test_an_agent_writes_down_what_he_was_told(self):
        for person in (self.agent_own, self.agent):
            complaint = self._told()
            complaint.sudo().user_id = person
            seen = complaint.with_user(person)
            with self.assertRaisesRegex(UserError, "Objection"):
                seen.action_transition("escalate")
            seen.complaint_objection = "She called: 86 is missing"
            seen.action_transition("escalate")
            self.assertEqual(complaint.sudo().complaint_level, "2")
            self.assertNotIn(complaint.sudo().user_id, person | self.agent)

    def test_where_nobody_is_named_the_leader_chooses(self):
        self.team.write({"complaint_second_level_ids": [Command.set(self.agent.ids)], "user_id": self.agent_all.id})
        complaint = self._told()
        complaint.sudo()._complaint_object("No")
        complaint = complaint.sudo()
        self.assertFalse(complaint.user_id)
        self.assertIn(self.agent_all, complaint.activity_ids.user_id)
        page = self.env["sqms.morning"].with_user(self.agent_all).get_morning()
        titles = {section["key"]: section for section in page["sections"]}
        self.assertIn("complaints_second_level", titles)

    def test_who_is_complained_about_is_passed_over(self):
        employee = self.env["hr.employee"].create({"name": "Second", "user_id": self.second.id})
        complaint = self._told()
        complaint.sudo().complaint_person_ids = employee
        complaint.sudo()._complaint_object("No")
        self.assertEqual(complaint.sudo().user_id, self.third)

    def test_who_decided_first_neither_handles_nor_decides_again(self):
        complaint = self._told()
        complaint.sudo()._complaint_object("No")
        complaint = complaint.sudo()
        for person in (self.officer, self.manager, self.env.user):
            with self.assertRaisesRegex(ValidationError, "second level"), self.cr.savepoint():
                complaint.with_user(person).user_id = self.agent
        with self.assertRaises(UserError), self.cr.savepoint():
            complaint.with_user(self.agent).assign_to_me()
        self._create_finding(complaint)
        with self.assertRaisesRegex(UserError, "somebody else decides"):
            complaint.with_user(self.agent).action_transition("decide")
        complaint.with_user(complaint.user_id).action_transition("decide")
        self.assertEqual(complaint.complaint_decided_by_id, complaint.user_id)

    def test_the_second_decision_rests_on_new_findings_and_names_bodies(self):
        complaint = self._told()
        complaint.sudo()._complaint_object("No")
        complaint = complaint.sudo().with_user(complaint.sudo().user_id)
        complaint.write({"complaint_decision": "rejected", "complaint_further": "<p>Write to us.</p>"})
        with self.assertRaisesRegex(UserError, "Outside Bodies"):
            complaint.action_transition("decide")
        complaint.complaint_body_ids = self.body
        with self.assertRaisesRegex(UserError, "investigation log"):
            complaint.action_transition("decide")
        finding = self._create_finding(complaint)
        self.assertEqual(finding.level, "2")
        complaint.action_transition("decide")
        complaint.action_transition("communicate")
        self.assertFalse(complaint._complaint_may_object())
        with self.assertRaisesRegex(UserError, "Hotline 12315"):
            complaint.sudo()._complaint_object("No again")
        complaint.sudo().complaint_objection = "No again"
        with self.assertRaisesRegex(UserError, "Hotline 12315"):
            complaint.action_transition("escalate")
        self.assertNotIn("escalate", [step["name"] for step in complaint.transitions()])

    def test_nobody_writes_a_level(self):
        complaint = self._create_complaint()
        self.assertEqual(complaint.complaint_level, "1")
        self.assertFalse(self._create_ticket().complaint_level)
        for person in (self.agent, self.officer, self.manager, self.env.user):
            for values in ({"complaint_level": "2"}, {"complaint_first_level_ids": [Command.clear()]}):
                with self.assertRaises(UserError), self.cr.savepoint():
                    complaint.with_user(person).write(values)
        for values, context in (
            ({"complaint_level": "2"}, {}),
            ({}, {"default_complaint_level": "2"}),
            ({"complaint_first_level_ids": [Command.set(self.agent.ids)]}, {}),
        ):
            with suppress(UserError), self.cr.savepoint():  # refused serves as well
                born = (
                    self.env["helpdesk.ticket"].with_context(**context).create(self._prepare_complaint_values(**values))
                )
                self.env.flush_all()
                self.assertEqual(born.complaint_level, "1")
                self.assertFalse(born.complaint_first_level_ids)
        ticket = self._create_ticket()
        ticket.action_register_complaint()
        self.assertEqual(ticket.complaint_level, "1")

    def test_only_what_was_answered_is_objected_to(self):
        for state in ("acknowledged", "investigating", "decided"):
            complaint = self._move(self._create_complaint(complaint_objection="No"), state)
            with self.assertRaises(UserError), self.cr.savepoint():
                complaint.with_user(self.officer).action_transition("escalate")
        withdrawn = self._create_complaint(complaint_withdrawal="By phone", complaint_objection="No")
        withdrawn.action_transition("withdraw")
        with self.assertRaises(UserError), self.cr.savepoint():
            withdrawn.with_user(self.officer).action_transition("escalate")

    # -- closing ------------------------------------------------------------------------------

    def _close(self, complaint, **values):
        complaint.write(values)
        complaint.action_transition("close")
        return complaint.complaint_state

    def test_what_was_promised_is_carried_out_first(self):
        complaint = self._told(complaint_close_reason="accepted")
        with self.assertRaisesRegex(UserError, "Carried Out on, Carried Out by, Proof"):
            self._close(complaint)
        done = {"complaint_implemented_by_id": self.agent.id, "complaint_implementation_proof": "Transfer 4711"}
        with self.assertRaisesRegex(UserError, "in the future"):
            self._close(complaint, **done, complaint_implemented_on=fields.Date.today() + timedelta(days=3))
        self.assertEqual(self._close(complaint, complaint_implemented_on=fields.Date.today()), "closed")
        self.assertEqual(complaint.complaint_verified_by_id, self.agent)

    def test_the_severe_is_checked_by_somebody_else(self):
        complaint = self._told(
            complaint_severity="major",
            complaint_close_reason="accepted",
            complaint_implemented_on=fields.Date.today(),
            complaint_implemented_by_id=self.agent.id,
            complaint_implementation_proof="Transfer 4711",
        )
        with self.assertRaisesRegex(UserError, "somebody else checks"):
            self._close(complaint)
        self.assertEqual(self._close(complaint.with_user(self.agent_all)), "closed")
        self.assertEqual(complaint.complaint_verified_by_id, self.agent_all)

    def test_why_it_is_closed_is_true(self):
        told = {"complaint_outcome": "explanation"}
        complaint = self._told(**told)
        with self.assertRaisesRegex(UserError, "Closed Because"):
            self._close(complaint)
        for reason, words in (
            ("withdrawn", "Withdrawn by the customer"),
            ("rejected_with_options", "was not told"),
            ("settled_outside", "no body outside"),
            ("no_answer", "14 days"),
        ):
            with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
                self._close(complaint, complaint_close_reason=reason)
        self.assertEqual(self._close(complaint, complaint_close_reason="accepted"), "closed")
        rejected = self._told(
            **told,
            complaint_decision="rejected",
            complaint_further="<p>Where.</p>",
            complaint_close_reason="rejected_with_options",
        )
        self.assertEqual(self._close(rejected), "closed")

    def test_no_answer_counts_after_the_period_of_the_company(self):
        complaint = self._told(complaint_outcome="explanation", complaint_close_reason="no_answer")
        told = complaint.complaint_communicated_at
        for days, state in ((13, "communicated"), (15, "closed")):
            with workflow_import(complaint.sudo(), "time passes"):
                complaint.sudo().complaint_communicated_at = told - timedelta(days=days)
            if state == "closed":
                self.assertEqual(self._close(complaint), state)
            else:
                with self.assertRaisesRegex(UserError, "14 days"), self.cr.savepoint():
                    self._close(complaint)

    def test_the_customers_own_answer_is_reason_enough(self):
        complaint = self._told(complaint_outcome="explanation")
        complaint.sudo()._complaint_accept()
        self.assertEqual(self._close(complaint), "closed")
        self.assertEqual(complaint.complaint_close_reason, "accepted")

    def test_an_objection_that_nobody_looked_at_holds_closure(self):
        complaint = self._told(complaint_outcome="explanation", complaint_close_reason="accepted")
        complaint.sudo().write({"complaint_customer_answer": "objected"})
        self.assertIn("second level", complaint._closing_obstacles()[complaint.id][0])
        with self.assertRaisesRegex(UserError, "second level"):
            self._close(complaint)

    def test_withdrawn_says_so(self):
        complaint = self._create_complaint(complaint_withdrawal="By phone")
        complaint.with_user(self.agent).action_transition("withdraw")
        self.assertEqual(complaint.complaint_close_reason, "withdrawn")
        with self.assertRaises(AccessError):
            complaint.with_user(self.officer).complaint_close_reason = "accepted"

    def test_what_people_did_is_written_by_the_steps(self):
        complaint = self._told()
        self.assertEqual(complaint.complaint_communicated_by_id, self.agent)
        self.assertTrue(complaint.complaint_first_response_at <= complaint.complaint_communicated_at)
        for name in ("complaint_verified_by_id", "complaint_decided_by_id", "complaint_communicated_by_id"):
            with self.assertRaises(UserError), self.cr.savepoint():
                complaint.with_user(self.officer).write({name: self.officer.id})
