from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import AUDITOR, MANAGER, AuditCase

MODELS = ("sqms.audit", "sqms.audit.line", "sqms.audit.member", "sqms.audit.finding")


@tagged("post_install", "-at_install")
class TestAccess(AuditCase):
    def _seen(self, person, audit):
        return {
            name: len(self._as(person, self.env[name]).search([("id", "in", records.ids)]))
            for name, records in self._parts(audit).items()
        }

    def _parts(self, audit):
        audit = audit.sudo()
        return {
            "sqms.audit": audit,
            "sqms.audit.line": audit.line_ids,
            "sqms.audit.member": audit.member_ids,
            "sqms.audit.finding": audit.finding_ids,
        }

    def test_auditor_reads_all_and_writes_where_he_audits(self):
        audit = self._create_audit("in_progress")
        audit.line_ids[0].write({"answer": "minor", "note": "Seen."})
        audit.line_ids[0].action_finding()
        for name, records in self._parts(audit).items():
            with self.subTest(model=name):
                self.assertTrue(self._as(self.second, records).has_access("read"))
                for operation in ("write", "unlink"):
                    self.assertTrue(self._as(self.lead, records).has_access(operation))
                    self.assertFalse(self._as(self.second, records).has_access(operation))
        with self.assertRaises(AccessError):
            self._as(self.second, audit).write({"scope": "Everything"})
        with self.assertRaises(AccessError):
            self._as(self.second, audit.line_ids[0]).write({"answer": "conform"})
        with self.assertRaises(AccessError):
            self._as(self.second, self.env["sqms.audit.line"]).create({"audit_id": audit.id, "question": "Mine?"})
        with self.assertRaises(AccessError):
            self._as(self.second, audit).action_transition("report")
        audit.team_ids = [Command.create({"employee_id": self.second.id, "role": "auditor"})]
        self._as(self.second, audit.line_ids[1]).write({"answer": "conform"})
        self.assertEqual(audit.line_ids[1].answered_by_id, self.second.user_id)

    def test_observers_and_experts_look_on(self):
        audit = self._create_audit("in_progress")
        for role in ("observer", "expert"):
            member = self._as(self.lead, self.env["sqms.audit.member"]).create(
                {"audit_id": audit.id, "employee_id": self.second.id, "role": role}
            )
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._as(self.second, audit.line_ids[0]).write({"answer": "conform"})
            member.unlink()

    def test_auditor_plans_audits_that_he_leads(self):
        audits = self._as(self.lead, self.env["sqms.audit"])
        self.assertEqual(audits.create({"name": "Mine"}).lead_id, self.lead)
        with self.assertRaises(AccessError):
            audits.create(self._prepare_audit(lead_id=self.second.id))
        self.assertTrue(self._as(self.manager, audits).create(self._prepare_audit(lead_id=self.second.id)))

    def test_audited_see_their_audit_from_its_start(self):
        for person in (self.auditee, self.head):
            nothing = dict.fromkeys(MODELS, 0)
            self.assertEqual(self._seen(person, self._create_audit()), nothing)
            self.assertEqual(self._seen(person, self._create_audit("cancelled")), nothing)
            for state in ("in_progress", "report", "closed"):
                audit = self._create_audit(state)
                with self.subTest(person=person.name, state=state):
                    self.assertEqual(
                        self._seen(person, audit), {name: len(part) for name, part in self._parts(audit).items()}
                    )

    def test_audited_write_neither_audit_nor_checklist(self):
        audit = self._create_audit("in_progress")
        for person in (self.auditee, self.head):
            for name in ("sqms.audit", "sqms.audit.line", "sqms.audit.member"):
                for operation in ("write", "create", "unlink"):
                    with self.subTest(person=person.name, model=name, operation=operation):
                        self.assertFalse(self._as(person, self._parts(audit)[name]).has_access(operation))
            with self.assertRaises(AccessError):
                self._as(person, audit).action_transition("report")
            with self.assertRaises(AccessError):
                self._as(person, audit).action_load_template()
                self._as(person, self.env["sqms.audit.load.template"]).create(
                    {"audit_id": audit.id, "template_id": self.template.id}
                )

    def test_auditor_who_is_audited_elsewhere_gains_nothing_there(self):
        audit = self._create_audit(
            "in_progress", auditee_ids=[Command.create({"role": "auditee", "employee_id": self.second.id})]
        )
        theirs = self._as(self.second, audit)
        with self.assertRaises(AccessError):
            theirs.write({"scope": "Less"})
        with self.assertRaises(AccessError):
            theirs.line_ids[0].write({"answer": "conform"})
        audit.line_ids[0].write({"answer": "minor", "note": "Seen."})
        finding = self._as(
            self.second, self.env["sqms.audit.finding"].browse(audit.line_ids[0].action_finding()["res_id"])
        )
        with self.assertRaises(AccessError):
            finding.statement = "Nothing."
        self._respond(finding, self.second)
        with self.assertRaises(AccessError):
            finding.action_transition("accept")

    def test_other_employees_see_nothing(self):
        audit = self._create_audit("report")
        self.assertEqual(self._seen(self.employee, audit), dict.fromkeys(MODELS, 0))
        for name, records in self._parts(audit).items():
            with self.subTest(model=name), self.assertRaises(AccessError):
                self._as(self.employee, records).read(["id", "display_name"])

    def test_certifier_reads_everything_and_writes_nothing(self):
        audit = self._create_audit("report")
        self.assertEqual(
            self._seen(self.certifier, audit), {name: len(part) for name, part in self._parts(audit).items()}
        )
        for name, records in self._parts(audit).items():
            for operation in ("write", "unlink"):
                with self.subTest(model=name, operation=operation):
                    self.assertFalse(self._as(self.certifier, records).has_access(operation))
        self.assertEqual(self._as(self.certifier, audit).transitions(), [])
        with self.assertRaises(AccessError):
            self._as(self.certifier, audit.finding_ids).write({"correction": "None."})
        for records in (audit, audit.finding_ids):
            with self.assertRaises(AccessError):
                self._as(self.certifier, records).message_post(body="I was here", message_type="comment")
            with self.assertRaises(AccessError):
                self._as(self.certifier, records).activity_schedule(
                    "mail.mail_activity_data_todo", user_id=self.lead.user_id.id
                )
        self._as(self.auditee, audit.finding_ids).message_post(body="We look into it", message_type="comment")

    def test_portal_and_public_see_nothing(self):
        audit = self._create_audit("report")
        portal = new_test_user(self.env, login="audit_portal", groups="base.group_portal")
        for user in (portal, self.env.ref("base.public_user")):
            for name, records in self._parts(audit).items():
                with self.subTest(user=user.login, model=name), self.assertRaises(AccessError):
                    records.with_user(user).read(["id"])

    def test_another_company_sees_nothing(self):
        office = self.env["hr.department"].create({"name": "Office", "company_id": self.other_company.id})
        audit = self._create_audit("report")
        for groups in (AUDITOR, MANAGER, "sqms_base.group_sqms_certifier"):
            stranger = self._create_person(f"stranger {groups}", office, groups, company=self.other_company)
            for name, records in self._parts(audit).items():
                theirs = records.with_user(stranger.user_id).with_context(allowed_company_ids=self.other_company.ids)
                with self.subTest(groups=groups, model=name):
                    self.assertFalse(theirs.search([("id", "in", records.ids)]))
                    with self.assertRaises(AccessError):
                        theirs.read(["id", "display_name"])

    def test_people_and_departments_are_of_the_company(self):
        office = self.env["hr.department"].create({"name": "Office", "company_id": self.other_company.id})
        stranger = self._create_person("stranger", office, company=self.other_company)
        audit = self._create_audit().sudo()
        for values in (
            {"lead_id": stranger.id},
            {"department_id": office.id},
            {"auditee_ids": [Command.create({"role": "auditee", "employee_id": stranger.id})]},
        ):
            with self.subTest(values=values), self.assertRaises(UserError) as refusal:
                audit.write(values)
            self.assertIn("company", str(refusal.exception))

    def test_audited_may_speak_in_the_chatter(self):
        audit = self._create_audit("in_progress")
        message = self._as(self.auditee, audit).message_post(body="We are ready.")
        self.assertEqual(message.author_id, self.auditee.user_id.partner_id)
