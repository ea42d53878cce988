from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .eligibility_common import EligibilityCase
from .fake_models import FakeModelLoader


@tagged("post_install", "-at_install")
class TestEligibilityProvider(EligibilityCase):
    """What another addon brings along: a kind of requirement, and a record given to several employees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loader = FakeModelLoader(cls.env, cls.__module__)
        cls.loader.backup_registry()
        from .fake_eligibility import FakeLicence, FakeRequirement, FakeVisit

        cls.addClassCleanup(cls.loader.restore_registry)
        cls.loader.update_registry([FakeLicence, FakeRequirement, FakeVisit])
        cls.registry.clear_cache()
        cls.addClassCleanup(cls.registry.clear_cache)
        for name in ("sqms.fake.visit", "sqms.fake.licence"):
            cls.env["ir.model.access"].create(
                {"name": name, "model_id": cls.env["ir.model"]._get_id(name), "perm_read": True, "perm_write": True,
                 "perm_create": True, "group_id": cls.env.ref("base.group_user").id}
            )  # fmt: skip
        cls.licences = cls.env["sqms.fake.licence"].create(
            {"name": "gas", "employee_id": cls.zhao_employee.id, "until": date(2026, 11, 25)}
        )

    def test_a_kind_of_another_addon(self):
        self._create_rule({"kind": "licence", "x_licence": "gas"})
        self.assertEqual(self._create_request(self.zhao).user_id, self.zhao)
        with self.assertRaisesRegex(ValidationError, r"lacks gas \(Gas safety law\)(.|\n)*colleagues: Zhao Min"):
            self._create_request(self.wang)
        request = self._create_request()
        answer = self.rules.check(request, self.zhao_employee, date(2026, 11, 26))
        self.assertEqual(answer[request.id][self.zhao_employee.id], ["lacks gas (Gas safety law)"])

    def test_many_requirements_of_one_kind_are_asked_once(self):
        counts = []
        for number in (1, 4):
            rule = self._create_rule(*[{"kind": "licence", "x_licence": f"{n}"} for n in range(number)])
            request = self._create_request()
            for _turn in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                self.rules.check(request, self.zhao_employee | self.wang_employee)
                count = self.cr.sql_log_count - before
            counts.append(count)
            rule.sudo().unlink()
        self.assertEqual(*counts)

    def test_colleagues_of_a_kind_without_a_domain(self):
        self._create_rule({"kind": "slow", "x_licence": "Zhao Min, Li Na"})
        with self.assertRaisesRegex(ValidationError, "Eligible colleagues: Zhao Min, Li Na"):
            self._create_request(self.wang)

    def test_given_to_several_employees(self):
        self._create_rule({"kind": "licence", "x_licence": "gas"}, model="sqms.fake.visit")
        visits = self.env["sqms.fake.visit"]
        visit = visits.create({"name": "Boiler", "visitor_ids": self.zhao_employee.ids})
        with (
            self.assertRaisesRegex(ValidationError, "Wang Li cannot be given “Boiler”: lacks gas"),
            self.cr.savepoint(),
        ):
            visit.sudo().add(self.wang_employee)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            visits.create({"name": "Boiler", "visitor_ids": (self.zhao_employee | self.wang_employee).ids})
        copied = visits.with_context(default_visitor_ids=(self.zhao_employee | self.wang_employee).ids).create(
            {"name": "Boiler"}
        )
        self.assertEqual(copied.sudo().visitor_ids, self.zhao_employee)
        self._tell()
        self.assertIn("Wang Li was left out: lacks gas", copied.sudo().message_ids.mapped("body")[0])
