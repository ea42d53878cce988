from datetime import date, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessDenied, AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import NOON, password_of, sign_step
from .eligibility_common import EligibilityCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestEligibilityOverride(EligibilityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._create_rule()

    def test_only_an_approved_one_counts(self):
        override = self._create_override(rule=self.rule)
        for step in (None, "request"):
            if step:
                override.action_transition(step)
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self._create_request(self.wang)
        self._approve_override(override)
        self.assertEqual(override.validity, "valid")
        self.assertEqual((override.decided_by_id, override.decider_name), (self.manager, self.manager.name))
        self.assertEqual(self._create_request(self.wang).user_id, self.wang)

    def test_approval_is_signed(self):
        override = self._create_override(rule=self.rule)
        override.action_transition("request")
        mine = override.with_user(self.manager)
        self.assertEqual(mine.action_transition("approve")["type"], "ir.actions.client", "the dialog asks first")
        self.assertEqual(override.state, "requested")
        for password in ("wrong", "", password_of(self.officer)):
            with self.assertRaises(AccessDenied), self.cr.savepoint():
                mine.action_sign_step("approve", password)
        self.assertEqual(override.state, "requested")
        sign_step(override, "approve", self.manager)
        signature = override.sudo().signature_ids
        self.assertEqual((signature.meaning, signature.user_id, signature.is_valid), ("approver", self.manager, True))

    def test_it_counts_while_its_signature_holds(self):
        """Changed past the ORM, straight in the database: void."""
        override = self._approve_override(self._create_override(rule=self.rule))
        request = self._create_request()
        self.assertFalse(self.rules.check(request, self.wang_employee)[request.id][self.wang_employee.id])
        self.cr.execute("UPDATE sqms_eligibility_override SET date_to = date_to + 5 WHERE id = %s", [override.id])
        self.env.invalidate_all()
        self.assertTrue(self.rules.check(request, self.wang_employee)[request.id][self.wang_employee.id])

    def test_neither_who_asked_nor_whom_it_is_for_approves(self):
        own = self._create_override(rule=self.rule, requester=self.manager)
        own.action_transition("request")
        with self.assertRaisesRegex(UserError, "another person approves it"):
            own.with_user(self.manager).action_transition("approve")
        self.assertEqual([step["name"] for step in own.with_user(self.manager).transitions()], ["refuse", "take_back"])
        # Written by one, asked for by another: neither of them.
        own.action_transition("take_back")
        own.with_user(self.officer).action_transition("request")
        with self.assertRaisesRegex(UserError, "another person approves it"):
            own.with_user(self.manager).action_transition("approve")
        with self.assertRaisesRegex(UserError, "another person approves it"):
            own.with_user(self.manager).sudo().action_transition("approve")
        beneficiary = self.env["hr.employee"].create(
            {"name": "Manager", "user_id": self.second_manager.id, "company_id": self.company.id}
        )
        forself = self._create_override(beneficiary, self.rule)
        forself.action_transition("request")
        with self.assertRaisesRegex(UserError, "for yourself"):
            forself.with_user(self.second_manager).action_transition("approve")
        for override, approver in ((own, self.second_manager), (forself, self.top)):
            sign_step(override, "approve", approver)
            self.assertEqual(override.state, "approved")

    def test_roles(self):
        override = self._create_override(rule=self.rule)
        override.action_transition("request")
        for user in (self.officer, self.certifier, self.plain, self.portal, self.public, self.dispatcher):
            with self.assertRaises(AccessError, msg=user.login):
                override.with_user(user).action_transition("approve")
        for user in (self.certifier, self.plain, self.portal, self.public, self.dispatcher, self.top):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self._create_override(rule=self.rule, requester=user)
        for user in (self.plain, self.portal, self.public, self.dispatcher):
            with self.assertRaises(AccessError):
                override.with_user(user).read(["state"])
        self.assertEqual(override.with_user(self.certifier).read(["state"])[0]["state"], "requested")

    def test_forged_by_no_way(self):
        """An approved one is neither made nor changed but by its steps."""
        for values in (
            {"state": "approved"},
            {"decided_by_id": self.top.id},
            {"decided_at": NOON},
            {"requested_by_id": self.top.id},
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                self._create_override(rule=self.rule, **values)
            context = {f"default_{name}": value for name, value in values.items()}
            with self.assertRaises(UserError), self.cr.savepoint():
                self.overrides.with_user(self.officer).with_context(**context).create(
                    {"employee_id": self.wang_employee.id, "rule_ids": [Command.set(self.rule.ids)], "reason": "x"}
                )
        override = self._create_override(rule=self.rule)
        with self.assertRaises(UserError), self.cr.savepoint():
            override.write({"state": "approved"})
        result = self.overrides.with_user(self.officer).load(
            ["employee_id/.id", "rule_ids/.id", "reason", "state"],
            [[str(self.wang_employee.id), str(self.rule.id), "x", "approved"]],
        )
        self.assertFalse(result["ids"])
        self._approve_override(override)
        other_rule = self._create_rule(name="Other")
        for user in (self.officer, self.manager, self.top, self.env.ref("base.user_root")):
            mine = override.with_user(user)
            for values in (
                {"date_to": date(2027, 1, 1)}, {"employee_id": self.li_employee.id}, {"reason": "y"},
                {"rule_ids": [Command.link(other_rule.id)]}, {"record_ref": False, "date_from": date(2026, 1, 1)},
                {"state": "draft"}, {"decided_by_id": user.id}, {"requested_by_id": user.id},
            ):  # fmt: skip
                with self.assertRaises(UserError, msg=(user.login, values)), self.cr.savepoint():
                    mine.write(values)
                    mine.flush_recordset()
            # The superuser itself is what uninstalls.
            context = {} if user == self.env.ref("base.user_root") else {"_force_unlink": True}
            with self.assertRaises(AccessError), self.cr.savepoint():
                mine.with_context(**context).unlink()
        copied = override.with_user(self.officer).copy()
        self.assertEqual((copied.state, copied.decided_by_id.id, copied.requested_by_id.id), ("draft", False, False))

    def test_it_ends_by_the_clock(self):
        override = self._create_override(rule=self.rule, date_from=date(2026, 11, 25), date_to=date(2026, 11, 26))
        self._approve_override(override)
        expected = {24: ("coming", True), 25: ("valid", False), 26: ("valid", False), 27: ("expired", True)}
        request = self._create_request()
        for day, (validity, refused) in expected.items():
            with freeze_time(NOON + timedelta(days=day - 23)):
                self.env.invalidate_all()
                self.assertEqual(override.validity, validity)
                self.assertEqual(self.overrides.search([("validity", "=", validity)]) & override, override)
                answer = self.rules.check(request, self.wang_employee)[request.id][self.wang_employee.id]
                self.assertEqual(bool(answer), refused, day)

    def test_as_of(self):
        """It holds from its approval to its revocation, whatever became of it later."""
        override = self._create_override(rule=self.rule)
        with freeze_time(NOON + timedelta(days=1)):
            self._approve_override(override)
        with freeze_time(NOON + timedelta(days=3)):
            override.with_user(self.top).remarks = "No longer supervised"
            override.with_user(self.top).action_transition("revoke")
        request = self._create_request()
        with freeze_time(NOON + timedelta(days=8)):
            for day, refused in ((23, True), (24, False), (25, False), (26, True), (28, True)):
                answer = self.rules.check(request, self.wang_employee, date(2026, 11, day))
                self.assertEqual(bool(answer[request.id][self.wang_employee.id]), refused, day)

    def test_only_for_its_record_its_rule_and_its_person(self):
        first, second = self._create_request(), self._create_request()
        second_rule = self._create_rule({"kind": "group", "group_id": self.env.ref("sqms_base.group_sqms_top").id},
                                        name="Top", domain="[('priority', '=', '3')]")  # fmt: skip
        (first | second).message_subscribe(self.officer.partner_id.ids)
        override = self._create_override(rule=self.rule, record_ref=f"maintenance.request,{first.id}")
        self._approve_override(override)
        first.user_id = self.wang
        for attack in (
            lambda: second.write({"user_id": self.wang.id}),
            lambda: first.write({"user_id": self.li.id}),
            lambda: first.write({"priority": "3"}),
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                attack()
        self.assertTrue(second_rule.is_in_force)

    def test_length(self):
        self.company.sqms_override_days = 10
        self._create_override(rule=self.rule, date_from=date(2026, 11, 23), date_to=date(2026, 12, 2))
        with self.assertRaisesRegex(ValidationError, "at most 10 days"), self.cr.savepoint():
            self._create_override(rule=self.rule, date_from=date(2026, 11, 23), date_to=date(2026, 12, 3))
        late = self._create_override(rule=self.rule, date_to=date(2026, 11, 24))
        late.action_transition("request")
        with freeze_time(NOON + timedelta(days=3)), self.assertRaisesRegex(UserError, "its last day has passed"):
            late.with_user(self.manager).action_transition("approve")

    def test_companies(self):
        stranger, employee = self._create_person("stranger", "Stranger", self.env["hr.department"],
                                                 "sqms_base.group_sqms_manager", self.other_company)  # fmt: skip
        with self.assertRaises(UserError), self.cr.savepoint():
            self._create_override(employee, self.rule)
        override = self._create_override(rule=self.rule)
        self.assertFalse(self.overrides.with_user(stranger).search([("id", "=", override.id)]))
        with self.assertRaises(AccessError):
            override.with_user(stranger).read(["reason"])
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._create_override(rule=self.rule, requester=stranger)
        with self.assertRaises(UserError), self.cr.savepoint():
            override.company_id = self.other_company

    def test_the_record_must_be_one_that_may_be_seen(self):
        request = self._create_request()
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._create_override(rule=self.rule, requester=self.second_manager,
                                  record_ref=f"maintenance.request,{request.id}")  # fmt: skip
        for wrong in ("res.partner,1", "maintenance.request,999999999"):
            error = ValueError if wrong.startswith("res") else ValidationError
            with self.assertRaises(error), self.cr.savepoint():
                self._create_override(rule=self.rule, record_ref=wrong)

    def test_it_leaves_its_mark(self):
        request = self._create_request()
        request.message_subscribe(self.officer.partner_id.ids)
        override = self._create_override(rule=self.rule, record_ref=f"maintenance.request,{request.id}")
        self._approve_override(override)
        self.assertIn("Supervised by Zhao", request.sudo().message_ids.mapped("body")[0])

    def test_read_by_who_may_not_see_the_record(self):
        """Top management decides on it all the same; the record stays closed."""
        request = self._create_request()
        request.message_subscribe(self.officer.partner_id.ids)
        override = self._create_override(rule=self.rule, record_ref=f"maintenance.request,{request.id}")
        override.action_transition("request")
        specification = {"record_ref": {"fields": {"display_name": {}}}, "state": {}, "signature_rows": {}}
        for user in (self.manager, self.top, self.certifier):
            self.env.invalidate_all()
            [read] = override.with_user(user).web_read(specification)
            self.assertEqual(read["state"], "requested")
            with self.assertRaises(AccessError):
                request.with_user(user).read(["name"])
        sign_step(override, "approve", self.top)
        request.user_id = self.wang

    def test_reported_by_month(self):
        for day in (0, 1, 20):
            with freeze_time(NOON + timedelta(days=day)):
                self._approve_override(self._create_override(rule=self.rule))
        groups = self.overrides.with_user(self.officer)._read_group(
            [("state", "=", "approved"), ("company_id", "=", self.company.id)], ["decided_at:month"], ["__count"]
        )
        self.assertEqual([count for _month, count in groups], [2, 1])

    def test_nearest_colleagues_count_it(self):
        self._approve_override(self._create_override(self.li_employee, self.rule))
        with self.assertRaisesRegex(ValidationError, "Eligible colleagues: Zhao Min, Li Na"):
            self._create_request(self.wang)
