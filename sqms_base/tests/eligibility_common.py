from odoo import Command
from odoo.tests import new_test_user

from .common import ZONE, DocumentCase, sign_step


class EligibilityCase(DocumentCase):
    """A maintenance desk: Zhao has read the procedure, Wang and Li have not; a dispatcher gives out the work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["sqms.eligibility.rule"]
        cls.overrides = cls.env["sqms.eligibility.override"]
        cls.findings = cls.env["sqms.eligibility.finding"]
        cls.rules.search([]).active = False
        cls.dispatcher, cls.dispatcher_employee = cls._create_person(
            "dispatcher", "Dispatcher", cls.workshop, "maintenance.group_equipment_manager"
        )
        cls.zhao, cls.zhao_employee = cls._create_person("zhao", "Zhao Min", cls.desk_north)
        cls.wang, cls.wang_employee = cls._create_person("wang", "Wang Li", cls.desk_north)
        cls.li, cls.li_employee = cls._create_person("li", "Li Na", cls.workshop)
        cls.procedure = cls._create_document("Gas boilers", company_id=cls.company.id)
        cls.edition = cls._create_in_force(document=cls.procedure)
        cls._read(cls.edition, cls.zhao)
        cls.team = cls.env["maintenance.team"].create({"name": "Boilers", "company_id": cls.company.id})
        cls.requests = cls.env["maintenance.request"].with_user(cls.dispatcher)

    @classmethod
    def _create_person(cls, login, name, department, groups="base.group_user", company=None):
        company = company or cls.company
        user = new_test_user(
            cls.env, login=f"sqms_{login}", name=name, groups=groups, tz=ZONE,
            company_id=company.id, company_ids=[Command.set(company.ids)],
        )  # fmt: skip
        employee = cls.env["hr.employee"].create(
            {"name": name, "company_id": company.id, "user_id": user.id, "department_id": department.id}
        )
        return user, employee

    @classmethod
    def _read(cls, edition, *users):
        for user in users:
            reading = edition.sudo().acknowledgement_ids.filtered(
                lambda row, user=user: row.employee_id.user_id == user
            )
            reading.with_user(user).action_transition("acknowledge")
        cls.env.flush_all()

    @classmethod
    def _create_rule(cls, *requirements, model="maintenance.request", domain="[]", **values):
        requirements = requirements or ({"kind": "document", "document_id": cls.procedure.id},)
        return cls.rules.with_user(cls.manager).create(
            {
                "name": "Boilers",
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

    @classmethod
    def _create_override(cls, employee=None, rule=None, requester=None, **values):
        return cls.overrides.with_user(requester or cls.officer).create(
            {
                "employee_id": (employee or cls.wang_employee).id,
                "rule_ids": [Command.set(rule.ids)],
                "reason": "Supervised by Zhao",
                **values,
            }
        )

    @classmethod
    def _approve_override(cls, override, approver=None):
        if override.state == "draft":
            override.with_user(cls.officer).action_transition("request")
        sign_step(override, "approve", approver or cls.manager)
        cls.env.flush_all()
        return override

    def _tell(self):
        """What is told at the end of a transaction."""
        self.env.flush_all()
        self.cr.precommit.run()
        self.env.invalidate_all()
