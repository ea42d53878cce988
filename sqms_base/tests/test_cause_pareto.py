from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_cause import CauseCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestCausePareto(CauseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cost = cls.env["sqms.quality.cost"]

    def _create_case(self, kinds=(), amount=0, days=1, **values):
        record = self._create_nonconformity("Case", **values)
        record.found_at = fields.Datetime.now() - timedelta(days=days)
        for kind in kinds:
            self._create_root(record, kind)
        if amount:
            self._spend(record, amount)
        return record

    def _spend(self, record, amount, step="post", **values):
        cost = self._as("sqms.quality.cost").create(
            {
                "name": "Refund", "category": "external", "amount": amount, "nonconformity_id": record.id,
                "company_id": self.company.id, "currency_id": self.company.currency_id.id, **values,
            }
        )  # fmt: skip
        if step:
            cost.action_transition(step)
        return cost

    def _pareto(self, user=None, **filters):
        self.env.flush_all()
        return self._as("sqms.cause", user).pareto_screen(filters)

    def test_cases_are_counted_once_for_each_kind_and_end_at_a_hundred(self):
        self._create_case([self.kind, self.kind], 90)
        self._create_case([self.kind, self.other_kind], 100)
        self._create_case([self.env["sqms.cause.type"]], 7)
        self._create_case([self.kind], 1, days=400)
        page = self._pareto()
        self.assertEqual([(row["label"], row["value"]) for row in page["rows"]],
                         [("No rule", 2), ("No kind chosen yet", 1), ("Rusty", 1)])  # fmt: skip
        self.assertEqual(page["rows"][-1]["cumulative"], 100.0)
        self.assertEqual(page["cases"], 3)
        page = self._pareto(by="cost")
        self.assertEqual([(row["label"], row["value"]) for row in page["rows"]],
                         [("No rule", 140), ("Rusty", 50), ("No kind chosen yet", 7)])  # fmt: skip
        # All rows together are the whole cost.
        self.assertEqual(sum(row["value"] for row in page["rows"]), 197)
        self.assertEqual(len(self._pareto(period="all")["rows"]), 3)
        self.assertEqual(self._pareto(period="all")["rows"][0]["value"], 3)
        self.assertIn("<svg", page["svg"])

    def test_what_it_cost_is_what_is_booked_at_the_rate_of_its_day(self):
        currency = self.env["res.currency"].create({"name": "TST", "symbol": "T", "rounding": 0.01})
        yesterday = fields.Date.add(self.company._sqms_today(), days=-1)
        self.env["res.currency.rate"].create(
            [
                {"name": yesterday - timedelta(days=20), "rate": 0.5, "currency_id": currency.id,
                 "company_id": self.company.id},
                {"name": yesterday, "rate": 0.1, "currency_id": currency.id, "company_id": self.company.id},
            ]
        )  # fmt: skip
        case = self._create_case([self.kind], 100)
        self._spend(case, 7, step=None)
        # 50 of it were 100 of ours ten days ago; they would be 500 of today.
        self._spend(case, 50, currency_id=currency.id, date=yesterday - timedelta(days=9))
        self._spend(case, 30).with_user(self.manager).write({"reversal_reason": "Never paid"})
        taken_back = case.cost_ids.filtered(lambda cost: cost.amount == 30)
        taken_back.with_user(self.manager).action_transition("reverse")
        self.company.sqms_cost_limit = 500
        self._spend(case, 9000, step="submit")
        self.env.invalidate_all()
        self.assertEqual(case.cost_total, 200)
        row = self._pareto(by="cost")["rows"][0]
        self.assertEqual((row["value"], row["label"]), (case.cost_total, "No rule"))

    def test_filters_and_the_way_to_the_records(self):
        process = self.env["sqms.process"].create({"code": "P2", "name": "Desk", "company_id": self.company.id})
        first = self._create_case([self.kind], grade="major")
        second = self._create_case([self.kind], process_id=process.id)
        self.assertEqual(self._pareto(process=process.id)["rows"][0]["value"], 1)
        self.assertEqual(self._pareto(grade="major")["rows"][0]["value"], 1)
        self.assertEqual(self._pareto(grade="critical")["rows"], [])
        for filters, records in (({}, first | second), ({"grade": "major"}, first), ({"process": process.id}, second)):
            action = self._as("sqms.cause").pareto_records(filters, [self.kind.id])
            self.assertEqual(self._as(action["res_model"]).search(action["domain"]), records)
        without = self._as("sqms.cause").pareto_records({}, [False])["domain"]
        self.assertFalse(self._as("sqms.nonconformity").search(without) & (first | second))
        self._refused(UserError, "not known", lambda: self._as("sqms.cause").pareto_records({}, ["x"]))
        # What a client makes up counts for nothing.
        page = self._pareto(process="1 OR 1=1", grade="' OR ''='", period=[], by={})
        self.assertEqual(page["filters"], {"period": "365", "process": False, "grade": False, "by": "count"})

    def test_who_sees_it(self):
        self._create_case([self.kind], 5)
        for user in (self.officer, self.manager, self.top, self.certifier):
            self.assertEqual(len(self._pareto(user)["rows"]), 1)
        self.assertEqual(self._pareto(self.stranger)["rows"], [])
        for user in (self.plain, self.portal, self.public, self.hr):
            self._refused(AccessError, "", lambda user=user: self._pareto(user))
            self._refused(AccessError, "", lambda user=user: self._as("sqms.cause", user).pareto_records({}, []))

    def test_twice_the_records_same_number_of_queries(self):
        counts = []
        for _round in range(2):
            for _case in range(3):
                self._create_case([self.kind, self.other_kind], 5)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._as("sqms.cause").pareto_screen({"by": "cost"})
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
