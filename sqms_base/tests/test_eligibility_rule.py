from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import NOON
from .eligibility_common import EligibilityCase

TODAY = date(2026, 11, 23)
YESTERDAY = date(2026, 11, 22)


@tagged("post_install", "-at_install", "sqms_alone")
class TestEligibilityCheck(EligibilityCase):
    """The question itself: who is eligible, and why not."""

    def test_without_a_rule_everybody_is_eligible_and_nothing_is_asked(self):
        request = self._create_request(self.zhao)
        self.rules._rules_on("maintenance.request")
        with self.assertQueryCount(0):
            self.assertFalse(self.rules._gate_fields("maintenance.request", TODAY))
        answer = self.rules.check(request, self.wang_employee)
        self.assertEqual(answer, {request.id: {self.wang_employee.id: []}})

    def test_document_must_be_read(self):
        self._create_rule()
        request = self._create_request()
        answer = self.rules.check(request, self.zhao_employee | self.wang_employee)[request.id]
        self.assertEqual(answer[self.zhao_employee.id], [])
        [reason] = answer[self.wang_employee.id]
        self.assertIn("has not confirmed reading", reason)
        self.assertIn("Gas boilers", reason)
        self.assertIn("Gas safety law", reason)

    def test_no_edition_in_force_means_nobody(self):
        self._create_rule()
        request = self._create_request()
        self.edition.with_user(self.manager).withdrawal_reason = "Wrong"
        with freeze_time(NOON + timedelta(seconds=5)):
            self.edition.with_user(self.manager).action_transition("withdraw")
        with freeze_time(NOON + timedelta(hours=1)):
            answer = self.rules.check(request, self.zhao_employee)[request.id]
        self.assertIn("no edition of", answer[self.zhao_employee.id][0])

    def test_group(self):
        group = self.env.ref("sqms_base.group_sqms_officer")
        self._create_rule({"kind": "group", "group_id": group.id})
        request = self._create_request()
        self.assertIn("does not belong to", self.rules.check(request, self.zhao_employee)[request.id][
            self.zhao_employee.id][0])  # fmt: skip
        # A manager is an officer by implication.
        self.zhao.sudo().group_ids = [Command.link(self.env.ref("sqms_base.group_sqms_manager").id)]
        self.assertFalse(self.rules.check(request, self.zhao_employee)[request.id][self.zhao_employee.id])

    def test_not_the_same_person(self):
        self._create_rule({"kind": "not_same", "field_path": "create_uid"})
        request = self.requests.with_user(self.zhao).sudo().create({"name": "Own", "maintenance_team_id": self.team.id})
        answer = self.rules.check(request, self.zhao_employee | self.wang_employee)[request.id]
        self.assertIn("of the same record", answer[self.zhao_employee.id][0])
        self.assertEqual(answer[self.wang_employee.id], [])

    def test_not_the_same_person_over_a_path(self):
        self._create_rule({"kind": "not_same", "field_path": "equipment_id.technician_user_id"})
        equipment = self.env["maintenance.equipment"].create(
            {"name": "Boiler", "technician_user_id": self.zhao.id, "company_id": self.company.id}
        )
        request = self._create_request(equipment_id=equipment.id, user_id=False)
        answer = self.rules.check(request, self.zhao_employee | self.wang_employee)[request.id]
        self.assertTrue(answer[self.zhao_employee.id])
        self.assertFalse(answer[self.wang_employee.id])

    def test_only_the_records_of_the_domain(self):
        self._create_rule(domain="[('maintenance_type', '=', 'preventive')]")
        corrective = self._create_request()
        preventive = self._create_request(maintenance_type="preventive")
        answer = self.rules.check(corrective | preventive, self.wang_employee)
        self.assertFalse(answer[corrective.id][self.wang_employee.id])
        self.assertTrue(answer[preventive.id][self.wang_employee.id])

    def test_all_rules_hold_together(self):
        self._create_rule()
        self._create_rule({"kind": "not_same", "field_path": "create_uid"}, name="Four eyes")
        request = self.requests.with_user(self.wang).sudo().create({"name": "Own", "maintenance_team_id": self.team.id})
        self.assertEqual(len(self.rules.check(request, self.wang_employee)[request.id][self.wang_employee.id]), 2)

    def test_twice_the_records_cost_the_same(self):
        self._create_rule()
        self._create_rule({"kind": "not_same", "field_path": "equipment_id.technician_user_id"})
        self._create_rule({"kind": "group", "group_id": self.env.ref("base.group_user").id})
        equipment = self.env["maintenance.equipment"].create(
            [
                {"name": f"Boiler {n}", "technician_user_id": self.li.id, "company_id": self.company.id}
                for n in range(40)
            ]
        )
        requests = self.requests.create(
            [
                {"name": "Leak", "equipment_id": each.id, "maintenance_team_id": self.team.id, "user_id": False}
                for each in equipment
            ]
        )
        counts = []
        people = self.zhao_employee | self.wang_employee | self.li_employee | self.dispatcher_employee
        self.rules.check(requests[:1], people)  # what the registry remembers
        for records, employees in ((requests[:10], people[:2]), (requests[:20], people), (requests, people)):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.rules.check(records, employees)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(len(set(counts)), 1, counts)

    def test_a_rule_of_one_company_says_nothing_in_the_other(self):
        self._create_rule()
        stranger, stranger_employee = self._create_person(
            "stranger", "Stranger", self.env["hr.department"], company=self.other_company
        )
        team = self.env["maintenance.team"].create({"name": "Other", "company_id": self.other_company.id})
        request = self.env["maintenance.request"].create(
            {"name": "Other", "company_id": self.other_company.id, "maintenance_team_id": team.id,
             "user_id": stranger.id}
        )  # fmt: skip
        self.assertEqual(request.user_id, stranger)
        self.assertFalse(self.rules.check(request, stranger_employee)[request.id][stranger_employee.id])

    def test_check_is_not_for_clients(self):
        from odoo.service.model import get_public_method

        with self.assertRaises(AccessError):
            get_public_method(self.rules, "check")


