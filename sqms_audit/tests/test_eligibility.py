from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import AuditCase

LEAD, MEMBER = "sqms.audit", "sqms.audit.member"


@tagged("post_install", "-at_install")
class TestEligibility(AuditCase):
    """An audit is led and manned by nobody who lacks what a rule asks for, by whatever way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["sqms.eligibility.rule"]
        cls.findings = cls.env["sqms.eligibility.finding"]
        cls.rules.search([]).active = False
        cls.trained = cls.env["res.groups"].create({"name": "Trained auditors"})
        (cls.lead | cls.manager).user_id.group_ids = [Command.link(cls.trained.id)]

    def _rule(self, model, domain="[]"):
        return self.rules.create(
            {
                "name": "Trained auditors only",
                "reason": "ISO 19011, 7",
                "company_id": self.company.id,
                "model_id": self.env["ir.model"]._get_id(model),
                "domain": domain,
                "requirement_ids": [Command.create({"kind": "group", "group_id": self.trained.id})],
            }
        )

    def _refused(self, error=ValidationError):
        return self.assertRaisesRegex(error, "Person second cannot be given “.*”: does not belong to “.*Trained")

    def test_lead_on_every_path(self):
        audit = self._create_audit()
        self._rule(LEAD)
        mine = self._as(self.manager, audit)
        for attempt in (
            lambda: self.env[LEAD].create(self._prepare_audit(lead_id=self.second.id)),
            lambda: mine.write({"lead_id": self.second.id}),
            lambda: mine.web_save({"lead_id": self.second.id}, {}),
            lambda: (
                mine.sudo()
                .with_context(default_lead_id=self.second.id, install_mode=True)
                .write({"lead_id": self.second.id})
            ),
            lambda: audit.sudo().copy({"lead_id": self.second.id}),
        ):
            with self._refused(), self.cr.savepoint():
                attempt()
        action = self.env["ir.actions.server"].create(
            {
                "name": "Lead", "model_id": self.env["ir.model"]._get_id(LEAD), "state": "code",
                "code": f"record.sudo().write({{'lead_id': {self.second.id}}})",
            }
        )  # fmt: skip
        with self._refused(UserError), self.cr.savepoint():
            action.with_context(active_model=LEAD, active_id=audit.id, active_ids=audit.ids).run()
        columns = ["name", "company_id/.id", "lead_id/.id"]
        result = self.env[LEAD].load(columns, [["Imported", str(self.company.id), str(self.second.id)]])
        self.assertFalse(result["ids"])
        self.assertIn("Person second cannot be given", result["messages"][0]["message"])
        mine.lead_id = self.manager
        self.assertEqual(audit.lead_id, self.manager)

    def test_form_says_so_before_it_is_saved(self):
        self._rule(LEAD)
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as warned:
            form = Form(self._as(self.manager, self.env[LEAD]))
            form.name = "Counter"
            form.lead_id = self.second
            self.assertIn("Person second cannot be given", warned.output[0])
            with self._refused(), self.cr.savepoint():
                form.save()
        form.lead_id = self.lead
        self.assertEqual(form.save().eligibility["state"], "eligible")

    def test_what_the_system_proposes_is_left_out(self):
        self._rule(LEAD)
        values = self._prepare_audit(line_ids=False, auditee_ids=False)
        values.pop("lead_id")
        with self._refused(), self.cr.savepoint():
            self._as(self.second, self.env[LEAD]).create(values)
        self.manager.user_id.group_ids = [Command.unlink(self.trained.id)]
        self.assertFalse(self._as(self.manager, self.env[LEAD]).create(values).lead_id)
        self.assertEqual(self._as(self.lead, self.env[LEAD]).create(values).lead_id, self.lead)

    def test_members_on_every_path(self):
        audit = self._create_audit()
        self._rule(MEMBER, "[('role', '=', 'auditor')]")
        mine = self._as(self.lead, audit)
        new = {"audit_id": audit.id, "employee_id": self.second.id}
        for attempt in (
            lambda: self._as(self.lead, self.env[MEMBER]).create({**new, "role": "auditor"}),
            lambda: mine.write({"team_ids": [Command.create({"employee_id": self.second.id, "role": "auditor"})]}),
            lambda: mine.web_save({"member_ids": [Command.create({"employee_id": self.second.id})]}, {}),
            lambda: (
                self.env[MEMBER]
                .sudo()
                .with_context(default_employee_id=self.second.id)
                .create({"audit_id": audit.id, "role": "auditor"})
            ),
            lambda: self.env[LEAD].create(
                self._prepare_audit(team_ids=[Command.create({"employee_id": self.second.id, "role": "auditor"})])
            ),
        ):
            with self._refused(), self.cr.savepoint():
                attempt()
        watcher = self._as(self.lead, self.env[MEMBER]).create({**new, "role": "observer"})
        with self._refused(), self.cr.savepoint():
            watcher.role = "auditor"
        member = self._as(self.lead, self.env[MEMBER]).create(
            {"audit_id": audit.id, "employee_id": self.manager.id, "role": "auditor"}
        )
        with self._refused(), self.cr.savepoint():
            member.employee_id = self.second
        self.assertEqual(member.employee_id, self.manager)

    def test_copy_of_an_audit_takes_nobody_along_who_may_no_longer(self):
        audit = self._create_audit(
            member_ids=[Command.create({"employee_id": self.second.id, "role": "auditor"})], auditee_ids=False
        )
        self._rule(MEMBER)
        with self._refused(), self.cr.savepoint():
            audit.sudo().copy({"date_start": fields.Date.today(), "date_end": fields.Date.today()})

    def test_what_becomes_false_later_is_found(self):
        audit = self._create_audit(team_ids=[Command.create({"employee_id": self.manager.id, "role": "auditor"})])
        self._rule(LEAD)
        self._rule(MEMBER, "[('role', '=', 'auditor')]")
        self.findings._find_on(LEAD)
        self.findings._find_on(MEMBER)
        ours = [("res_model", "in", (LEAD, MEMBER)), ("is_open", "=", True)]
        own = self.findings.search([*ours, ("company_id", "=", self.company.id)])
        self.assertFalse(own)
        (self.lead | self.manager).user_id.group_ids = [Command.unlink(self.trained.id)]
        self.findings._find_on(LEAD)
        self.findings._find_on(MEMBER)
        found = self.findings.search(ours)
        names = found.filtered(lambda row: row.person_id in (self.lead | self.manager).ids).mapped("person_name")
        self.assertEqual(set(names), {"Person lead", "Person manager"})
        self.assertIn(audit.number, found.filtered(lambda row: row.res_model == MEMBER)[:1].record_name)

    def test_who_leads_keeps_it_when_another_field_is_written(self):
        audit = self._create_audit()
        self._rule(LEAD)
        self.lead.user_id.group_ids = [Command.unlink(self.trained.id)]
        self._as(self.manager, audit).scope = "Counter two"
        self.assertEqual((audit.scope, audit.lead_id), ("Counter two", self.lead))
