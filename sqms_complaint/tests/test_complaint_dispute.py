from datetime import date, timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ComplaintCase

RULES = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install", "sqms_alone")
class TestComplaintDispute(ComplaintCase):
    """Complaints before an outside body: who went there, our answer, the result, and what it holds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.body = cls.env.ref("sqms_complaint.sqms_dispute_body_12315")
        cls.court = cls.env.ref("sqms_complaint.sqms_dispute_body_court")
        cls.complaint = cls._create_complaint(complaint_amount=86)
        cls.today = cls.company._sqms_today()

    @classmethod
    def _refer(cls, user=None, **values):
        disputes = cls.env["sqms.complaint.dispute"].with_user(user or cls.agent)
        return disputes.create({"ticket_id": cls.complaint.id, "body_id": cls.body.id, **values})

    def _settle(self, dispute, **values):
        dispute.write(
            {
                "notice_date": self.today, "answered_on": self.today, "answer": "<p>We pay it back.</p>",
                "company_consent": "given", "customer_consent": "given", "outcome": "settled",
                "resolution": "CNY 86 until Friday", "resolved_on": self.today, "amount_awarded": 86,
                "implement_due": self.today + timedelta(days=3), **values,
            }
        )  # fmt: skip
        dispute.action_transition("answer")
        dispute.action_transition("settle")
        return dispute

    def _refused(self, refusal, words, attempt):
        with self.assertRaisesRegex(refusal, words), self.cr.savepoint():
            attempt()
            self.env.flush_all()

    # -- the way of a dispute ------------------------------------------------------------

    def test_from_referral_to_the_end(self):
        dispute = self._refer()
        self.assertEqual((dispute.state, dispute.user_id, dispute.amount_claimed), ("referred", self.agent, 86))
        self.assertRegex(dispute.number, r"^DIS/\d{4}/\d{4}$")
        self.assertEqual((self.complaint.dispute_count, self.complaint.complaint_is_disputed), (1, True))
        self._refused(UserError, "fill in", lambda: dispute.action_transition("answer"))
        dispute.write({"notice_date": self.today, "answered_on": self.today})
        self._refused(UserError, "neither an answer nor a paper", lambda: dispute.action_transition("answer"))
        dispute.answer = "<p>The payment was made twice by mistake.</p>"
        dispute.action_transition("answer")
        self.assertEqual(dispute.answered_by_id, self.agent)
        for values in ({"answer": "<p>x</p>"}, {"answered_on": self.today - timedelta(days=1)}, {"amount_offered": 5},
                       {"body_id": self.court.id}, {"ticket_id": self._create_complaint().id}):  # fmt: skip
            self._refused((AccessError, UserError), "", lambda v=values: dispute.write(v))
        self.env["sqms.dispute.hearing"].with_user(self.agent).create(
            {"dispute_id": dispute.id, "held_at": "2026-01-05 02:00:00", "result": "Both came."}
        )
        dispute.write({"outcome": "settled", "resolution": "CNY 86", "resolved_on": self.today, "amount_awarded": 86})
        self._refused(UserError, "both sides have agreed", lambda: dispute.action_transition("settle"))
        dispute.write({"company_consent": "given", "customer_consent": "refused"})
        self._refused(UserError, "both sides have agreed", lambda: dispute.action_transition("settle"))
        dispute.customer_consent = "given"
        self._refused(UserError, "until when", lambda: dispute.action_transition("settle"))
        dispute.implement_due = self.today
        dispute.action_transition("settle")
        for values in ({"outcome": "withdrawn"}, {"amount_awarded": 1}, {"resolution": "x"}, {"claim": "x"}):
            self._refused(AccessError, "no longer", lambda v=values: dispute.write(v))
        self._refused(AccessError, "no longer", lambda: dispute.hearing_ids.write({"result": "Nobody came."}))
        self._refused(AccessError, "no longer", lambda: dispute.hearing_ids.unlink())
        dispute.evaluation = "The receipt should have been checked first."
        self._refused(UserError, "carried out", lambda: dispute.action_transition("close"))
        dispute.implemented_on = self.today
        dispute.action_transition("close")
        self.assertEqual((dispute.state, dispute.closed_by_id, dispute.days), ("closed", self.agent, 0))
        self._refused(AccessError, "no longer", lambda: dispute.write({"evaluation": "x"}))
        self._refused(AccessError, "", dispute.unlink)
        self._refused(AccessError, "", lambda: dispute.action_transition("resume"))
        mine = dispute.with_user(self.officer)
        self._refused(UserError, "fill in", lambda: mine.action_transition("resume"))

    def test_no_other_way_leads_to_a_state(self):
        dispute = self._refer()
        model = self.env["sqms.complaint.dispute"].with_user(self.agent)
        values = {"ticket_id": self._create_complaint().id, "body_id": self.body.id}
        for attempt in (
            lambda: dispute.write({"state": "closed"}),
            lambda: model.create({**values, "state": "closed"}),
            lambda: model.with_context(default_state="settled").create(values),
            lambda: model.with_context(default_closed_at="2026-01-01 00:00:00").create(values),
            lambda: dispute.sudo().write({"closed_at": "2026-01-01 00:00:00"}),
            lambda: dispute.write({"days": 3}),
            lambda: dispute.write({"number": "DIS/2026/9999"}),
            lambda: dispute.action_transition("close"),
            lambda: dispute.with_user(self.certifier).action_transition("drop"),
        ):
            self._refused((UserError, AccessError), "", attempt)
        loaded = model.load(
            ["ticket_id/.id", "body_id/.id", "state"], [[str(values["ticket_id"]), self.body.id, "Closed"]]
        )
        self.assertFalse(loaded["ids"])
        self.assertTrue(loaded["messages"])

    def test_what_happened_lies_in_the_past_and_in_order(self):
        tomorrow, yesterday = self.today + timedelta(days=1), self.today - timedelta(days=1)
        for values in (
            {"referral_date": tomorrow},
            {"notice_date": tomorrow},
            {"notice_date": yesterday},
            {"notice_date": self.today, "answered_on": yesterday},
            {"answer_due": yesterday},
        ):
            self._refused(ValidationError, "", lambda v=values: self._refer(**v))
        with mute_logger("odoo.sql_db"):
            self._refused(psycopg2.errors.CheckViolation, "", lambda: self._refer(amount_claimed=-1))

    def test_one_complaint_is_once_before_a_body(self):
        self._refer()
        with mute_logger("odoo.sql_db"):
            self._refused(psycopg2.errors.UniqueViolation, "", self._refer)
        other = self._refer(body_id=self.court.id)
        self.assertEqual(self.complaint.dispute_count, 2)
        other.drop_reason = "The customer withdrew the action"
        other.action_transition("drop")
        self._refer(body_id=self.court.id)
        self.assertEqual(self.complaint.dispute_count, 3)

    def test_our_own_date_is_ahead_of_the_body_s(self):
        """Brute force over a month: earlier than the body's date, and never on a weekend."""
        dispute = self._refer()
        for day in range(1, 29):
            due = date(2027, 2, day)
            dispute.answer_due = due
            self.assertLessEqual(dispute.internal_due, due - timedelta(days=self.body.lead_days))
            self.assertLess(dispute.internal_due.weekday(), 5)
            self.assertLessEqual((due - dispute.internal_due).days, self.body.lead_days + 2)
        self.body.lead_days = 0
        self.assertLess(dispute.internal_due, dispute.answer_due)

    # -- what it holds -------------------------------------------------------------------

    def test_a_complaint_is_not_closed_nor_hidden_while_it_is_outside(self):
        self._move(self.complaint, "communicated")
        self.complaint.write(
            {
                "complaint_close_reason": "accepted", "complaint_implemented_on": self.today,
                "complaint_implemented_by_id": self.agent.id, "complaint_implementation_proof": "Transfer 4711",
            }
        )  # fmt: skip
        self.assertFalse(self.complaint._closing_obstacles())
        dispute = self._refer()
        self.assertEqual(list(self.complaint._closing_obstacles()), [self.complaint.id])
        self.assertIn(dispute.number, self.complaint._closing_obstacles()[self.complaint.id][0])
        self._refused(
            UserError, dispute.number, lambda: self.complaint.with_user(self.agent).action_transition("close")
        )
        self._refused(UserError, dispute.number, lambda: self.complaint.action_transition("close"))
        self.complaint.complaint_withdrawal = "By telephone"
        self._refused(UserError, dispute.number, lambda: self.complaint.action_transition("withdraw"))
        self.assertFalse(self.complaint._complaint_may_withdraw())
        dispute.drop_reason = "Settled by telephone"
        dispute.action_transition("drop")
        self.assertFalse(self.complaint._closing_obstacles())
        self.complaint.with_user(self.agent).action_transition("close")
        # Outside after all: nothing is reopened, but the complaint stays in sight.
        again = self._refer()
        self.assertEqual(self.complaint.complaint_state, "closed")
        for attempt in (
            lambda: self.complaint.write({"active": False}),
            lambda: self.complaint.action_archive(),
            lambda: self.complaint.with_user(self.officer).action_archive(),
        ):
            self._refused(ValidationError, "outside body", attempt)
        again.drop_reason = "Not accepted there"
        again.action_transition("drop")
        self.complaint.action_archive()
        self.assertFalse(self.complaint.active)

    def test_the_count_is_the_system_s(self):
        ticket = self.complaint.with_user(self.agent)
        for values in ({"dispute_count": 3}, {"complaint_is_disputed": True}):
            self._refused(UserError, "filled in by the system", lambda v=values: ticket.write(v))
            self._refused(UserError, "filled in by the system", lambda v=values: self._create_complaint(**v))
            context = {f"default_{name}": value for name, value in values.items()}
            tickets = self.env["helpdesk.ticket"].with_context(**context)
            self._refused(
                UserError, "filled in by the system", lambda t=tickets: t.create(self._prepare_complaint_values())
            )
        self._refused(UserError, "Only complaints", lambda: self.env["sqms.complaint.dispute"].create(
            {"ticket_id": self._create_ticket().id, "body_id": self.body.id}))  # fmt: skip

    # -- by a regulator -------------------------------------------------------------------

    def test_what_a_regulator_sends_begins_with_its_dispute(self):
        channel = self.env.ref("sqms_complaint.helpdesk_ticket_channel_regulator")
        values = {"channel_id": channel.id, "complaint_regulator_ref": "1310000002026"}
        batch = self._create_complaints(3, **values)
        disputes = batch.dispute_ids
        self.assertEqual(len(disputes), 3)
        self.assertEqual(set(disputes.mapped("case_number")), {"1310000002026"})
        self.assertEqual((disputes.body_id, disputes.user_id), (self.body, self.agent))
        self.assertEqual(disputes.mapped("state"), ["referred"] * 3)
        self.assertFalse(self._create_complaint(channel_id=channel.id).dispute_ids, "no number yet")
        self.assertFalse(self._create_complaint(complaint_regulator_ref="x").dispute_ids, "not by a regulator")
        later = self._create_complaint(channel_id=channel.id)
        later.with_user(self.agent).complaint_regulator_ref = "1310000009999"
        self.assertEqual(later.dispute_ids.case_number, "1310000009999")
        later.with_user(self.agent).complaint_regulator_ref = "1310000009998"
        self.assertEqual(len(later.dispute_ids), 1)
        self.assertFalse(self._create_ticket(**values).dispute_ids)

    # -- who reads and writes it -----------------------------------------------------------

    @mute_logger(*RULES)
    def test_read_and_written_like_the_complaint(self):
        dispute = self._refer()
        hearing = self.env["sqms.dispute.hearing"].create({"dispute_id": dispute.id, "held_at": "2026-01-05 02:00:00"})
        self.assertEqual(dispute.with_user(self.certifier).number, dispute.number)
        self.assertTrue(hearing.with_user(self.certifier).kind)
        self._refused(AccessError, "", lambda: dispute.with_user(self.certifier).write({"claim": "x"}))
        self._refused(AccessError, "", lambda: hearing.with_user(self.certifier).write({"place": "x"}))
        for user in (self.employee, self.portal, self.public, self.agent_own):
            self._refused(AccessError, "", lambda u=user: dispute.with_user(u).read(["claim"]))
            self._refused(AccessError, "", lambda u=user: hearing.with_user(u).read(["result"]))
            self._refused(AccessError, "", lambda u=user: self._refer(user=u, body_id=self.court.id))
        self.assertFalse(dispute.with_user(self.agent_own).search([("id", "=", dispute.id)]))
        self.assertFalse(hearing.with_user(self.agent_own).search([("id", "=", hearing.id)]))
        other = self.env["res.company"].create({"name": "Elsewhere"})
        team = self.env["helpdesk.ticket.team"].create({"name": "There", "company_id": other.id})
        elsewhere = self._create_complaint(company_id=other.id, team_id=team.id, user_id=False)
        far = self.env["sqms.complaint.dispute"].create({"ticket_id": elsewhere.id, "body_id": self.body.id})
        self._refused(AccessError, "", lambda: far.with_user(self.officer).read(["claim"]))
        own_body = self.env["sqms.dispute.body"].create({"name": "Arbitration of the fair", "company_id": other.id})
        self._refused(UserError, "", lambda: dispute.write({"body_id": own_body.id}))
        # A confidential one is for its handler and a few people.
        dispute.is_confidential = True
        self.env.flush_all()
        self.env.invalidate_all()
        for user in (self.agent_all, self.officer, self.certifier):
            self._refused(AccessError, "", lambda u=user: dispute.with_user(u).read(["claim"]))
            self.assertFalse(hearing.with_user(user).search([("id", "=", hearing.id)]))
        self.assertTrue(dispute.with_user(self.agent).read(["claim"]))
        # It still holds the complaint for those who do not see it.
        self._move(self.complaint, "communicated")
        self._refused(UserError, "", lambda: self.complaint.with_user(self.officer).action_transition("close"))

    # -- bodies ----------------------------------------------------------------------------

    def test_periods_are_told_when_a_manager_has_verified_them(self):
        told = self.body._told()[0]
        self.assertEqual((told["phone"], told["time"], told["limit"], told["basis"]), ("12315", "", "", ""))
        self._refused(UserError, "", lambda: self.body.write({"verification_state": "verified"}))
        manager = self._create_user(
            "sqms_body_manager", "sqms_base.group_sqms_manager,sqms_complaint.group_complaint_officer"
        )
        self._refused(AccessError, "", lambda: self.body.with_user(self.officer).action_transition("verify"))
        mine = self.body.with_user(manager)
        mine.action_transition("verify")
        told = mine._told()[0]
        self.assertIn("7 working days", told["time"])
        self.assertTrue(told["limit"] and told["basis"])
        mine.with_context(lang="en_US").usual_number = 45
        self.assertEqual(mine.verification_state, "to_verify")
        self.assertFalse(mine._told()[0]["time"])

    def test_bodies_of_the_sector_are_offered(self):
        telecom = self.env.ref("sqms_complaint.sqms_dispute_body_telecom")
        offered = self.env["sqms.dispute.body"]._offered(self.company)
        self.assertIn(self.body, offered)
        self.assertEqual(telecom in offered, "telecom" in self.company._sqms_sectors())

    # -- around it ---------------------------------------------------------------------------

    def test_story_morning_and_nonconformity(self):
        self._move(self.complaint, "acknowledged")
        dispute = self._refer(answer_due=self.today + timedelta(days=10))
        graph = self.complaint.with_user(self.officer).trace()
        self.assertIn("Dispute", {node["kind"] for node in graph["nodes"]})
        self.assertTrue([gate for gate in graph["gates"] if dispute.number in gate["text"] and gate["open"]])
        page = self.env["sqms.morning"].with_user(self.agent).get_morning()
        keys = [
            item["key"] for section in page["sections"] if section["key"] == "disputes" for item in section["items"]
        ]
        start = page["start_here"]["key"] if page["start_here"] else ""
        self.assertIn(f"sqms.complaint.dispute,{dispute.id}", [*keys, start])
        nonconformity = self.env["sqms.nonconformity"].with_user(self.officer).create_from(dispute)
        self.assertEqual((nonconformity.grade, nonconformity.company_id), ("major", self.company))

    def test_what_many_complaints_cost(self):
        """Twice the complaints, the same number of queries for what holds their closure."""
        few, many = self._create_complaints(4), self._create_complaints(8)
        for ticket in few | many:
            self.env["sqms.complaint.dispute"].create({"ticket_id": ticket.id, "body_id": self.body.id})

        def count(tickets):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(len(tickets._closing_obstacles()), len(tickets))
            return self.cr.sql_log_count - before

        count(few)
        self.assertEqual(count(few), count(many))

    def test_it_is_in_the_ledger(self):
        dispute = self._settle(self._refer(claim="86 back"))
        events = [entry.event for entry in dispute.sqms_history()]
        self.assertEqual(events.count("transition"), 2)
        self.assertIn("create", events)
        texts = " ".join(dispute.sqms_history().sudo().mapped("text"))
        self.assertNotIn("86 back", texts, "what people said stands there as a digest")
