from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import AuditCase


@tagged("post_install", "-at_install")
class TestTemplate(AuditCase):
    def _load(self, person, audit, template=None):
        wizard = self._as(person, self.env["sqms.audit.load.template"]).create(
            {"audit_id": audit.id, "template_id": (template or self.template).id}
        )
        wizard.action_load()

    def test_loading_copies_the_questions_behind_the_present_ones(self):
        audit = self._create_audit(line_ids=[Command.create({"question": "First of all?", "sequence": 7})])
        self._load(self.lead, audit)
        self.assertEqual(
            audit.line_ids.mapped("question"),
            ["First of all?", "Is point 1 kept?", "Is point 2 kept?", "Is point 3 kept?"],
        )
        line = audit.line_ids[1]
        self.assertEqual((line.clause, line.object_type, line.answer), ("8.1", "rule", False))

    def test_loading_twice_adds_nothing(self):
        audit = self._create_audit(line_ids=[])
        self._load(self.lead, audit)
        self._load(self.lead, audit)
        self.assertEqual(len(audit.line_ids), 3)

    def test_creating_with_a_template_loads_it_on_every_path(self):
        values = self._prepare_audit()
        del values["line_ids"]
        audits = self._as(self.lead, self.env["sqms.audit"])
        self.assertEqual(len(audits.create({**values, "template_id": self.template.id}).line_ids), 3)
        by_context = audits.with_context(default_template_id=self.template.id).create(values)
        self.assertEqual(len(by_context.line_ids), 3)
        loaded = audits.load(["name", "template_id/.id"], [["Loaded", str(self.template.id)]])
        self.assertEqual(len(audits.browse(loaded["ids"]).line_ids), 3)
        own = audits.create({**self._prepare_audit(), "template_id": self.template.id})
        self.assertEqual(len(own.line_ids), 3)
        self.assertEqual(own.line_ids.mapped("clause"), [False] * 3)

    def test_later_changes_of_the_template_leave_audits_alone(self):
        audit = self._create_audit(line_ids=[], template_id=self.template.id)
        self.template.line_ids[0].question = "Something else?"
        self.template.line_ids[1].unlink()
        self.assertEqual(
            audit.line_ids.mapped("question"), ["Is point 1 kept?", "Is point 2 kept?", "Is point 3 kept?"]
        )

    def test_a_begun_report_takes_no_more_questions(self):
        audit = self._create_audit("report")
        with self.assertRaises(AccessError):
            self._load(self.lead, audit)

    def test_template_of_another_company_is_refused(self):
        self.template.company_id = self.other_company
        with self.assertRaises(UserError):
            self._load(self.lead, self._create_audit())
        with self.assertRaises(UserError):
            self.env["sqms.audit"].create(self._prepare_audit(line_ids=[], template_id=self.template.id))

    def test_an_outsider_loads_nothing(self):
        audit = self._create_audit()
        with self.assertRaises(AccessError):
            self._load(self.second, audit)
        with self.assertRaises(AccessError):
            self._load(self.auditee, audit)

    def test_roles(self):
        template = self.template
        for person, read, write in [
            (self.manager, True, True),
            (self.lead, True, False),
            (self.certifier, True, False),
            (self.employee, False, False),
        ]:
            with self.subTest(person=person.name):
                self.assertEqual(self._as(person, template).has_access("read"), read)
                for operation in ("write", "create", "unlink"):
                    self.assertEqual(self._as(person, template).has_access(operation), write)
                    self.assertEqual(self._as(person, template.line_ids).has_access(operation), write)

    def test_new_audit_starts_from_the_template(self):
        action = self._as(self.lead, self.template).action_new_audit()
        audit = self._as(self.lead, self.env["sqms.audit"]).with_context(**action["context"]).create({})
        self.assertEqual(audit.name, "Counter")
        self.assertEqual(len(audit.line_ids), 3)
