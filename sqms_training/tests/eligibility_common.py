from odoo import Command
from odoo.exceptions import ValidationError

from .common import CertificateCase


class EligibleCase(CertificateCase):
    """A maintenance desk that needs the gas licence: Li holds it, Wang and Zhang do not; a dispatcher gives it out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["sqms.eligibility.rule"]
        cls.findings = cls.env["sqms.eligibility.finding"]
        cls.rules.search([]).active = False
        cls.manager = cls._create_user("t_manager", "sqms_base.group_sqms_manager")
        cls.dispatcher = cls._create_user("t_dispatcher", "maintenance.group_equipment_manager")
        cls.desk, cls.yard = cls.env["hr.department"].create(
            [{"name": name, "company_id": cls.company.id} for name in ("Desk", "Yard")]
        )
        cls.li = cls._create_user("t_li", "base.group_user")
        cls.holder = cls._create_employee("Li Na", cls.li, department_id=cls.desk.id)
        cls.li.name, cls.user.name = "Li Na", "Wang Li"
        (cls.employee | cls.other).department_id = cls.desk
        cls.licence = cls._create_certificate(employee_id=cls.holder.id, skill_level_id=cls.full.id)
        cls.team = cls.env["maintenance.team"].create({"name": "Gas", "company_id": cls.company.id})
        cls.requests = cls.env["maintenance.request"].with_user(cls.dispatcher)

    @classmethod
    def _create_rule(cls, *requirements, model="maintenance.request", domain="[]", **values):
        requirements = requirements or ({"kind": "certificate", "skill_id": cls.gas.id},)
        return cls.rules.with_user(cls.manager).create(
            {
                "name": "Gas",
                "reason": "Gas safety law",
                "company_id": cls.company.id,
                "model_id": cls.env["ir.model"]._get_id(model),
                "domain": domain,
                "requirement_ids": [Command.create(requirement) for requirement in requirements],
                **values,
            }
        )

    @classmethod
    def _create_request(cls, user=None, **values):
        return cls.requests.create(
            {
                "name": "Boiler leaks",
                "company_id": cls.company.id,
                "maintenance_team_id": cls.team.id,
                **({"user_id": user.id} if user else {}),
                **values,
            }
        )

    def _refused(self, why="does not hold “Licences gas”", who="Wang Li"):
        return self.assertRaisesRegex(ValidationError, f"{who} cannot be given “.*”: .*{why}")

    def _why_not(self, requirement, employee=None, on=None):
        """What one requirement alone says of one person; nothing if it is met."""
        rule = self._create_rule(requirement, domain="[('name', '=', 'Judged')]")
        request = self._create_request(name="Judged")
        found = self.rules.check(request, employee or self.employee, on)
        rule.sudo().unlink()
        return found[request.id][(employee or self.employee).id]
