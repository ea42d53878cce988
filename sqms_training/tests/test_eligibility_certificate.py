import random
from contextlib import suppress
from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .eligibility_common import EligibleCase


@tagged("post_install", "-at_install")
class TestEligibilityCertificate(EligibleCase):
    """Work that needs a certificate goes to nobody who has none, by whatever way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._create_rule(domain="[('name', '!=', 'Judged')]")

    # -- what counts --------------------------------------------------------------

    def test_expired_revoked_upcoming_lower_unissued(self):
        level = {"kind": "certificate", "skill_id": self.gas.id, "skill_level_id": self.full.id}
        any_level = {"kind": "certificate", "skill_id": self.gas.id}
        self.assertIn("does not hold “Licences gas” (Gas safety law)", self._why_not(any_level))
        ahead = self._create_certificate(10, 400)
        self.assertRegex(self._why_not(any_level)[0], "“Licences gas” is not valid before ")
        ended = self._create_certificate(-400, -1)
        self.assertRegex(self._why_not(any_level)[0], "not valid before")
        ahead._revoke("Wrong course")
        self.assertRegex(self._why_not(any_level)[0], "“Licences gas” expired on ")
        ended._revoke("Forged")
        self.assertRegex(self._why_not(any_level)[0], "“Licences gas” was revoked on ")
        self._create_certificate(-10, 10, skill_level_id=self.basic.id)
        self.assertEqual(self._why_not(any_level), [])
        self.assertRegex(self._why_not(level)[0], "holds “Licences gas” at “Basic”, needed is “Full”")
        self._create_certificate(0, 0, skill_level_id=self.full.id)
        self.assertEqual(self._why_not(level), [])

    def test_entered_by_oneself_is_no_certificate(self):
        row = self._create_unnumbered()
        asked = {"kind": "certificate", "skill_id": row.skill_id.id}
        self.assertRegex(self._why_not(asked)[0], "has no number: HR has not issued it")
        row.with_user(self.hr).action_issue()
        self.assertEqual(self._why_not(asked), [])

    def test_first_and_last_day_by_the_clock_of_the_company(self):
        self._create_certificate(employee_id=self.other.id, valid_from=date(2031, 3, 10), valid_to=date(2031, 3, 20))
        asked = {"kind": "certificate", "skill_id": self.gas.id}
        for instant, met in (
            (datetime(2031, 3, 9, 15, 59, 59), False),
            (datetime(2031, 3, 9, 16, 0), True),
            (datetime(2031, 3, 20, 15, 59, 59), True),
            (datetime(2031, 3, 20, 16, 0), False),
        ):
            with self.subTest(instant=instant), freeze_time(instant):
                self.assertEqual(not self._why_not(asked, self.other), met)

    def test_as_of_a_past_day(self):
        """A certificate that was revoked since then was good on that day."""
        self._create_certificate(-100, -20, employee_id=self.other.id)
        asked = {"kind": "certificate", "skill_id": self.gas.id}
        rule = self.rule.sudo()
        rule.date_from = self.today - timedelta(days=200)
        request = self._create_request()

        def on(days, employee=self.other):
            return not self.rules.check(request, employee, self.today + timedelta(days=days))[request.id][employee.id]

        self.assertEqual([on(-101), on(-100), on(-20), on(-19), on(0)], [False, True, True, False, False])
        self.assertTrue(on(-1, self.holder))
        self.licence._revoke("Lost")
        self.assertEqual([on(-1, self.holder), on(0, self.holder)], [True, False])
        self.assertTrue(self._why_not(asked, self.holder))

    def test_domain_says_what_the_check_says(self):
        """Lists of colleagues and the refusal are made of the same rule: compared over people of all sorts."""
        dice = random.Random(7)
        people = self.env["hr.employee"].create(
            [{"name": f"Person {number}", "company_id": self.company.id} for number in range(40)]
        )
        rows = self.env["hr.employee.skill"].create(
            [
                {
                    **self._values(first := dice.randint(-9, 4), first + dice.randint(0, 9)),
                    "employee_id": dice.choice(people).id,
                    "skill_id": dice.choice(self.gas | self.power).id,
                    "skill_level_id": dice.choice(self.basic | self.full).id,
                    "issuer": f"Office {number}",
                }
                for number in range(30)
            ]
            + [self._values(-20 - n, None if n % 2 else 30, employee_id=people[n].id) for n in range(10)]
        )
        for row in rows[::7]:
            row._revoke("At random")
        for level in (self.env["hr.skill.level"], self.basic, self.full):
            rule = self._create_rule({"kind": "certificate", "skill_id": self.gas.id, "skill_level_id": level.id})
            request = self._create_request(name="Judged")
            for days in (-8, -2, 0, 3):
                instant = self.rules._instant(self.today + timedelta(days=days), request)
                domain, whole = rule.requirement_ids._met_domain(request, instant)
                found = people.search([("id", "in", people.ids), *domain])
                answer = rule.requirement_ids._provide(request, people, instant)
                met = people.filtered(
                    lambda p, answer=answer, rule=rule, request=request: not answer(rule.requirement_ids, request, p)
                )
                twin = people.filtered(
                    lambda p, level=level, day=self.today + timedelta(days=days): any(
                        row.skill_id == self.gas
                        and row.valid_from <= day
                        and (not row.valid_to or row.valid_to >= day)
                        and (not row.revoked_on or row.revoked_on > day)
                        and row.skill_level_id.level_progress >= (level.level_progress or 0)
                        for row in rows
                        if row.employee_id == p
                    )
                )
                self.assertTrue(whole)
                self.assertEqual(found, met)
                self.assertEqual(met, twin)

    def test_number_of_queries(self):
        counts = []
        people = self.env["hr.employee"]
        for size in (20, 40):
            people = self.env["hr.employee"].create(
                [{"name": f"P {size} {number}", "company_id": self.company.id} for number in range(size)]
            )
            self.env["hr.employee.skill"].create([self._values(employee_id=person.id) for person in people])
            requests = self.requests.create(
                [{"name": "Leak", "maintenance_team_id": self.team.id} for _number in range(size)]
            )
            for _turn in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                self.rules.check(requests, people)
                count = self.cr.sql_log_count - before
            counts.append(count)
        self.assertEqual(*counts)

    # -- every path to somebody who has none -----------------------------------------

    def test_create_write_batch(self):
        self.assertEqual(self._create_request(self.li).user_id, self.li)
        with self._refused(), self.cr.savepoint():
            self._create_request(self.user)
        requests = self._create_request() | self._create_request()
        with self._refused(), self.cr.savepoint():
            requests.write({"user_id": self.user.id})
        with self._refused(), self.cr.savepoint():
            self.requests.create([{"name": "A", "user_id": self.li.id}, {"name": "B", "user_id": self.user.id}])
        self.assertFalse(requests.user_id)

    def test_refusal_names_what_is_missing_and_eligible_colleagues(self):
        for name in ("Anna", "Bo"):
            colleague = self._create_employee(name, self._create_user(f"t_{name}", "base.group_user"))
            colleague.department_id = self.yard
            self._create_certificate(employee_id=colleague.id)
        self._create_certificate(-400, -3)
        with self.assertRaises(ValidationError) as refused:
            self._create_request(self.user)
        self.assertIn("certificate “Licences gas” expired on ", str(refused.exception))
        self.assertIn("(Gas safety law)", str(refused.exception))
        self.assertIn("Eligible colleagues: Li Na, Anna, Bo.", str(refused.exception))

    def test_form(self):
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as warned, Form(self.requests) as form:
            form.name = "Boiler leaks"
            form.maintenance_team_id = self.team
            form.user_id = self.user
            self.assertIn("Wang Li cannot be given", warned.output[0])
            with self._refused(), self.cr.savepoint():
                form.save()
            form.user_id = self.li
        self.assertEqual(form.record.user_id, self.li)

    def test_drag_list_edit_and_import(self):
        request = self._create_request()
        with self._refused(), self.cr.savepoint():
            request.web_save({"user_id": self.user.id}, {"user_id": {}})
        with self._refused(), self.cr.savepoint():
            request.web_save_multi([{"user_id": self.user.id}], {"user_id": {}})
        columns = ["name", "company_id/.id", "maintenance_team_id/.id", "user_id/.id"]
        row = ["Boiler leaks", str(self.company.id), str(self.team.id), str(self.user.id)]
        result = self.requests.load(columns, [row])
        self.assertFalse(result["ids"])
        self.assertIn("Wang Li cannot be given", result["messages"][0]["message"])

    def test_every_role_with_a_hostile_context(self):
        request = self._create_request()
        hostile = {
            "default_user_id": self.user.id, "install_mode": True, "import_file": True, "sqms_system_choice": True,
            "as_of": "2001-01-01", "active_test": False, "no_validate": True, "tracking_disable": True,
            "certificate_open": True, "allowed_company_ids": self.company.ids,
        }  # fmt: skip
        request.sudo().message_subscribe((self.user | self.officer | self.hr | self.manager).partner_id.ids)
        for user in (self.user, self.officer, self.hr, self.manager, self.dispatcher, self.env.user):
            with self.subTest(user=user.login), self._refused(), self.cr.savepoint():
                request.with_user(user).with_context(**hostile).write({"user_id": self.user.id})
        with self._refused(), self.cr.savepoint():
            request.sudo().with_context(**hostile).user_id = self.user
        made = self.requests.with_context(**hostile).create({"name": "Leak", "maintenance_team_id": self.team.id})
        self.assertFalse(made.user_id)

    def test_server_action(self):
        request = self._create_request()
        model_id = self.env["ir.model"]._get_id("maintenance.request")
        for values in (
            {"state": "code", "code": f"record.sudo().write({{'user_id': {self.user.id}}})"},
            {"state": "object_write", "update_path": "user_id", "resource_ref": f"res.users,{self.user.id}"},
        ):
            action = self.env["ir.actions.server"].create({"name": "Give", "model_id": model_id, **values})
            with self.assertRaisesRegex(UserError, "Wang Li cannot be given"), self.cr.savepoint():
                action.with_context(active_model=request._name, active_id=request.id, active_ids=request.ids).run()
        self.assertFalse(request.user_id)

    def test_copy_and_recomputation_leave_the_field_empty(self):
        request = self._create_request(self.li)
        self.licence._revoke("Lost")
        self.assertFalse(request.copy().user_id)
        equipment = self.env["maintenance.equipment"].create(
            {"name": "Boiler", "company_id": self.company.id, "technician_user_id": self.user.id}
        )
        proposed = self.requests.create({"name": "Leak", "equipment_id": equipment.id})
        self.assertFalse(proposed.user_id)

    def test_equipment_itself(self):
        self._create_rule(model="maintenance.equipment")
        equipment = self.env["maintenance.equipment"].create({"name": "Boiler", "company_id": self.company.id})
        with self._refused(), self.cr.savepoint():
            equipment.technician_user_id = self.user
        equipment.technician_user_id = self.li

    def test_certificate_of_another_company_does_not_help(self):
        """In the company of the record somebody is another employee, with certificates of his own."""
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.user.company_ids = [Command.link(elsewhere.id)]
        twin = self.env["hr.employee"].create(
            {"name": "Wang there", "user_id": self.user.id, "company_id": elsewhere.id}
        )
        self._create_certificate(employee_id=twin.id)
        with self._refused(), self.cr.savepoint():
            self._create_request(self.user)

    def test_who_is_refused_cannot_help_himself(self):
        """Neither a certificate, nor a skill that is none, nor the rule is in his hands."""
        for attempt in (
            lambda: self.env["hr.employee.skill"].with_user(self.user).create(self._values()),
            lambda: self.licence.with_user(self.user).write({"employee_id": self.employee.id}),
            lambda: self.rule.with_user(self.user).write({"active": False}),
            lambda: self.rule.requirement_ids.with_user(self.user).write({"skill_id": self.power.id}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        with self._refused():
            self._create_request(self.user)

    # -- what becomes false later ------------------------------------------------------

    def test_revocation_is_found_at_once_and_healed_at_once(self):
        mine = self._create_request(self.li)
        self.assertFalse(self.findings.search([("res_id", "=", mine.id), ("res_model", "=", mine._name)]))
        self.licence.with_user(self.hr)._revoke("Forged")
        finding = self.findings.search([("res_id", "=", mine.id), ("res_model", "=", mine._name)])
        self.assertEqual((finding.person_name, finding.is_open), ("Li Na", True))
        self.assertIn("was revoked on", finding.reasons)
        self._create_certificate(employee_id=self.holder.id, issuer="Another office")
        self.assertFalse(finding.is_open)

    def test_what_expires_is_found_by_the_daily_job(self):
        request = self._create_request(self.li)
        self.findings._find_on(request._name)
        self.assertFalse(self.findings.search([("res_id", "=", request.id), ("is_open", "=", True)]))
        with freeze_time(fields.Datetime.now() + timedelta(days=66)):
            self.findings._find_on(request._name)
            finding = self.findings.search([("res_id", "=", request.id), ("is_open", "=", True)])
            self.assertIn("expired on", finding.reasons)
            self.findings._find_on(request._name)
            self.assertEqual(len(self.findings.search([("res_id", "=", request.id)])), 1)

    def test_revocation_asks_no_more_for_many_records(self):
        counts = []
        for size in (4, 8):
            person = self._create_employee(f"Many {size}", self._create_user(f"t_many_{size}", "base.group_user"))
            certificate = self._create_certificate(employee_id=person.id)
            self.requests.create(
                [{"name": "Leak", "maintenance_team_id": self.team.id, "user_id": person.user_id.id}] * size
            )
            findings = self.findings.with_context(mail_notrack=True, tracking_disable=True)
            certificate._revoke("Forged")
            self.env.flush_all()
            self.env.invalidate_all()
            findings._find_for(person)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            findings._find_for(person)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts)

    # -- who may, and why not ------------------------------------------------------------

    def test_who_may_do_this_answers_with_certificates(self):
        request = self._create_request()
        question = (
            self.env["sqms.eligibility.who"]
            .with_user(self.dispatcher)
            .create({"record_ref": f"{request._name},{request.id}"})
        )
        rows = {row["name"]: row for row in question.answer["rows"]}
        self.assertTrue(rows["Li Na"]["eligible"])
        self.assertEqual(rows["Wang Li"]["reasons"], ["does not hold “Licences gas” (Gas safety law)"])
        shown = request.with_user(self.dispatcher).eligibility
        self.assertEqual(shown["state"], "nobody")

    # -- the rule itself -----------------------------------------------------------------

    def test_rule_is_complete(self):
        for wrong in (
            {"kind": "certificate"},
            {"kind": "clearance"},
            {"kind": "certificate", "skill_id": self.language.skill_ids[0].id},
            {"kind": "certificate", "skill_id": self.gas.id, "skill_level_id": self.language.skill_level_ids[0].id},
            {"kind": "competence", "skill_level_id": self.full.id},
        ):
            with self.subTest(wrong=wrong), self.assertRaises(ValidationError), self.cr.savepoint():
                self._create_rule(wrong)
        with suppress(ValidationError), self.cr.savepoint():
            self._create_rule({"kind": "certificate"})
        rule = self._create_rule({"kind": "certificate", "skill_id": self.gas.id, "skill_level_id": self.full.id})
        self.assertEqual(rule.requirement_ids.display_name, "holds the certificate “Licences gas” at “Full” or higher")
        self.assertEqual(rule.preview["eligible"], 1)
