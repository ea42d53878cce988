import random
from collections import defaultdict
from datetime import date, timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .goal_common import GoalCase

FOUR = ("prevention", "appraisal", "internal", "external")
TODAY = date(2026, 11, 23)
RULES = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install", "sqms_alone")
class TestQualityCost(GoalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_officer = cls._create_user("officer2", "sqms_base.group_sqms_officer")
        cls.refund = cls.env.ref("sqms_base.sqms_quality_cost_type_refund")
        cls.training = cls.env.ref("sqms_base.sqms_quality_cost_type_training")

    @classmethod
    def _create(cls, amount=100, user=None, **values):
        return cls._as("sqms.quality.cost", user).create(
            {"name": "Refund", "type_id": cls.refund.id, "amount": amount, **values}
        )

    @classmethod
    def _posted(cls, *args, **values):
        cost = cls._create(*args, **values)
        cost.action_transition("post")
        return cost

    def _totals(self, company=None, start=date(2026, 1, 1), end=date(2026, 12, 31)):
        self.env.flush_all()
        return self.env["sqms.quality.cost"]._totals(company or self.company, start, end)

    # -- what is booked stays ------------------------------------------------------

    def test_a_booked_cost_is_closed_for_everybody(self):
        cost = self._create(category="external")
        self.assertEqual((cost.category, cost.state, self._totals()["external"]), ("external", "draft", 0))
        self._refused(UserError, "use the button", lambda: cost.write({"state": "posted"}))
        self._refused(UserError, "", lambda: self._create(state="posted"))
        cost.action_transition("post")
        self.assertEqual((cost.posted_by_id, self._totals()["external"]), (self.officer, 100))
        for user in (self.officer, self.manager, self.env.ref("base.user_root")):
            mine = cost.with_user(user)
            for values in (
                {"amount": 1}, {"date": "2026-01-01"}, {"category": "internal"}, {"name": "x"}, {"note": "x"},
                {"currency_id": self.env.ref("base.EUR").id}, {"posted_by_id": self.manager.id}, {"state": "draft"},
                {"is_automatic": True}, {"reversal_of_id": cost.id}, {"company_id": self.other_company.id},
                {"amount_company": 1}, {"nonconformity_id": False},
            ):  # fmt: skip
                if values == {"nonconformity_id": False}:
                    values = {"process_id": self.process.id}
                self._refused(UserError, "", lambda m=mine, v=values: m.write(v))
            self._refused(UserError, "", mine.unlink)
        self.assertEqual((cost.amount, cost.state), (100, "posted"))

    def test_what_is_not_a_cost_is_refused(self):
        for amount in (0, -5):
            with mute_logger("odoo.sql_db"):
                self._refused(psycopg2.errors.CheckViolation, "", lambda a=amount: self._create(a))
        self._refused(ValidationError, "future", lambda: self._create(date=TODAY + timedelta(days=1)))
        self._refused(ValidationError, "category", lambda: self._create(category="prevention"))
        self._refused(UserError, "filled in by the system", lambda: self._create(is_automatic=True))
        given = self._as("sqms.quality.cost").with_context(default_amount_company=1, default_is_automatic=True)
        self._refused(UserError, "", lambda: given.create({"name": "x", "category": "internal", "amount": 5}))
        given = self._as("sqms.quality.cost").with_context(default_amount_company=1)
        cost = given.create({"name": "x", "category": "internal", "amount": 5, "amount_company": 3})
        self.assertEqual(cost.amount_company, 5)
        done = self._as("sqms.quality.cost").load(
            ["name", "category", "amount", "state"], [["x", "internal", "5", "posted"]]
        )
        self.assertFalse(done["ids"])
        self._refused(UserError, "stays where it is", lambda: self._moved_type())

    def _moved_type(self):
        kind = self._as("sqms.quality.cost.type", self.manager).create({"name": "Own", "category": "internal"})
        self._create(type_id=kind.id)
        kind.category = "external"

    def test_a_correction_is_a_row_of_its_own_by_another(self):
        cost = self._posted(process_id=self.process.id)
        self._refused(UserError, "Why It Is Taken Back", lambda: cost.action_transition("reverse"))
        cost.with_user(self.second_officer).reversal_reason = "Booked twice"
        self._refused(UserError, "another person", lambda: cost.action_transition("reverse"))
        self._refused(AccessError, "", lambda: cost.with_user(self.officer).action_transition("withdraw"))
        cost.with_user(self.second_officer).action_transition("reverse")
        back = self.env["sqms.quality.cost"].search([("reversal_of_id", "=", cost.id)])
        self.assertEqual((cost.state, back.state, back.amount, back.amount_company), ("reversed", "posted", -100, -100))
        self.assertEqual(
            (back.process_id, back.note, back.author_id), (self.process, "Booked twice", self.second_officer)
        )
        self.assertEqual(self._totals(), dict.fromkeys(FOUR, 0))
        self._refused(UserError, "", lambda: cost.with_user(self.second_officer).action_transition("reverse"))
        back.with_user(self.manager).reversal_reason = "No"
        self._refused(UserError, "anew", lambda: back.with_user(self.manager).action_transition("reverse"))
        for values in ({"reversal_of_id": cost.id}, {"amount": -5}):
            with mute_logger("odoo.sql_db"):
                self._refused((UserError, psycopg2.errors.CheckViolation), "", lambda v=values: self._create(**v))

    def test_a_second_person_approves_above_the_limit(self):
        self.company.sqms_cost_limit = 500
        small, large = self._create(500), self._create(500.01)
        self.assertEqual([step["name"] for step in small.transitions() if not step["rare"]], ["post"])
        self.assertEqual([step["name"] for step in large.transitions() if not step["rare"]], ["submit"])
        self._refused(UserError, "somebody else", lambda: large.action_transition("post"))
        large.action_transition("submit")
        self._refused(AccessError, "", lambda: large.action_transition("approve"))
        own = self._create(900, user=self.manager)
        own.action_transition("submit")
        self._refused(UserError, "another person", lambda: own.action_transition("approve"))
        self._refused(AccessError, "no longer be changed", lambda: own.write({"amount": 1}))
        # Who wrote in it does not approve it, whoever created it.
        large.action_transition("return")
        large.with_user(self.manager).amount = 700
        large.action_transition("submit")
        self._refused(UserError, "another person", lambda: large.with_user(self.manager).action_transition("approve"))
        (large | own).with_user(self.top).action_transition("approve")
        self.assertEqual(set((large | own).mapped("state")), {"posted"})
        self.assertEqual(self._totals()["external"], 1600)
        euro = self._create(500, currency_id=self._rated_euro().id)
        self._refused(UserError, "somebody else", lambda: euro.action_transition("post"))

    # -- what the system books -------------------------------------------------------

    def _nc(self, company=None, **values):
        return self.env["sqms.nonconformity"].create(
            {"name": "Charged twice", "company_id": (company or self.company).id, **values}
        )

    def test_the_system_books_once_for_each_record_category_and_name(self):
        nc = self._nc(process_id=self.process.id)
        costs = self.env["sqms.quality.cost"]
        cost = costs.with_user(self.officer)._record_cost(nc, "external", 86, name="Refund", date=date(2026, 11, 2))
        self.assertEqual((cost.state, cost.is_automatic, cost.nonconformity_id), ("posted", True, nc))
        self.assertEqual(
            (cost.company_id, cost.process_id, cost.source_name), (self.company, self.process, nc.display_name)
        )
        self.assertEqual(costs._record_cost(nc, "external", 86, name="Refund"), cost)
        self._refused(UserError, "another amount", lambda: costs._record_cost(nc, "external", 87, name="Refund"))
        for category, name in (("internal", "Refund"), ("external", "Voucher")):
            self.assertNotEqual(costs._record_cost(nc, category, 86, name=name), cost)
        self.assertEqual(nc.cost_ids.filtered(lambda one: one.state == "posted").mapped("amount"), [86, 86, 86])
        mine = cost.with_user(self.manager)
        mine.reversal_reason = "Wrong"
        self._refused(UserError, "taken back there", lambda: mine.action_transition("reverse"))
        back = costs._take_back_cost(nc, "Never paid", category="external", name="Refund")
        self.assertEqual((back.amount, back.reversal_of_id, cost.state), (-86, cost, "reversed"))
        self.assertFalse(costs._take_back_cost(nc, "Never paid", category="external", name="Refund"))
        self.assertEqual(self._totals(), {"prevention": 0, "appraisal": 0, "internal": 86, "external": 86})
        again = costs._record_cost(nc, "external", 90, name="Refund")
        self.assertEqual((again.amount, again.state), (90, "posted"))
        other = costs._record_cost(self._nc(self.other_company), "external", 10, name="Refund")
        self.assertEqual((other.company_id, self._totals(self.other_company)["external"]), (self.other_company, 10))
        self.assertEqual(self._totals()["external"], 176)

    def test_two_at_once_are_stopped_by_the_database(self):
        nc = self._nc()
        costs = self.env["sqms.quality.cost"]
        costs._record_cost(nc, "external", 86, name="Refund")
        twin = costs.sudo().create({"name": "Refund", "category": "external", "amount": 86, "res_model": nc._name,
                                    "res_id": nc.id, "company_id": self.company.id})  # fmt: skip
        with mute_logger("odoo.sql_db"):
            self._refused(psycopg2.errors.UniqueViolation, "", lambda: twin.action_transition("book"))

    # -- totals ----------------------------------------------------------------------

    def _rated_euro(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].search([("currency_id", "=", euro.id)]).unlink()
        self.env["res.currency.rate"].create(
            [
                {"currency_id": euro.id, "name": day, "rate": rate, "company_id": self.company.id}
                for day, rate in (("2026-01-01", 0.125), ("2026-07-01", 0.131))
            ]
        )
        return euro

    def test_totals_equal_those_of_a_brute_force_twin(self):
        """Random costs in two currencies, some taken back, others in draft or of another company."""
        self.company.currency_id = self.env.ref("base.CNY")
        euro, dice = self._rated_euro(), random.Random(20261123)
        rows = [
            {
                "name": f"Cost {number}",
                "category": dice.choice(FOUR),
                "amount": round(dice.uniform(0.01, 900), 2),
                "currency_id": dice.choice((self.company.currency_id, euro)).id,
                "date": TODAY - timedelta(days=dice.randrange(400)),
            }
            for number in range(60)
        ]
        costs = self._as("sqms.quality.cost").create(rows)
        costs[:50].action_transition("post")
        costs[40:50].with_user(self.second_officer).reversal_reason = "Wrong"
        costs[40:50].with_user(self.second_officer).action_transition("reverse")
        self._create(77, user=self.stranger).with_user(self.stranger).action_transition("post")
        start, end = date(2026, 3, 1), date(2026, 10, 31)
        expected = defaultdict(float)
        for row in rows[:50]:
            if start <= row["date"] <= end:
                rate = 1.0
                if row["currency_id"] == euro.id:
                    rate = 0.131 if row["date"] >= date(2026, 7, 1) else 0.125 if row["date"].year == 2026 else 0.125
                expected[row["category"]] += float(f"{row['amount'] / rate:.10f}")
        totals = self._totals(start=start, end=end)
        self.assertEqual(set(totals), set(FOUR))
        for category in FOUR:
            self.assertAlmostEqual(totals[category], expected[category], delta=0.005 * 50)
        # Over the whole time what was taken back leaves nothing, to the cent.
        everything = self._totals(start=date(2020, 1, 1), end=TODAY)
        kept = defaultdict(float)
        for cost in costs[:40]:
            kept[cost.category] += cost.amount_company
        self.assertEqual(everything, {name: self.company.currency_id.round(kept[name]) for name in FOUR})
        # A rate that is entered later changes nothing of what was booked.
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "name": "2026-10-01", "rate": 0.2, "company_id": self.company.id}
        )
        self.env.invalidate_all()
        self.assertEqual(self._totals(start=start, end=end), totals)

    def test_totals_ask_once_however_many_there_are(self):
        costs = self.env["sqms.quality.cost"]
        self._posted()
        self._totals()
        with self.assertQueryCount(1):
            costs._totals(self.company, date(2026, 1, 1), TODAY)
        self._as("sqms.quality.cost").create(
            [{"name": str(n), "category": "internal", "amount": 1} for n in range(30)]
        ).action_transition("post")
        self.env.flush_all()
        with self.assertQueryCount(1):
            costs._totals(self.company, date(2026, 1, 1), TODAY)

    # -- roles -----------------------------------------------------------------------

    @mute_logger(*RULES)
    def test_roles(self):
        cost = self._posted()
        for user in (self.plain, self.hr, self.portal, self.public):
            self._refused(AccessError, "", lambda u=user: cost.with_user(u).read(["amount"]))
            self._refused(AccessError, "", lambda u=user: self._create(user=u))
        for user in (self.certifier, self.top):
            self.assertEqual(cost.with_user(user).amount, 100)
            self._refused(AccessError, "", lambda u=user: self._create(user=u))
        self._refused(AccessError, "", lambda: cost.with_user(self.certifier).write({"reversal_reason": "x"}))
        self._refused(AccessError, "", lambda: cost.with_user(self.stranger).read(["amount"]))
        self.assertFalse(self._as("sqms.quality.cost", self.stranger).search([("id", "=", cost.id)]))
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.refund.with_user(self.manager).name = "Something else"