@tagged("post_install", "-at_install", "sqms_alone")
class TestEligibilityAsOf(EligibilityCase):
    """“Who was eligible on that day” has an answer that stays."""

    def test_a_reading_counts_from_its_instant_on(self):
        self._create_rule()
        request = self._create_request()
        later = NOON + timedelta(days=3)
        with freeze_time(later):
            self._read(self.edition, self.wang)

        def reasons(on):
            return self.rules.check(request, self.wang_employee, on)[request.id][self.wang_employee.id]

        with freeze_time(later + timedelta(days=1)):
            self.assertTrue(reasons(TODAY))
            self.assertTrue(reasons(date(2026, 11, 25)))
            self.assertFalse(reasons(date(2026, 11, 26)), "at the end of the day it was read")
            self.assertTrue(reasons(later - timedelta(seconds=1)), "not yet")
            self.assertFalse(reasons(later))
            self.assertFalse(reasons(None))

    def test_a_new_edition_does_not_change_the_past(self):
        self._create_rule()
        request = self._create_request()
        with freeze_time(NOON + timedelta(days=10)):
            draft = self.env["sqms.document.version"].with_user(self.officer).browse(
                self.procedure.with_user(self.officer).action_new_edition()["res_id"]
            )  # fmt: skip
            self._approve(draft, date(2026, 12, 3))
        with freeze_time(NOON + timedelta(days=11)):
            zhao = self.zhao_employee.id
            self.assertTrue(self.rules.check(request, self.zhao_employee)[request.id][zhao])
            self.assertFalse(self.rules.check(request, self.zhao_employee, date(2026, 12, 2))[request.id][zhao])
            self.assertTrue(self.rules.check(request, self.zhao_employee, date(2026, 12, 3))[request.id][zhao])

    def test_rules_hold_on_their_days_only(self):
        rule = self._create_rule(date_from=date(2026, 11, 25), date_to=date(2026, 11, 27))
        request = self._create_request(self.wang)
        expected = {24: False, 25: True, 27: True, 28: False}
        for day, refused in expected.items():
            answer = self.rules.check(request, self.wang_employee, date(2026, 11, day))
            self.assertEqual(bool(answer[request.id][self.wang_employee.id]), refused, day)
        self.assertFalse(rule.is_in_force)

    def test_the_day_is_that_of_the_company(self):
        """In Shanghai it is the 24th while the server still counts the 23rd."""
        self._create_rule(date_from=date(2026, 11, 24))
        request = self._create_request()
        for instant, refused in ((datetime(2026, 11, 23, 15, 59), False), (datetime(2026, 11, 23, 16, 0), True)):
            with freeze_time(instant):
                answer = self.rules.check(request, self.wang_employee)[request.id][self.wang_employee.id]
                self.assertEqual(bool(answer), refused)
                if refused:
                    with self.assertRaises(ValidationError):
                        self._create_request(self.wang)

    def test_archiving_ends_a_rule_and_keeps_its_past(self):
        rule = self._create_rule()
        request = self._create_request()
        with freeze_time(NOON + timedelta(days=5)):
            rule.with_user(self.manager).action_archive()
            self.assertEqual(rule.date_to, date(2026, 11, 27))
            self.assertFalse(self.rules.check(request, self.wang_employee)[request.id][self.wang_employee.id])
            self.assertTrue(
                self.rules.check(request, self.wang_employee, date(2026, 11, 26))[request.id][self.wang_employee.id]
            )

    def test_a_rule_once_in_force_is_not_rewritten(self):
        rule = self._create_rule()
        rule.with_user(self.manager).domain = "[('priority', '=', '3')]"
        with freeze_time(NOON + timedelta(days=1)):
            mine = rule.with_user(self.manager)
            for values in (
                {"domain": "[]"},
                {"date_from": date(2026, 12, 1)},
                {"company_id": False},
                {"model_id": self.env["ir.model"]._get_id("maintenance.equipment")},
                {"requirement_ids": [Command.clear()]},
                {"requirement_ids": [Command.create({"kind": "not_same", "field_path": "owner_user_id"})]},
                {"requirement_ids": [Command.update(rule.requirement_ids.id, {"kind": "group"})]},
                {"date_to": date(2026, 11, 1)},
            ):
                with self.assertRaises(UserError, msg=values), self.cr.savepoint():
                    mine.write(values)
            for attack in (
                lambda: mine.requirement_ids.write({"sequence": 1}),
                lambda: mine.requirement_ids.unlink(),
                lambda: mine.with_context(_force_unlink=True).unlink(),
                lambda: mine.requirement_ids.copy(),
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    attack()
            mine.write({"name": "Other words", "date_to": date(2026, 12, 31)})
            mine.write({"domain": "[('priority', '=', '3')]"})  # what it says already

    def test_revise_replaces_it_from_today_on(self):
        rule = self._create_rule()
        request = self._create_request()
        with freeze_time(NOON + timedelta(days=4)):
            action = rule.with_user(self.manager).action_revise()
            successor = self.rules.browse(action["res_id"])
            self.assertEqual((rule.date_to, successor.date_from), (date(2026, 11, 26), date(2026, 11, 27)))
            successor.with_user(self.manager).requirement_ids.unlink()
            self.assertFalse(self.rules.check(request, self.wang_employee)[request.id][self.wang_employee.id])
            self.assertTrue(
                self.rules.check(request, self.wang_employee, date(2026, 11, 26))[request.id][self.wang_employee.id]
            )

    def test_no_rule_for_the_past(self):
        with self.assertRaisesRegex(ValidationError, "begins today or later"):
            self._create_rule(date_from=YESTERDAY)


@tagged("post_install", "-at_install", "sqms_alone")
class TestEligibilityRuleForm(EligibilityCase):
    def test_what_makes_no_sense_is_refused(self):
        for values in (
            {"domain": "[('no_such_field', '=', 1)]"},
            {"domain": "nonsense"},
            {"domain": "[('priority', '=', __import__('os').name)]"},
            {"model": "res.partner"},
        ):
            with self.assertRaises(UserError, msg=values), self.cr.savepoint():
                self._create_rule(**values)
        for requirement in (
            {"kind": "document"},
            {"kind": "group"},
            {"kind": "not_same"},
            {"kind": "not_same", "field_path": "name"},
            {"kind": "not_same", "field_path": "no_such.user_id"},
            {"kind": "not_same", "field_path": "equipment_id"},
        ):
            with self.assertRaises(ValidationError, msg=requirement), self.cr.savepoint():
                self._create_rule(requirement)

    def test_a_document_belongs_to_the_company_of_the_rule(self):
        with self.assertRaises(UserError), self.cr.savepoint():
            self._create_rule(company_id=False)
        foreign = self.env["sqms.document"].create({"name": "Foreign", "company_id": self.other_company.id})
        with self.assertRaises(UserError), self.cr.savepoint():
            self._create_rule({"kind": "document", "document_id": foreign.id})

    def test_preview(self):
        self._create_request()
        self._create_request(maintenance_type="preventive")
        done = self.env["maintenance.stage"].search([("done", "=", True)], limit=1)
        self._create_request(stage_id=done.id)
        rule = self._create_rule(domain="[('maintenance_type', '=', 'corrective')]")
        with_rights = rule.with_user(self.manager)
        self.manager.sudo().group_ids = [Command.link(self.env.ref("maintenance.group_equipment_manager").id)]
        self.assertEqual(with_rights.preview["records"], 1)
        as_manager = rule.with_user(self.manager).preview
        people = self.env["hr.employee"].search_count([("company_id", "=", self.company.id), ("user_id", "!=", False)])
        self.assertEqual((as_manager["eligible"], as_manager["people"]), (1, people))

    def test_roles(self):
        rule = self._create_rule()
        for user in (self.officer, self.top, self.certifier):
            self.assertEqual(rule.with_user(user).name, "Boilers")
            for attack in (
                lambda own: own.write({"name": "x"}),
                lambda own: own.unlink(),
                lambda own: own.requirement_ids.write({"sequence": 3}),
                lambda own: own.action_revise(),
                lambda own: own.copy(),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attack(rule.with_user(user))
        for user in (self.plain, self.portal, self.public, self.dispatcher):
            with self.assertRaises(AccessError):
                rule.with_user(user).read(["name"])

    def test_other_company_sees_nothing(self):
        rule = self._create_rule()
        stranger = self._create_user("stranger", "sqms_base.group_sqms_manager", self.other_company)
        self.assertFalse(self.rules.with_user(stranger).search([("id", "=", rule.id)]))
        with self.assertRaises(AccessError):
            rule.with_user(stranger).read(["name"])
