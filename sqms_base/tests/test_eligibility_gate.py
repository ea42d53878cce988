from contextlib import suppress

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import NOON
from .eligibility_common import EligibilityCase


@tagged("post_install", "-at_install")
class TestEligibilityRefusal(EligibilityCase):
    """A person names somebody who is not eligible: refused, by whatever way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._create_rule()

    def _refused(self):
        return self.assertRaisesRegex(ValidationError, "Wang Li cannot be given “Boiler leaks”: has not confirmed")

    def test_who_is_eligible_gets_it(self):
        request = self._create_request(self.zhao)
        self.assertEqual(request.user_id, self.zhao)
        request.user_id = False
        request.user_id = self.zhao
        self.assertFalse(self.findings.search([]))

    def test_create(self):
        with self._refused():
            self._create_request(self.wang)

    def test_write(self):
        request = self._create_request()
        with self._refused(), self.cr.savepoint():
            request.write({"user_id": self.wang.id})
        with self._refused(), self.cr.savepoint():
            request.user_id = self.wang
        self.env.invalidate_all()
        self.assertFalse(request.user_id)

    def test_form(self):
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as warned, Form(self.requests) as form:
            form.name = "Boiler leaks"
            form.maintenance_team_id = self.team
            form.user_id = self.wang
            self.assertIn("Wang Li cannot be given", warned.output[0])
            with self._refused(), self.cr.savepoint():
                form.save()
            form.user_id = self.zhao
        self.assertEqual(form.record.user_id, self.zhao)

    def test_list_edit_and_drag(self):
        """Both save by `web_save`; a card dragged to another person's column does."""
        request = self._create_request()
        with self._refused(), self.cr.savepoint():
            request.web_save({"user_id": self.wang.id}, {"user_id": {}})
        with self._refused(), self.cr.savepoint():
            request.web_save_multi([{"user_id": self.wang.id}], {"user_id": {}})

    def test_import(self):
        fields_list = ["name", "company_id/.id", "maintenance_team_id/.id", "user_id/.id"]
        good = ["Boiler leaks", str(self.company.id), str(self.team.id), str(self.zhao.id)]
        bad = [*good[:3], str(self.wang.id)]
        result = self.requests.load(fields_list, [good, bad])
        self.assertFalse(result["ids"])
        self.assertIn("Wang Li cannot be given", result["messages"][0]["message"])
        self.assertTrue(self.requests.load(fields_list, [good, good])["ids"])

    def test_server_action(self):
        request = self._create_request()
        model_id = self.env["ir.model"]._get_id("maintenance.request")
        code = f"record.write({{'user_id': {self.wang.id}}})"
        for values in (
            {"state": "code", "code": code},
            {"state": "code", "code": f"record.sudo().update({{'user_id': {self.wang.id}}})"},
            {"state": "code", "code": f"model.sudo().create({{'name': 'Boiler leaks', 'user_id': {self.wang.id}, "
             f"'company_id': {self.company.id}, 'maintenance_team_id': {self.team.id}}})"},
            {"state": "object_write", "update_path": "user_id", "resource_ref": f"res.users,{self.wang.id}"},
        ):  # fmt: skip
            action = self.env["ir.actions.server"].create({"name": "Give", "model_id": model_id, **values})
            with self.assertRaisesRegex(UserError, "Wang Li cannot be given"), self.cr.savepoint():
                action.with_context(active_model=request._name, active_id=request.id, active_ids=request.ids).run()
        self.env.invalidate_all()
        self.assertFalse(request.user_id)

    def test_every_role_and_every_key_in_the_context(self):
        request = self._create_request()
        hostile = {
            "tracking_disable": True, "install_mode": True, "module": "sqms_base", "_force_unlink": True,
            "default_user_id": self.wang.id, "import_file": True, "sqms_system_choice": True,
            "allowed_company_ids": self.company.ids, "no_validate": True, "mail_notrack": True,
        }  # fmt: skip
        users = (
            self.plain,
            self.dispatcher,
            self.manager,
            self.env.ref("base.user_admin"),
            self.env.ref("base.user_root"),
        )
        self.env.ref("base.user_admin").company_ids = [Command.link(self.company.id)]
        self.env.ref("base.user_root").company_ids = [Command.link(self.company.id)]
        request.sudo().message_subscribe((self.plain | self.manager | self.env.ref("base.user_admin")).partner_id.ids)
        for user in users:
            with self._refused(), self.cr.savepoint():
                request.with_user(user).with_context(**hostile).write({"user_id": self.wang.id})
        with self._refused(), self.cr.savepoint():
            request.sudo().with_context(**hostile).write({"user_id": self.wang.id})
        for user in (self.portal, self.public):
            with self.assertRaises(AccessError), self.cr.savepoint():
                request.with_user(user).write({"user_id": self.wang.id})

    def test_default_in_the_context_is_left_out(self):
        requests = self.requests.with_context(default_user_id=self.wang.id)
        request = requests.create({"name": "Boiler leaks", "maintenance_team_id": self.team.id})
        self.assertFalse(request.user_id)
        request = requests.create(
            {"name": "Boiler leaks", "maintenance_team_id": self.team.id, "user_id": self.zhao.id}
        )
        self.assertEqual(request.user_id, self.zhao)
        kept = self.requests.with_context(default_user_id=self.zhao.id).create(
            {"name": "Boiler leaks", "maintenance_team_id": self.team.id}
        )
        self.assertEqual(kept.user_id, self.zhao)

    def test_rule_becomes_true_by_another_field(self):
        self.rule.with_user(
            self.manager
        ).domain = "[('priority', '=', '3'), ('equipment_id.category_id.name', '=', 'Gas')]"
        gas = self.env["maintenance.equipment.category"].create({"name": "Gas", "company_id": self.company.id,
                                                                 "technician_user_id": False})  # fmt: skip
        boiler = self.env["maintenance.equipment"].create(
            {"name": "Boiler", "category_id": gas.id, "company_id": self.company.id, "technician_user_id": self.wang.id}
        )
        request = self._create_request(self.wang, priority="1")
        request.write({"priority": "3"})
        with self._refused(), self.cr.savepoint():
            request.write({"equipment_id": boiler.id, "user_id": self.wang.id})
        request.write({"priority": "1", "equipment_id": boiler.id})
        self.assertEqual(request.user_id, self.wang)
        with self._refused(), self.cr.savepoint():
            request.write({"priority": "3"})

    def test_rule_on_a_field_that_is_not_stored(self):
        """`done` is read through the stage: changing the stage asks the rule."""
        self.rule.with_user(self.manager).domain = "[('done', '=', True)]"
        self.assertIn("stage_id", self.rules._gate_fields("maintenance.request", NOON.date()))
        done = self.env["maintenance.stage"].search([("done", "=", True)], limit=1)
        request = self._create_request(self.wang)
        with self._refused(), self.cr.savepoint():
            request.stage_id = done

    def test_rule_changed_at_run_time(self):
        """The gate follows the rules, not the registry."""
        mine = self.rule.with_user(self.manager)
        mine.domain = "[('color', '=', 7)]"
        request = self._create_request(self.wang)
        with self._refused(), self.cr.savepoint():
            request.color = 7
        mine.requirement_ids = [
            Command.clear(), Command.create({"kind": "not_same", "field_path": "maintenance_team_id.member_ids"})
        ]  # fmt: skip
        request.color = 7
        team = self.team.copy({"name": "Wang's", "member_ids": [Command.set(self.wang.ids)]})
        with self.assertRaisesRegex(ValidationError, "is “Team Members” of the same record"), self.cr.savepoint():
            request.maintenance_team_id = team
        mine.unlink()
        request.maintenance_team_id = team

    def test_rule_that_can_no_longer_be_understood(self):
        """The field it names went with an addon: refused with the name of the rule, never let through."""
        self.cr.execute("UPDATE sqms_eligibility_rule SET domain = %s WHERE id = %s",
                        ["[('no_such_field', '=', 1)]", self.rule.id])  # fmt: skip
        self.env.invalidate_all()
        self.rule._forget()
        with self.assertRaisesRegex(UserError, "The condition of “Boilers” cannot be used"), self.cr.savepoint():
            self._create_request(self.zhao)
        self.rule.with_user(self.manager).action_archive()
        self.assertEqual(self._create_request(self.wang).user_id, self.wang)

    def test_swallowed_refusal_leaves_nothing_behind_in_a_savepoint(self):
        request = self._create_request()
        with suppress(ValidationError), self.cr.savepoint():
            request.user_id = self.wang
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(request.user_id)

    def test_reasons_and_nearest_colleagues_are_named(self):
        """Same department first, then the company; eligible ones only, at most five."""
        people = {}
        for name, department in (("Anna", self.workshop), ("Bo", self.workshop), ("Cai", self.desk_north),
                                 ("Deng", self.workshop), ("Eva", self.workshop), ("Fu", self.desk_north)):  # fmt: skip
            people[name] = self._create_person(name.lower(), name, department)
        self.edition.sudo()._ask_readers()
        self._read(self.edition, *[user for user, _employee in people.values()])
        with self.assertRaises(ValidationError) as refused:
            self._create_request(self.wang)
        text = str(refused.exception)
        self.assertIn("has not confirmed reading", text)
        self.assertIn("Gas safety law", text)
        self.assertIn("Eligible colleagues: Cai, Fu, Zhao Min, Anna, Bo.", text)
        self.assertNotIn("Li Na", text)

    def test_nobody_else_is_eligible(self):
        self.zhao_employee.active = False
        with self.assertRaisesRegex(
            ValidationError, "Nobody else is eligible at present; a quality officer can request"
        ):
            self._create_request(self.wang)

    def test_user_without_employee(self):
        with self.assertRaisesRegex(ValidationError, "has no employee record in Qinghe"):
            self._create_request(self.officer)
        self.wang_employee.active = False
        with self.assertRaisesRegex(ValidationError, "has no employee record in Qinghe"):
            self._create_request(self.wang)

    def test_employee_of_the_company_of_the_record_counts(self):
        """Zhao has read it here. What he is elsewhere does not help, and does not harm."""
        self.zhao.company_ids = [Command.link(self.other_company.id)]
        self.env["hr.employee"].create(
            {"name": "Zhao there", "user_id": self.zhao.id, "company_id": self.other_company.id}
        )
        self.assertEqual(self._create_request(self.zhao).user_id, self.zhao)
        self.wang.company_ids = [Command.link(self.other_company.id)]
        self.wang_employee.active = False
        self.env["hr.employee"].create(
            {"name": "Wang there", "user_id": self.wang.id, "company_id": self.other_company.id}
        )
        with self.assertRaisesRegex(ValidationError, "has no employee record in Qinghe"):
            self._create_request(self.wang)

    def test_colleagues_of_another_company_are_not_named(self):
        stranger, employee = self._create_person("stranger", "Stranger", self.env["hr.department"],
                                                 company=self.other_company)  # fmt: skip
        self._create_rule({"kind": "group", "group_id": self.env.ref("base.group_user").id}, company_id=False)
        self.zhao_employee.active = False
        team = self.env["maintenance.team"].create({"name": "All", "company_id": False})
        equipment = self.env["maintenance.equipment"].create({"name": "Shared", "company_id": False})
        self._create_rule({"kind": "not_same", "field_path": "maintenance_team_id.member_ids"},
                          model="maintenance.equipment", company_id=False)  # fmt: skip
        team.member_ids = self.wang
        equipment.maintenance_team_id = team
        for context in ({}, {"allowed_company_ids": [self.company.id, self.other_company.id]}):
            with self.assertRaises(ValidationError) as refused, self.cr.savepoint():
                equipment.with_user(self.dispatcher).sudo().with_context(**context).technician_user_id = self.wang
            self.assertIn("Li Na", str(refused.exception))
            self.assertNotIn("Stranger", str(refused.exception))
        self.assertFalse(team.company_id)
        equipment.technician_user_id = stranger
        self.assertFalse(self.rules.check(equipment, employee)[equipment.id][employee.id])

    def test_twice_the_records_cost_the_same(self):
        """What the gate adds to a refused write, whatever the size of the batch."""
        counts = []
        for size in (5, 10, 20):
            requests = self.requests.create(
                [{"name": "Leak", "maintenance_team_id": self.team.id} for _ in range(size)]
            )
            self.env.flush_all()
            with self.assertRaises(ValidationError), self.cr.savepoint():
                requests.with_context(tracking_disable=True).write({"user_id": self.wang.id})
            self.env.invalidate_all()
            requests.mapped("name")
            before = self.cr.sql_log_count
            with self.assertRaisesRegex(ValidationError, "… and" if size > 10 else "Wang Li"), self.cr.savepoint():
                requests.with_context(tracking_disable=True).write({"user_id": self.wang.id})
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(len(set(counts)), 1, counts)

    def test_plain_records_cost_nothing_more(self):
        """Where no rule is in force, a write asks the database nothing more than before."""
        self.rule.sudo().unlink()
        request = self._create_request(self.wang)
        self.env.flush_all()
        self.rules._gate_fields("maintenance.request", NOON.date())
        with self.assertQueryCount(0):
            request._validate_fields(["user_id", "name", "priority"])
