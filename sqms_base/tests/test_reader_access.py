from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DocumentCase

SECRET, OLD, NEWS = "zirconium", "obsidian", "magnolia"


@tagged("post_install", "-at_install")
class TestReaderAccess(DocumentCase):
    """A plain employee reads what is in force for him, confirms it and does nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=False))
        cls.mine = cls._edition("Desk rules", f"<p>{OLD}</p>", department_ids=[Command.set(cls.desk.ids)])
        cls.document = cls.mine.document_id
        action = cls.document.with_user(cls.officer).action_new_edition()
        cls.current = cls.env["sqms.document.version"].browse(action["res_id"])
        cls.current.with_user(cls.officer).write({"content": f"<p>{NEWS}</p>", "change_summary": "More"})
        cls._approve(cls.current, date(2026, 11, 24))
        cls.foreign = cls._edition(
            f"Workshop {SECRET}", f"<p>{SECRET}</p>", department_ids=[Command.set(cls.workshop.ids)]
        )
        cls.startClassPatcher(freeze_time("2026-11-25 04:00:00"))
        cls.document.sudo()._bring_labels_up_to_date()
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _edition(cls, name, text, **choice):
        document = cls._create_document(name, audience="chosen", **choice)
        file = cls.env["ir.attachment"].with_user(cls.officer).create({"name": f"{name}.txt", "raw": text.encode()})
        draft = cls._create_draft(document, text, file_ids=[Command.set(file.ids)], change_summary=f"Why {text}")
        draft.with_user(cls.officer).message_post(body=f"Remark {text}")
        return cls._approve(draft)

    def _as(self, user, record):
        self.env.invalidate_all()
        return record.with_user(user).with_context(tracking_disable=True)

    def _reads(self, user, record, names=("display_name",)):
        try:
            return bool(self._as(user, record).read(list(names)))
        except AccessError:
            return False

    # -- who reads what -----------------------------------------------------------------

    def test_each_role_sees_what_it_must(self):
        foreign, old, current = self.foreign, self.mine, self.current
        owner = self._create_user("owner", "base.group_user")
        self.foreign.document_id.sudo().owner_id = owner
        workman = self._create_user("workman", "base.group_user")
        self._create_employee("Workman", user_id=workman.id, department_id=self.workshop.id)
        expected = {
            self.plain: (False, False, True),
            self.hr: (False, False, False),
            workman: (True, False, False),
            owner: (True, False, False),
            self.officer: (True, True, True),
            self.manager: (True, True, True),
            self.top: (True, True, True),
            self.certifier: (True, True, True),
            self.portal: (False, False, False),
            self.public: (False, False, False),
        }
        for user, allowed in expected.items():
            for version, may in zip((foreign, old, current), allowed, strict=True):
                self.assertEqual(self._reads(user, version, ("content",)), may, (user.login, version.display_name))
            if user not in (self.portal, self.public):
                found = self._as(user, self.env["sqms.document.version"]).search(
                    [("id", "in", (foreign | old | current).ids)]
                )
                self.assertEqual([version in found for version in (foreign, old, current)], list(allowed), user.login)
                documents = self._as(user, self.env["sqms.document"]).search(
                    [("id", "in", (foreign | current).document_id.ids)]
                )
                self.assertEqual(foreign.document_id in documents, allowed[0], user.login)
                self.assertEqual(current.document_id in documents, allowed[2], user.login)
                self.assertEqual(self._reads(user, foreign.document_id), allowed[0], user.login)

    def test_who_leaves_the_group_reads_it_no_longer_that_very_moment(self):
        self.assertTrue(self._reads(self.plain, self.current))
        self.employee.with_user(self.hr).department_id = self.workshop
        self.assertFalse(self._reads(self.plain, self.current))
        self.assertTrue(self._reads(self.plain, self.foreign))
        reading = self._as(self.plain, self.current.sudo().acknowledgement_ids)
        self.assertFalse(reading.content or reading.file_ids or reading.change_summary)

    def test_nobody_in_particular_and_all_are_open_to_the_company(self):
        for audience in ("all", "nobody"):
            version = self._approve(self._create_draft(self._create_document(audience=audience)), date(2026, 11, 25))
            self.assertTrue(self._reads(self.hr, version), audience)
            stranger = self._create_user(f"stranger_{audience}", "base.group_user", company=self.other_company)
            self.assertFalse(self._reads(stranger, version), audience)

    # -- by every way of asking -----------------------------------------------------------

    def test_no_way_of_asking_tells_of_it(self):
        versions, documents, readings = (
            self._as(self.plain, self.env[name])
            for name in ("sqms.document.version", "sqms.document", "sqms.acknowledgement")
        )
        hidden = self.foreign | self.mine
        self.plain.sudo().group_ids |= self.env.ref("base.group_allow_export")
        for word in (SECRET, OLD):
            for domain in ([("content", "ilike", word)], [("change_summary", "ilike", word)],
                           [("file_ids.name", "ilike", word)]):  # fmt: skip
                self.assertFalse(versions.search(domain), domain)
                self.assertFalse(versions.search_count(domain))
                self.assertFalse(versions.search_read(domain, ["display_name"]))
                self.assertFalse(versions._read_group(domain, ["document_id"], ["__count"]))
                self.assertFalse(versions.formatted_read_group(domain, ["document_id"], ["__count"]))
                path = [(f"version_ids.{domain[0][0]}", *domain[0][1:])]
                self.assertFalse(documents.search(path), path)
                path = [(f"version_id.{domain[0][0]}", *domain[0][1:])]
                self.assertFalse(readings.search(path), path)
            found = self._as(self.plain, self.env["ir.attachment"]).search([("index_content", "ilike", word)])
            self.assertLessEqual(set(found), set(self.current.sudo().file_ids))
        self.assertFalse(documents.name_search(SECRET))
        self.assertFalse(documents.search([("name", "ilike", SECRET)]))
        self.assertFalse(readings.search([("document_id.name", "ilike", SECRET)]))
        self.assertFalse(versions.name_search(SECRET))
        for version in hidden:
            for name, attempt in {
                "read": lambda own: own.read(["content"]),
                "export": lambda own: own.export_data(["content", "change_summary"]),
                "web_read": lambda own: own.web_read({"content": {}}),
                "copy": lambda own: own.copy(),
                "history": lambda own: own.sqms_history(),
                "trace": lambda own: own.trace(),
                "name": lambda own: own.read(["display_name"]),
            }.items():
                with self.subTest(name), self.assertRaises(AccessError), self.cr.savepoint():
                    attempt(self._as(self.plain, version))
            for file in version.sudo().file_ids:
                for name in ("raw", "datas", "name", "checksum"):
                    self.assertFalse(self._reads(self.plain, file, (name,)), name)
            self.assertFalse(self._as(self.plain, self.env["ir.attachment"]).search([("res_id", "=", version.id)]))
        self.assertEqual(self._as(self.plain, self.document).version_ids, self.current)
        self.assertIn(NEWS, self._as(self.plain, self.document).current_content)
        self.assertTrue(self._reads(self.plain, self.current.sudo().file_ids, ("raw",)))
        spec = {"version_ids": {"fields": {"content": {}, "display_name": {}}}, "next_version_id": {"fields": {}}}
        told = str(self._as(self.plain, self.document).web_read(spec))
        self.assertNotIn(OLD, told)

    def test_the_talk_and_the_history_are_for_those_who_make_it(self):
        version = self.current.with_user(self.officer)
        version.message_post(body=f"Between us: {SECRET}")
        self.document.with_user(self.officer).message_post(body=f"Also {SECRET}")
        about = [("model", "in", ("sqms.document", "sqms.document.version"))]
        messages = self.env["mail.message"]
        self.assertFalse(self._as(self.plain, messages).search(about))
        with self.assertRaises(AccessError):
            self._as(self.plain, version.message_ids[0]).read(["body"])
        self.assertFalse(self._as(self.plain, self.current).message_ids)
        self.assertFalse(self._as(self.plain, self.current).sqms_history())
        self.assertFalse(self._as(self.plain, self.document).sqms_history())
        for user in (self.officer, self.top, self.certifier):
            self.assertIn(SECRET, str(self._as(user, self.current).message_ids.mapped("body")), user.login)
            self.assertTrue(self._as(user, self.current).sqms_history())
        partner = self.plain.partner_id.ids
        for record in (self.document, self.current):
            self._as(self.plain, record).message_subscribe(partner)
            self.assertNotIn(self.plain.partner_id, record.sudo().message_partner_ids)
            with self.assertRaises(AccessError):
                self._as(self.plain, record).message_post(body="Mine")
            with self.assertRaises(AccessError):
                self.env["mail.activity"].with_user(self.plain).create(
                    {"res_model_id": self.env["ir.model"]._get_id(record._name), "res_id": record.id}
                )
        with self.assertRaises(AccessError):
            self._as(self.plain, self.env["mail.tracking.value"]).search([]).read(["field_info"])

    # -- confirms and does nothing else -----------------------------------------------------

    def test_a_reading_is_confirmed_and_nothing_else(self):
        reading = self.current.sudo().acknowledgement_ids.filtered(lambda row: row.employee_id == self.employee)
        values = {
            "state": "done", "date_due": "2030-01-01", "acknowledged_at": "2026-11-01 00:00:00",
            "employee_id": self.colleague.id, "version_id": self.foreign.id, "department_id": self.workshop.id,
            "company_id": self.other_company.id, "document_id": self.foreign.document_id.id,
            "reminded_on": "2030-01-01",
            "is_mail_wanted": True, "quiz_passed": True, "quiz_granted": 3, "carried_from_id": reading.id,
            "paper_id": 1,
        }  # fmt: skip
        own = self._as(self.plain, reading)
        attempts = [lambda name=name, value=value: own.write({name: value}) for name, value in values.items()]
        attempts += [lambda name=name, value=value: own.web_save({name: value}, {}) for name, value in values.items()]
        attempts += [
            lambda: own.create({"version_id": self.current.id, "employee_id": self.employee.id}),
            lambda: own.with_context(default_state="done").create({"version_id": self.current.id}),
            lambda: own.copy(),
            lambda: own.unlink(),
            lambda: own.with_context(force_delete=True, module="x", _force_unlink=True).unlink(),
            lambda: own.action_transition("leave"),
            lambda: own.action_transition("rejoin"),
            lambda: own.action_transition("lapse"),
            lambda: own.action_transition("confirm_on_paper"),
            lambda: own.action_transition("no_such_step"),
            lambda: own.action_sign_step("acknowledge", "sqms_plain"),
            lambda: own.action_take_quiz(),
        ]
        for attempt in attempts:
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()
            self.env.invalidate_all()
        self.assertFalse(own.load(["version_id/.id", "employee_id/.id"], [[str(self.current.id), "1"]])["ids"])
        self.assertEqual((reading.state, reading.date_due), ("open", date(2026, 12, 9)))
        other = self.foreign.sudo().acknowledgement_ids
        for attempt in (
            lambda: self._as(self.plain, other).action_transition("acknowledge"),
            lambda: self._as(self.plain, other).read(["state"]),
            lambda: self._as(self.plain, reading | other).action_transition("acknowledge"),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        for record in (self.document, self.current):
            for attempt in (
                lambda record=record: self._as(self.plain, record).write({"message_follower_ids": []}),
                lambda record=record: self._as(self.plain, record).unlink(),
                lambda record=record: self._as(self.plain, record).copy(),
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    attempt()
        with self.assertRaises(UserError):
            self._as(self.plain, self.current).action_remind()
        self._as(self.plain, reading).action_transition("acknowledge")
        self.assertEqual(reading.state, "done")

    def test_owner_reads_who_has_read(self):
        owner = self._create_user("owner", "base.group_user")
        self.document.sudo().owner_id = owner
        readings = self.env["sqms.acknowledgement"]
        found = self._as(owner, readings).search(
            [("document_id", "in", (self.document | self.foreign.document_id).ids)]
        )
        self.assertEqual(found.document_id, self.document)
        for values in ({"date_due": "2030-01-01"}, {"state": "done"}):
            with self.assertRaises(UserError):
                found[0].write(values)
        mine = self._as(self.plain, readings).search([])
        self.assertEqual(mine.employee_id, self.employee)

    def test_rules_cost_the_same_with_twice_the_documents(self):
        versions = self._as(self.plain, self.env["sqms.document.version"])
        documents = self._as(self.plain, self.env["sqms.document"])
        costs = []
        for _round in range(4):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            versions.search([]).mapped("display_name")
            documents.search([]).mapped("current_edition")
            costs.append(self.cr.sql_log_count - before)
            self._later(f"More {_round}", department_ids=[Command.set(self.desk.ids)])
            self._later(f"Even more {_round}", department_ids=[Command.set(self.workshop.ids)])
        self.assertEqual(costs[2], costs[3], costs)

    def _later(self, name, **choice):
        document = self._create_document(name, audience="chosen", **choice)
        return self._approve(self._create_draft(document), date(2026, 11, 25))
