import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintAttacks(ComplaintCase):
    """Holes that somebody with an account once found."""

    def _shut(self, attempt, *args, **kwargs):
        with self.assertRaises(UserError), self.cr.savepoint():
            attempt(*args, **kwargs)
            self.env.flush_all()

    # -- the decision --------------------------------------------------------------

    def test_a_decision_is_not_turned_round_between_deciding_and_telling(self):
        complaint = self._move(self._create_complaint(), "decided").with_user(self.agent)
        turned = {"complaint_decision": "rejected", "complaint_reason": False, "complaint_further": False}
        for values in (turned, {"complaint_decision": False}, {"complaint_answer": False}):
            with self.subTest(values=values), self.assertRaises(UserError), self.cr.savepoint():
                complaint.write(values)
                complaint.action_transition("communicate")
        self.env.invalidate_all()
        complaint.action_transition("communicate")
        self.assertEqual(complaint.complaint_state, "communicated")

    def test_nobody_handles_his_own_complaint(self):
        complaint = self._create_complaint(partner_id=self.agent.partner_id.id, complaint_amount=86)
        self._shut(complaint.with_user(self.agent).action_transition, "acknowledge")
        remedy = self.env["sqms.complaint.remedy"].create(
            {"ticket_id": complaint.id, "name": "Money back", "amount": 50, "author_id": self.officer.id}
        )
        self._shut(remedy.with_user(self.agent).action_approve)
        complaint.with_user(self.agent_all).action_transition("acknowledge")
        remedy.with_user(self.agent_all).action_approve()
        self.assertEqual((complaint.complaint_state, remedy.state), ("acknowledged", "approved"))

    def test_who_is_complained_about_does_not_get_rid_of_it(self):
        person = self._create_user("sqms_hr_x", "hr.group_hr_manager,helpdesk_mgmt.group_helpdesk_user")
        employee = self.env["hr.employee"].create({"name": "Zhao", "user_id": person.id})
        complaint = self._create_complaint(complaint_person_ids=[(6, 0, employee.ids)])
        self._shut(employee.with_user(person).write, {"user_id": False})
        with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            employee.with_user(person).unlink()
            self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(complaint.complaint_person_ids, employee)
        self._shut(complaint.with_user(person).action_transition, "acknowledge")

    # -- the customer's words --------------------------------------------------------

    def test_nobody_speaks_for_the_customer_or_rewrites_what_was_said(self):
        complaint = self._create_complaint()
        said = complaint._complaint_customer_post("I was charged twice", author=self.customer)
        unknown = complaint._complaint_customer_post("So was I")
        for person in (self.agent, self.officer):
            for message in (said.with_user(person), unknown.with_user(person)):
                self._shut(message.write, {"body": "I was not"})
                self._shut(message.write, {"author_id": person.partner_id.id})
                self._shut(message.unlink)
            post = complaint.with_user(person).message_post
            usual = {"body": "I accept", "message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
            self._shut(post, author_id=self.customer.id, **usual)
            self._shut(post, email_from="wang.li@example.com", **usual)
            self._shut(
                self.env["mail.message"].with_user(person).create,
                {"model": complaint._name, "res_id": complaint.id, "body": "x", "author_id": self.customer.id,
                 "message_type": "comment"},
            )  # fmt: skip
            self.assertTrue(post(**usual))

    def test_an_objection_stays_in_the_customers_words(self):
        complaint = self._move(self._create_complaint(), "communicated")
        complaint._complaint_object("You have not read my letter")
        self._shut(complaint.with_user(self.agent_all).write, {"complaint_objection": "Never mind"})
        self.env.invalidate_all()
        self.assertEqual(complaint.complaint_objection, "You have not read my letter")

    def test_a_customer_does_not_search_in_internal_notes(self):
        own = self._create_complaint(partner_id=self.portal.partner_id.id)
        own._message_log(body="He has lied before")
        tickets = self.env["helpdesk.ticket"].with_user(self.portal)
        self.assertEqual(tickets.search([("id", "=", own.id)]), own)
        self._shut(tickets.search, [("message_ids.body", "ilike", "lied")])
        self._shut(tickets.formatted_read_group, [], ["message_ids"], ["__count"])

    # -- money -------------------------------------------------------------------------

    def test_a_claim_is_not_raised_to_lift_a_limit(self):
        complaint = self._create_complaint(complaint_amount=86)
        remedies = self.env["sqms.complaint.remedy"].with_user(self.agent)
        remedies.create({"ticket_id": complaint.id, "name": "Money back", "amount": 500})
        self._shut(complaint.with_user(self.agent_all).write, {"complaint_amount": 5000})
        complaint.with_user(self.agent_all).write({"complaint_amount": 80})
        complaint.with_user(self.manager).complaint_amount = 500

    def test_a_currency_without_a_rate_lifts_no_limit(self):
        complaint = self._create_complaint(complaint_amount=1000)
        foreign = self.env["res.currency"].create({"name": "QQX", "symbol": "Q"})
        remedy = (
            self.env["sqms.complaint.remedy"]
            .with_user(self.agent)
            .create({"ticket_id": complaint.id, "name": "Money", "amount": 900, "currency_id": foreign.id})
        )
        self._shut(remedy.with_user(self.agent_all).action_approve)
        self.env["res.currency.rate"].create({"currency_id": foreign.id, "name": "2020-01-01", "rate": 2})
        remedy.with_user(self.agent_all).action_approve()
        self.assertEqual(remedy.state, "approved")

    # -- what the system notes -----------------------------------------------------------

    def test_what_the_system_notes_is_not_entered(self):
        complaint = self._create_complaint().with_user(self.agent)
        for name, value in (
            ("complaint_email_key", "someone@example.com"),
            ("complaint_phone_key", "1"),
            ("complaint_safety_at", "2020-01-01 00:00:00"),
            ("complaint_replied_at", "2020-01-01 00:00:00"),
        ):
            with self.subTest(name=name):
                self._shut(complaint.write, {name: value})
        hostile = (
            self.env["helpdesk.ticket"].with_user(self.agent).with_context(default_complaint_replied_at="2020-01-01")
        )
        self._shut(hostile.create, self._prepare_complaint_values())
