from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import AuditCase


@tagged("post_install", "-at_install")
class TestIndependence(AuditCase):
    def _assert_refused(self, words, function, *args, **kwargs):
        with self.assertRaises(ValidationError) as refusal:
            function(*args, **kwargs)
            self.env.flush_all()
        for word in words:
            self.assertIn(word, str(refusal.exception))

    def test_nobody_leads_an_audit_of_his_own_department(self):
        audits = self._as(self.manager, self.env["sqms.audit"])
        words = ("Person lead", "Quality Office", "AUD/")
        own = self._prepare_audit(department_id=self.quality.id)
        self._assert_refused(words, audits.create, own)
        self._assert_refused(
            words,
            audits.with_context(default_department_id=self.quality.id).create,
            {key: value for key, value in own.items() if key != "department_id"},
        )
        audit = self._as(self.manager, self._create_audit())
        self._assert_refused(words, audit.write, {"department_id": self.quality.id})
        result = audits.load(
            ["name", "lead_id/.id", "department_id/.id"], [["Loaded", str(self.lead.id), str(self.quality.id)]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("Person lead", result["messages"][0]["message"])

    def test_sub_department_counts_as_the_department(self):
        audit = self._as(self.manager, self._create_audit())
        self._assert_refused(("Person employee", "Service Desk"), audit.write, {"lead_id": self.employee.id})
        audit.department_id = self.hotline
        self._assert_refused(("Person employee", "Hotline"), audit.write, {"lead_id": self.employee.id})

    def test_head_does_not_audit_below_himself(self):
        audit = self._as(self.manager, self._create_audit())
        audit.department_id = self.hotline
        self._assert_refused(("Person head", "Service Desk"), audit.write, {"lead_id": self.head.id})

    def test_colleague_one_floor_up_may_audit(self):
        upstairs = self._create_person("upstairs", self.service, "sqms_audit.group_auditor")
        audit = self._as(self.manager, self._create_audit(department_id=self.hotline.id))
        audit.lead_id = upstairs
        self.assertEqual(audit.lead_id, upstairs)

    def test_team_auditor_is_held_to_the_same_rule(self):
        audit = self._create_audit()
        refused = {"audit_id": audit.id, "employee_id": self.employee.id, "role": "auditor"}
        members = self._as(self.lead, self.env["sqms.audit.member"])
        self._assert_refused(("Person employee",), members.create, refused)
        self._assert_refused(
            ("Person employee",),
            audit.write,
            {"team_ids": [Command.create({"employee_id": self.employee.id, "role": "auditor"})]},
        )
        observer = members.create({**refused, "role": "observer"})
        self._assert_refused(("Person employee",), observer.write, {"role": "auditor"})
        self._assert_refused(
            ("Person employee",),
            members.with_context(default_role="auditor", default_audit_id=audit.id).create,
            {"employee_id": self.employee.id},
        )

    def test_nobody_audits_himself_as_auditee(self):
        audit = self._create_audit()
        self._assert_refused(("Person lead", "auditee"), audit.write, {
            "auditee_ids": [Command.create({"role": "auditee", "employee_id": self.lead.id})]
        })  # fmt: skip
        self._assert_refused(("Person auditee", "auditee"), self._as(self.manager, audit).write, {
            "department_id": False, "lead_id": self.auditee.id
        })  # fmt: skip
        audit.auditee_ids.sudo().employee_id = self.second
        self._assert_refused(("Person second", "auditee"), audit.write, {
            "team_ids": [Command.create({"role": "auditor", "employee_id": self.second.id})]
        })  # fmt: skip

    def test_form_refuses_with_the_name(self):
        audits = self._as(self.manager, self.env["sqms.audit"])
        with self.assertRaises(ValidationError) as refusal, Form(audits) as form:
            form.name = "By form"
            form.lead_id = self.lead
            form.department_id = self.quality
        self.assertIn("Person lead", str(refusal.exception))

    def test_who_moves_into_the_department_cannot_start(self):
        audit = self._create_audit()
        self.lead.department_id = self.hotline
        with self.assertRaises(UserError) as refusal:
            audit.action_transition("start")
        self.assertIn("Person lead works in Service Desk", str(refusal.exception))

    def test_who_moves_into_the_department_cannot_report(self):
        audit = self._create_audit("in_progress")
        self._answer_all(audit)
        self.lead.department_id = self.hotline
        with self.assertRaises(UserError) as refusal:
            audit.action_transition("report")
        self.assertIn("Person lead works in Service Desk", str(refusal.exception))

    def test_manager_who_is_audited_does_not_write_the_audit(self):
        audit = self._create_audit(
            "in_progress", auditee_ids=[Command.create({"role": "auditee", "employee_id": self.manager.id})]
        )
        self.assertEqual(self._as(self.manager, audit).transitions(), [])
        for write in (
            lambda own: own.write({"scope": "Less"}),
            lambda own: own.line_ids[0].write({"answer": "conform"}),
            lambda own: own.member_ids[0].unlink(),
            lambda own: own.action_transition("report"),
            lambda own: own.unlink(),
        ):
            with self.assertRaises(UserError):
                write(self._as(self.manager, audit))
