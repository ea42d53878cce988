from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

AUDITOR = "sqms_audit.group_auditor"
MANAGER = "sqms_audit.group_audit_manager"


class AuditCase(TransactionCase):
    """A company with two departments, and one person for each side of an audit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Audited Company"})
        cls.other_company = cls.env["res.company"].create({"name": "Somebody Else's Company"})
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.quality, cls.service = cls.env["hr.department"].create(
            [{"name": name, "company_id": cls.company.id} for name in ("Quality Office", "Service Desk")]
        )
        cls.hotline = cls.env["hr.department"].create(
            {"name": "Hotline", "company_id": cls.company.id, "parent_id": cls.service.id}
        )
        cls.lead = cls._create_person("lead", cls.quality, AUDITOR)
        cls.second = cls._create_person("second", cls.quality, AUDITOR)
        cls.manager = cls._create_person("manager", cls.quality, MANAGER)
        cls.auditee = cls._create_person("auditee", cls.hotline)
        cls.head = cls._create_person("head", cls.service)
        cls.employee = cls._create_person("employee", cls.hotline)
        cls.certifier = cls._create_person("certifier", cls.quality, "sqms_base.group_sqms_certifier")
        cls.service.manager_id = cls.head
        cls.template = cls.env["sqms.audit.template"].create(
            {
                "name": "Counter",
                "standard": "House rules",
                "line_ids": [
                    Command.create(
                        {"clause": f"8.{number}", "question": f"Is point {number} kept?", "object_type": "rule"}
                    )
                    for number in (1, 2, 3)
                ],
            }
        )

    @classmethod
    def _create_person(cls, name, department, groups="base.group_user", company=None):
        company = company or cls.company
        user = new_test_user(
            cls.env,
            login=f"audit_{name}",
            name=f"Person {name}",
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        return cls.env["hr.employee"].create(
            {
                "name": f"Person {name}",
                "user_id": user.id,
                "company_id": company.id,
                "department_id": department.id,
                "date_version": "2020-01-01",
            }
        )

    @classmethod
    def _as(cls, person, records):
        return records.with_user(person.user_id).with_company(cls.company)

    def _prepare_audit(self, **values):
        return {
            "name": "Service desk",
            "company_id": self.company.id,
            "department_id": self.service.id,
            "lead_id": self.lead.id,
            "date_start": fields.Date.today(),
            "date_end": fields.Date.today(),
            "auditee_ids": [Command.create({"role": "auditee", "employee_id": self.auditee.id})],
            "line_ids": [Command.create({"question": f"Question {number}?"}) for number in (1, 2, 3)],
            **values,
        }

    def _create_audit(self, state="planned", **values):
        """An audit led by `lead`, brought to a state by those whose steps they are."""
        audit = self.env["sqms.audit"].create(self._prepare_audit(**values))
        audit = self._as(self.lead, audit)
        if state == "planned":
            return audit
        audit.action_transition("start")
        if state == "in_progress":
            return audit
        if state == "cancelled":
            self._as(self.manager, audit).cancel_reason = "No longer needed"
            self._as(self.manager, audit).action_transition("cancel")
            return audit
        self._answer_all(audit)
        audit.action_transition("report")
        if state == "closed":
            self._settle(audit)
            audit.conclusion = "The service desk does as it promises."
            audit.action_transition("close")
        return audit

    def _answer_all(self, audit):
        first, second, *rest = audit.line_ids
        first.write({"answer": "minor", "note": "Notice of last year at the counter."})
        first.action_finding()
        second.write({"answer": "not_applicable", "note": "No cash here."})
        for line in rest:
            line.answer = "conform"

    def _respond(self, finding, person=None):
        finding = self._as(person or self.auditee, finding)
        finding.write({"cause": "Nobody changes it.", "correction": "New notice.", "due_date": fields.Date.today()})
        finding.action_transition("answer")

    def _settle(self, audit):
        for finding in audit.finding_ids:
            self._respond(finding)
            self._as(self.lead, finding).action_transition("accept")
