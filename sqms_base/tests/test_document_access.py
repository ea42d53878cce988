from datetime import date

from freezegun import freeze_time
from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DocumentCase

MODELS = ("sqms.document", "sqms.document.version", "sqms.acknowledgement", "sqms.document.coverage")


@tagged("post_install", "-at_install")
class TestDocumentAccess(DocumentCase):
    """Each role with what it may do: create, read, write, delete."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls._create_in_force()
        cls.document = cls.old.document_id
        cls.current = cls._next_edition(date(2026, 11, 24))
        cls.startClassPatcher(freeze_time("2026-11-25 04:00:00"))
        cls.document.sudo()._bring_labels_up_to_date()
        cls.coming = cls._next_edition(date(2026, 12, 7))
        cls.draft = cls._create_draft(cls._create_document("Not yet"))
        cls.env.invalidate_all()

    @classmethod
    def _next_edition(cls, day):
        action = cls.document.with_user(cls.officer).action_new_edition()
        return cls._approve(cls.env["sqms.document.version"].browse(action["res_id"]), day)

    def _editions_for(self, user):
        self.env.invalidate_all()
        return self.env["sqms.document.version"].with_user(user).search([("company_id", "=", self.company.id)])

    def _refused(self, user, *records):
        """Neither create nor write nor delete."""
        for record in records:
            own = record.with_user(user)
            self.assertFalse(own.has_access("write"), (user.login, record))
            self.assertFalse(own.has_access("unlink"), (user.login, record))
            with self.assertRaises(AccessError):
                own.unlink()
        with self.assertRaises(AccessError):
            self.env["sqms.document"].with_user(user).create({"name": "Mine"})
        with self.assertRaises(AccessError):
            self.env["sqms.document.version"].with_user(user).create({"document_id": self.draft.document_id.id})

    def test_plain_employee_reads_what_is_in_force(self):
        self.assertEqual(self._editions_for(self.plain), self.current)
        self.assertEqual(self.document.with_user(self.plain).name, "Refund procedure")
        self.assertIn("one working day", self.document.with_user(self.plain).current_content)
        for version in (self.old, self.coming, self.draft):
            with self.assertRaises(AccessError):
                version.with_user(self.plain).read(["content"])
        with self.assertRaises(AccessError):
            self.draft.document_id.with_user(self.plain).read(["name"])
        self.env.invalidate_all()
        self.assertEqual(self.document.with_user(self.plain).version_ids, self.current)
        self._refused(self.plain, self.document, self.current)
        with self.assertRaises(AccessError):
            self.current.with_user(self.plain).action_transition("withdraw")
        with self.assertRaises(AccessError):
            self.document.with_user(self.plain).action_new_edition()

    def test_plain_employee_opens_the_views(self):
        for records in (self.document, self.current):
            for kind in ("list", "form", "kanban"):
                own = records.with_user(self.plain).with_context(lang="en_US")
                spec = self._spec_of(etree.fromstring(own.get_view(view_type=kind)["arch"]))
                self.env.invalidate_all()
                self.assertTrue(own.web_read(spec))

    def _spec_of(self, node):
        """What the web client reads for a view: its fields, and those of the lists in them."""
        spec = {}
        for child in node:
            if child.tag == "field":
                inner = child.find("list")
                spec[child.get("name")] = {} if inner is None else {"fields": self._spec_of(inner)}
            elif child.tag != etree.Comment:
                spec.update(self._spec_of(child))
        return spec

    def test_past_versions_stay_closed_by_every_way_of_asking(self):
        versions = self.env["sqms.document.version"].with_user(self.plain)
        self.assertFalse(versions.search([("id", "=", self.old.id)]))
        self.assertFalse(versions.search_count([("state", "=", "superseded")]))
        self.assertFalse(self.document.with_user(self.plain).version_at(self.old.effective_from))
        self.assertFalse(versions.search([("is_in_force", "=", False)]))
        self.assertFalse(versions._read_group([("id", "=", self.old.id)], [], ["edition:sum"])[0][0])

    def test_hr_agent_and_others_are_plain_employees_here(self):
        self.assertEqual(self._editions_for(self.hr), self.current)
        self._refused(self.hr, self.document, self.current)

    def test_officer_reads_and_prepares_everything(self):
        self.assertEqual(self._editions_for(self.officer), self.old | self.current | self.coming | self.draft)
        self.draft.with_user(self.officer).content = "<p>More</p>"
        self.draft.with_user(self.officer).unlink()
        with self.assertRaises(AccessError):
            self.coming.with_user(self.officer).action_transition("recall")

    def test_manager_reads_and_decides_everything(self):
        self.assertEqual(self._editions_for(self.manager), self.old | self.current | self.coming | self.draft)

    def test_top_management_reads_everything_and_writes_no_draft(self):
        self.assertEqual(self._editions_for(self.top), self.old | self.current | self.coming | self.draft)
        with self.assertRaises(AccessError):
            self.draft.with_user(self.top).content = "<p>More</p>"
        self._submit(self.draft)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.draft.with_user(self.top).content = "<p>More</p>"
        self.draft.with_user(self.top).remarks = "Please shorter"
        self.draft.with_user(self.top).action_transition("return_to_author")
        self.assertEqual(self.draft.state, "draft")

    def test_certifier_reads_everything_and_changes_nothing(self):
        self.assertEqual(self._editions_for(self.certifier), self.old | self.current | self.coming | self.draft)
        self.assertTrue(self.current.with_user(self.certifier).acknowledgement_ids)
        self.assertTrue(self.current.with_user(self.certifier).coverage_ids)
        self.assertFalse(self.current.with_user(self.certifier).transitions())
        self._refused(self.certifier, self.document, self.current, self.draft)

    def test_portal_and_public_reach_nothing(self):
        for user in (self.portal, self.public):
            for model in MODELS:
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).create({})

    def test_other_company_sees_nothing(self):
        for group in ("sqms_base.group_sqms_manager", "sqms_base.group_sqms_certifier"):
            stranger = self._create_user(f"stranger_{group[-7:]}", group, company=self.other_company)
            self.assertFalse(self.env["sqms.document"].with_user(stranger).search([("id", "=", self.document.id)]))
            self.assertFalse(self._editions_for(stranger))
            self.assertFalse(
                self.env["sqms.acknowledgement"].with_user(stranger).search([("version_id", "=", self.current.id)])
            )
            self.assertFalse(
                self.env["sqms.document.coverage"].with_user(stranger).search([("version_id", "=", self.current.id)])
            )
            with self.assertRaises(AccessError):
                self.current.with_user(stranger).read(["content"])

    def test_companies_are_not_mixed(self):
        theirs = self.env["hr.department"].create({"name": "Theirs", "company_id": self.other_company.id})
        with self.assertRaises(UserError):
            self.document.write({"department_ids": [Command.link(theirs.id)]})

    def test_coverage_is_for_those_who_see_all_readings(self):
        self.assertEqual(self.current.with_user(self.officer).read_label, "0 of 2")
        for user in (self.plain, self.hr):
            with self.assertRaises(AccessError):
                self.current.with_user(user).read(["read_label"])
            with self.assertRaises(AccessError):
                self.env["sqms.document.coverage"].with_user(user).search([])
            view = self.env["sqms.document"].with_user(user).get_view(view_type="list")
            self.assertNotIn("read_percent", view["arch"])

    def test_officer_without_hr_rights_chooses_people(self):
        document = self._create_document(audience="chosen", employee_ids=[Command.link(self.employee.id)])
        document.with_user(self.officer).write({"employee_ids": [Command.link(self.colleague.id)]})
        document.with_user(self.officer).write({"department_ids": [Command.link(self.desk.id)]})
        fetched = document.with_user(self.officer).web_read(
            {"employee_ids": {"fields": {"display_name": {}}}, "department_ids": {"fields": {"display_name": {}}}}
        )
        self.assertEqual({person["display_name"] for person in fetched[0]["employee_ids"]}, {"Plain", "Colleague"})

    def test_state_is_bent_by_no_way_of_writing(self):
        versions = self.env["sqms.document.version"].with_user(self.manager)
        document = self._create_document()
        values = {"document_id": document.id, "content": "<p>a</p>"}
        for attempt in (
            lambda: versions.create({**values, "state": "effective"}),
            lambda: versions.create({**values, "effective_from": "2026-01-01 00:00:00"}),
            lambda: versions.create({**values, "contributor_ids": [Command.link(self.officer.id)]}),
            lambda: versions.with_context(default_state="effective").create(dict(values)),
            lambda: versions.with_context(default_effective_from="2026-01-01 00:00:00").create(dict(values)),
            lambda: self.draft.with_user(self.manager).write({"state": "effective"}),
            lambda: self.draft.with_user(self.manager).web_save({"state": "effective"}, {}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        result = versions.load(["document_id/.id", "content", "state"], [[str(document.id), "<p>a</p>", "effective"]])
        self.assertFalse(result["ids"])
        self.assertIn("starts as", result["messages"][0]["message"])
