from datetime import date, timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ComplaintCase

RULES = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
YEAR = (date(2020, 1, 1), date(2099, 12, 31))


@tagged("post_install", "-at_install", "sqms_alone")
class TestComplaintRemedy(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A company of its own: whatever else is booked stands elsewhere.
        cls.company = cls.env["res.company"].create({"name": "Remedies", "currency_id": cls.env.ref("base.CNY").id})
        people = cls.agent | cls.agent_all | cls.officer | cls.manager | cls.certifier | cls.agent_own
        people.sudo().write({"company_ids": [(4, cls.company.id)], "company_id": cls.company.id})
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.team = cls.env["helpdesk.ticket.team"].create({"name": "Desk", "company_id": cls.company.id})
        cls.team.user_ids = people - cls.certifier
        cls.subcategory = cls.env["sqms.complaint.category"].create({"name": "Twice", "company_id": cls.company.id})
        cls.complaint = cls._create_complaint(company_id=cls.company.id, complaint_amount=86)

    @classmethod
    def _propose(cls, amount=86, user=None, **values):
        remedies = cls.env["sqms.complaint.remedy"].with_user(user or cls.agent)
        return remedies.create(
            {"ticket_id": cls.complaint.id, "kind": "refund", "name": "Money back", "amount": amount, **values}
        )

    @classmethod
    def _given(cls, *args, **values):
        remedy = cls._propose(*args, **values)
        remedy.with_user(cls.manager).action_transition("approve")
        remedy.action_transition("give")
        return remedy

    def _totals(self, company=None):
        self.env.flush_all()
        return self.env["sqms.quality.cost"].sudo()._totals(company or self.company, *YEAR)

    def _refused(self, refusal, words, attempt):
        with self.assertRaisesRegex(refusal, words), self.cr.savepoint():
            attempt()
            self.env.flush_all()

    def test_the_cost_of_a_compensation_lands_in_external_failure(self):
        nonconformity = self.env["sqms.nonconformity"].create(
            {"name": "Charged twice", "company_id": self.company.id, "res_model": self.complaint._name,
             "res_id": self.complaint.id}
        )  # fmt: skip
        remedy = self._given(kind="compensation")
        cost = remedy.sudo().cost_id
        self.assertEqual((cost.category, cost.amount, cost.state), ("external", 86, "posted"))
        self.assertEqual((cost.res_model, cost.res_id), ("helpdesk.ticket", self.complaint.id))
        self.assertEqual((cost.nonconformity_id, cost.company_id), (nonconformity, self.company))
        self.assertEqual(cost.type_id, self.env.ref("sqms_base.sqms_quality_cost_type_compensation"))
        self.assertEqual(self._totals(), {"prevention": 0, "appraisal": 0, "internal": 0, "external": 86})
        # Neither what happened nor who complained stands in it.
        self.assertEqual(cost.name, f"{remedy.number} · {self.complaint.number}")
        # Booked once, however often it is asked for.
        remedy._book_cost()
        self._refused(UserError, "already", lambda: remedy.action_transition("give"))
        self.assertEqual(self._totals()["external"], 86)
        # Taken back with the remedy, by a row of its own.
        self._refused(AccessError, "", lambda: remedy.action_transition("take_back"))
        taking = remedy.with_user(self.officer)
        self._refused(UserError, "Why Not", lambda: taking.action_transition("take_back"))
        taking.reason = "The bank had sent it back already"
        taking.action_transition("take_back")
        self.assertEqual((remedy.state, cost.state, self._totals()["external"]), ("taken_back", "reversed", 0))
        again = self._given(amount=40)
        self.assertNotEqual(again.sudo().cost_id, cost)
        self.assertEqual(self._totals()["external"], 40)

    def test_several_at_once_in_two_currencies_and_two_companies(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "name": "2020-01-01", "rate": 0.125, "company_id": self.company.id}
        )
        remedies = self._propose(10) | self._propose(5, currency_id=euro.id) | self._propose(0, kind="apology")
        remedies.with_user(self.manager).action_transition("approve")
        remedies.action_transition("give")
        self.assertEqual(remedies.sudo().cost_id.mapped("amount_company"), [10, 40])
        self.assertEqual(self._totals()["external"], 50)
        remedies.with_user(self.officer).write({"reason": "Wrong customer"})
        remedies.with_user(self.officer).action_transition("take_back")
        self.assertEqual(self._totals(), dict.fromkeys(("prevention", "appraisal", "internal", "external"), 0))
        other = self.env["res.company"].create({"name": "Elsewhere", "currency_id": euro.id})
        team = self.env["helpdesk.ticket.team"].create({"name": "There", "company_id": other.id})
        elsewhere = self._create_complaint(company_id=other.id, team_id=team.id, user_id=False)
        remedy = self.env["sqms.complaint.remedy"].create(
            {"ticket_id": elsewhere.id, "kind": "refund", "name": "x", "amount": 7}
        )
        self.assertEqual((remedy.company_id, remedy.currency_id), (other, euro))
        remedy._take_over_given("2026-01-05 10:00:00", self.manager.id)
        self.assertEqual((self._totals(other)["external"], self._totals()["external"]), (7, 0))
        self.assertFalse(remedy.with_user(self.officer).search([("id", "=", remedy.id)]))

    def test_another_approves_and_a_manager_beyond_the_claim(self):
        remedy = self._propose(60)
        self._refused(UserError, "another person", lambda: remedy.action_transition("approve"))
        self._refused(UserError, "use the button", lambda: remedy.write({"state": "approved"}))
        self._refused(UserError, "", lambda: self._propose(state="given"))
        self._refused(UserError, "", lambda: remedy.with_context(default_state="given").copy({"state": "given"}))
        remedy.with_user(self.officer).name = "Money back at once"
        self._refused(UserError, "another person", lambda: remedy.with_user(self.officer).action_transition("approve"))
        remedy.with_user(self.agent_all).action_transition("approve")
        # Two small ones are as much as a large one.
        more = self._propose(30)
        self._refused(
            UserError, "a manager approves", lambda: more.with_user(self.agent_all).action_transition("approve")
        )
        both = self._propose(13) | self._propose(14)
        self._refused(
            UserError, "a manager approves", lambda: both.with_user(self.agent_all).action_transition("approve")
        )
        more.with_user(self.manager).action_transition("approve")
        self.assertEqual(more.approved_by_id, self.manager)
        another = self._create_complaint(company_id=self.company.id)
        for values in ({"amount": 1}, {"kind": "apology"}, {"name": "x"}, {"given_at": "2026-01-01 00:00:00"},
                       {"cost_id": False}, {"ticket_id": another.id}):  # fmt: skip
            if values == {"cost_id": False}:
                values = {"cost_id": self.env["sqms.quality.cost"].search([], limit=1).id or 1}
            self._refused((UserError, AccessError), "", lambda v=values: more.write(v))
        self._refused(AccessError, "", more.unlink)
        with mute_logger("odoo.sql_db"):
            self._refused(psycopg2.errors.CheckViolation, "", lambda: self._propose(0))
            self._refused(psycopg2.errors.CheckViolation, "", lambda: self._propose(-1, kind="apology"))
        plain = self._create_ticket(company_id=self.company.id)
        self._refused(UserError, "Only complaints", lambda: self.env["sqms.complaint.remedy"].create(
            {"ticket_id": plain.id, "kind": "apology", "name": "x"}))  # fmt: skip
        # Approved is promised: it is given, or taken off with a reason, before the complaint is closed.
        self._refused(UserError, "approved and not given", lambda: self._move(self.complaint, "closed"))
        more.reason = "Agreed with the customer"
        more.action_transition("reject")
        remedy.action_transition("give")
        self._move(self.complaint, "closed")
        self._refused(UserError, "closed", lambda: self._propose(1))
        self._refused(UserError, "closed", lambda: both[:1].with_user(self.manager).action_transition("approve"))

    @mute_logger(*RULES)
    def test_read_and_written_like_the_complaint(self):
        remedy = self._propose()
        self.assertEqual(remedy.with_user(self.certifier).amount, 86)
        for user in (self.employee, self.portal, self.public):
            self._refused(AccessError, "", lambda u=user: remedy.with_user(u).read(["amount"]))
        # An agent who sees only his own complaints.
        self._refused(AccessError, "", lambda: remedy.with_user(self.agent_own).read(["amount"]))
        self.assertFalse(remedy.with_user(self.agent_own).search([("id", "=", remedy.id)]))
        self._refused(AccessError, "", lambda: self._propose(user=self.agent_own))
        self._refused(AccessError, "", lambda: self._propose(user=self.certifier))
        self._refused(AccessError, "", lambda: remedy.with_user(self.certifier).write({"name": "x"}))
        self.complaint.complaint_is_confidential = True
        self.env.flush_all()
        self.env.invalidate_all()
        for user in (self.agent_all, self.officer, self.manager, self.certifier):
            mine = remedy.with_user(user)
            self._refused(AccessError, "", lambda m=mine: m.read(["amount"]))
            self.assertFalse(mine.search([("id", "=", remedy.id)]))
            self.assertFalse(mine._read_group([("id", "=", remedy.id)], ["kind"]))
            self.assertFalse(mine.name_search("Money back"))
            self._refused(AccessError, "", lambda m=mine: m.sqms_history())
        self.assertEqual(remedy.with_user(self.agent).amount, 86)

    # -- limits and days -----------------------------------------------------------------

    def _limit(self, amount, user=None, group=None, **values):
        return self.env["sqms.remedy.limit"].create(
            {"company_id": self.company.id, "amount": amount, "user_id": user and user.id,
             "group_id": group and self.env.ref(group).id, "currency_id": self.company.currency_id.id, **values}
        )  # fmt: skip

    def test_nobody_approves_beyond_his_limit(self):
        self.complaint.complaint_amount = 1000
        own = "helpdesk_mgmt.group_helpdesk_user_own"
        self._limit(50, group=own)
        approver = self.agent_all
        small, more = self._propose(30), self._propose(30)
        small.with_user(approver).action_transition("approve")
        # What is split counts together, one after the other and at once, by button, step and list.
        for attempt in (
            lambda: more.with_user(approver).action_transition("approve"),
            lambda: more.with_user(approver).action_approve(),
            lambda: (self._propose(11) | self._propose(10)).with_user(approver).action_approve(),
            lambda: more.with_user(approver).with_context(active_test=False, tracking_disable=True).action_approve(),
        ):
            self._refused(UserError, "up to", attempt)
        steps = {step["name"]: step for step in more.with_user(approver).transitions()}
        self.assertNotIn("approve", steps, "it is not offered")
        self._propose(0, kind="apology").with_user(approver).action_approve()
        # A limit of one's own goes before that of the group, upwards and downwards.
        self._limit(60, user=approver)
        more.with_user(approver).action_approve()
        self.assertEqual(more.approved_by_id, approver)
        self._limit(10, user=self.officer)
        self._refused(UserError, "up to", lambda: self._propose(1).with_user(self.officer).action_approve())
        # Managers have none unless one names them.
        self._propose(500).with_user(self.manager).action_approve()
        self._limit(600, user=self.manager)
        self._refused(UserError, "up to", lambda: self._propose(500).with_user(self.manager).action_approve())
        # What was taken off the promise counts no more.
        for remedy in more | small:
            remedy.reason = "Agreed otherwise"
            remedy.action_transition("reject")
        self._propose(100).with_user(self.manager).action_approve()

    def test_limits_hold_in_their_company_and_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "name": "2020-01-01", "rate": 0.125, "company_id": self.company.id}
        )
        self.complaint.complaint_amount = 1000
        self._limit(10, group="helpdesk_mgmt.group_helpdesk_user_own", currency_id=euro.id)
        self._propose(10, currency_id=euro.id).with_user(self.agent_all).action_approve()
        self._refused(UserError, "up to", lambda: self._propose(1).with_user(self.agent_all).action_approve())
        other = self.env["res.company"].create({"name": "Elsewhere"})
        limits = self.env["sqms.remedy.limit"]
        self.assertEqual(limits._limit_of(self.agent_all, self.company), 80)
        self.assertIsNone(limits._limit_of(self.agent_all, other))
        far = limits.create({"company_id": other.id, "user_id": self.agent.id, "amount": 5})
        self._refused(AccessError, "", lambda: far.with_user(self.officer).read(["amount"]))

    @mute_logger(*RULES)
    def test_a_manager_lays_down_limits_and_not_his_own(self):
        boss = self._create_user("sqms_boss", "sqms_base.group_sqms_manager", company_id=self.company.id,
                                 company_ids=[(6, 0, self.company.ids)])  # fmt: skip
        limit = self._limit(50, user=self.agent)
        values = {"company_id": self.company.id, "amount": 5000}
        for user in (self.agent, self.officer, self.certifier, self.employee, self.portal):
            mine = self.env["sqms.remedy.limit"].with_user(user)
            self._refused(AccessError, "", lambda m=mine: m.create({**values, "user_id": self.agent_all.id}))
            self._refused(AccessError, "", lambda m=mine: m.browse(limit.id).write({"amount": 9}))
        self.assertTrue(limit.with_user(self.certifier).amount)
        ours = self.env["sqms.remedy.limit"].with_user(boss)
        ours.create({**values, "user_id": self.agent_all.id})
        self._refused(ValidationError, "for himself", lambda: ours.create({**values, "user_id": boss.id}))
        with mute_logger("odoo.sql_db"):
            for wrong in ({"user_id": boss.id, "group_id": self.env.ref("base.group_user").id}, {}):
                self._refused(psycopg2.errors.CheckViolation, "", lambda w=wrong: self.env["sqms.remedy.limit"].create(
                    {**values, **w}))  # fmt: skip
            self._refused(psycopg2.errors.UniqueViolation, "", lambda: self._limit(1, user=self.agent))
        self.assertIn("create", limit.sqms_history().mapped("event"))

    def test_what_is_promised_has_a_day(self):
        today = self.company._sqms_today()
        late = self._propose(20, due_date=today - timedelta(days=1))
        due = self._propose(20, due_date=today)
        remedies = self.env["sqms.complaint.remedy"].with_user(self.agent)
        domain = [("id", "in", (late | due).ids)]
        self.assertFalse(remedies.search([*domain, ("is_overdue", "=", True)]), "nothing is promised yet")
        (late | due).with_user(self.agent_all).action_approve()
        self._refused(AccessError, "", lambda: late.write({"due_date": today}))
        self.assertEqual((late.is_overdue, due.is_overdue), (True, False))
        self.assertEqual(remedies.search([*domain, ("is_overdue", "=", True)]), late)
        self.assertEqual(remedies.search([*domain, ("is_overdue", "=", False)]), due)
        told = self.complaint._complaint_remedies_public()
        self.assertEqual([row["is_given"] for row in told], [False, False])
        self.assertTrue(all(row["when"] for row in told))
        late.action_transition("give")
        self.assertEqual((late.is_overdue, late.amount_company), (False, 20))
        self._refused((UserError, AccessError), "", lambda: late.write({"amount_company": 1}))
        self._refused(UserError, "", lambda: self._propose(1, amount_company=5))
        page = self.env["sqms.morning"].with_user(self.agent).get_morning()
        keys = {item["key"] for section in page["sections"] for item in section["items"]}
        keys.add(page["start_here"]["key"] if page["start_here"] else "")
        self.assertIn(f"sqms.complaint.remedy,{due.id}", keys)
        # A repair's own cost is none of the customer's business.
        self.complaint.complaint_amount = 500
        self._propose(99, kind="repair").with_user(self.manager).action_approve()
        self.assertEqual(self.complaint._complaint_remedies_public()[-1]["amount"], "")

    def test_a_list_that_is_loaded_approves_nothing(self):
        remedy = self._propose(10)
        loader = self.env["sqms.complaint.remedy"].with_user(self.agent_all)
        result = loader.load([".id", "state"], [[str(remedy.id), "Approved"]])
        self.assertFalse(result["ids"])
        self.assertEqual(remedy.state, "proposed")
