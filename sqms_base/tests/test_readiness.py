from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_manual import ManualCase

CORE = ["manual", "responsibilities", "procedures", "resources", "training"]


@tagged("post_install", "-at_install")
class TestReadiness(ManualCase):
    """Each check turns red for its reason and green again; the words name what is missing."""

    def _rows(self, user=None):
        self.env.invalidate_all()
        readiness = self.env["sqms.readiness"].with_user(user or self.certifier).with_company(self.company)
        shown = readiness.with_context(lang="en_US").get_readiness()
        return {row["key"]: row for row in shown["rows"]}, shown

    def _assert_row(self, key, is_met, words=""):
        row = self._rows()[0][key]
        self.assertEqual(row["is_met"], is_met, row["reason"])
        self.assertIn(words, row["reason"])
        return row

    def test_core_checks_come_first_and_are_counted(self):
        rows, shown = self._rows()
        self.assertEqual([row["key"] for row in shown["rows"] if row["is_core"]], CORE)
        self.assertEqual(shown["core_total"], 5)
        self.assertEqual(shown["met"], sum(row["is_met"] for row in rows.values()))
        self.assertTrue(all(row["reason"] for row in rows.values()))

    def test_manual(self):
        self._assert_row("manual", True, self.manual.number)
        self._create_in_force_of("Second manual", "manual", "<p>x</p>", self.top)
        self._assert_row("manual", False, "2 manuals")

    def test_resources(self):
        self._assert_row("resources", False)
        self.employee.department_id = self.desk_north
        self.desk.manager_id = self.workshop.manager_id = self.employee
        equipment = self.env["maintenance.equipment"].create(
            {"name": "Gas detector", "company_id": self.company.id, "technician_user_id": False, "category_id": False}
        )
        equipment.write({"technician_user_id": False, "owner_user_id": False})
        self._assert_row("resources", False, "Gas detector")
        equipment.technician_user_id = self.officer
        self._assert_row("resources", False, "register of resources")
        self._register_resources()
        self._assert_row("resources", True)
        self.desk.manager_id = False
        self._assert_row("resources", False, "Desk")

    def _register_resources(self):
        job = self.env["hr.job"].create({"name": "Technician", "company_id": self.company.id})
        facts = (
            {"kind": "people", "job_id": job.id, "need_ids": [Command.create({"fte": 1})]},
            {"kind": "finance", "budget": 1, "date_from": "2026-01-01", "date_to": "2026-12-31"},
            {"kind": "ip", "ip_kind": "trademark", "rights_holder": "Qinghe"},
        )
        resources = self.env["sqms.resource"].with_user(self.officer)
        resources.create([{"name": fact["kind"], **fact} for fact in facts]).action_transition("confirm")

    def _put_in_force(self):
        held = self.env["sqms.responsibility"].create(
            {"process_id": self.process.id, "role": "accountable", "employee_id": self.employee.id}
        )
        self.process.with_user(self.manager).action_transition("put_in_force")
        return held

    def test_responsibilities(self):
        self._assert_row("responsibilities", False, "No process is in force")
        self._put_in_force()
        row = self._assert_row("responsibilities", True, "1 processes")
        self.assertEqual(row["action"], "sqms_base.sqms_responsibility_action_matrix")
        self.employee.with_context(active_test=False).active = False
        self._assert_row("responsibilities", False, "S1 Repair")

    def test_procedures(self):
        self._assert_row("procedures", False, "No process")
        self._put_in_force()
        self._assert_row("procedures", True)
        self.procedure.document_id.owner_id = False
        self._assert_row("procedures", False, "Refund procedure")

    def test_five_core_checks_are_green_when_all_is_there(self):
        self._put_in_force()
        self.employee.department_id = self.desk
        self.desk.manager_id = self.workshop.manager_id = self.employee
        self.env["maintenance.equipment"].create(
            {"name": "Gas detector", "company_id": self.company.id, "technician_user_id": self.officer.id}
        )
        self._register_resources()
        with patch.object(type(self.env["sqms.readiness"]), "_check_training", lambda _self, _company: (True, "kept")):
            shown = self._rows()[1]
        self.assertEqual((shown["core_met"], shown["core_total"]), (5, 5), shown["rows"])

    def test_policy_is_published(self):
        self._assert_row("policy", False, "published")
        self.policy.document_id.with_user(self.manager).is_published = True
        self._assert_row("policy", True)

    def test_plain_employees_and_others_are_refused(self):
        for user in (self.plain, self.hr, self.portal):
            with self.assertRaises(AccessError):
                self._rows(user)
        for user in (self.officer, self.manager, self.top, self.certifier):
            self.assertTrue(self._rows(user)[0])

    def test_other_company_is_not_counted(self):
        stranger = self._create_user("stranger2", "sqms_base.group_sqms_officer", company=self.other_company)
        self.env.invalidate_all()
        shown = self.env["sqms.readiness"].with_user(stranger).with_company(self.other_company).get_readiness()
        rows = {row["key"]: row for row in shown["rows"]}
        for key in ("manual", "responsibilities", "procedures", "resources", "policy"):
            self.assertFalse(rows[key]["is_met"], key)

    def test_queries_do_not_grow(self):
        def queries():
            self._rows()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["sqms.readiness"].with_user(self.certifier).with_company(self.company).get_readiness()
            return self.cr.sql_log_count - before

        few = queries()
        for number in range(6):
            self._create_in_force_of(f"More {number}", "procedure", "<p>a</p>")
        self.env["sqms.process"].create(
            [
                {"code": f"Q{number}", "name": "Q", "company_id": self.company.id,
                 "document_ids": [Command.set(self.procedure.document_id.ids)]}
                for number in range(12)
            ]
        )  # fmt: skip
        self.env["maintenance.equipment"].create(
            [{"name": f"E{number}", "company_id": self.company.id} for number in range(12)]
        )
        self.assertLessEqual(queries(), few + 3)
