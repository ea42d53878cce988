from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import NOON
from .common_quiz import QuizCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestReadingPaper(QuizCase):
    """People without a login sign on paper, and an officer records it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain_version = cls._create_in_force(document=cls._create_document("House rules"))
        cls.scan = (
            cls.env["ir.attachment"].with_user(cls.officer).create({"name": "list.pdf", "raw": b"%PDF-1.4 signed"})
        )

    def _record(self, user=None, version=None, **values):
        values = {
            "version_id": (version or self.plain_version).id,
            "date_signed": "2026-11-23",
            "employee_ids": [Command.set(self.colleague.ids)],
            "file_ids": [Command.set(self.scan.ids)],
            **values,
        }
        return self.env["sqms.reading.paper"].with_user(user or self.officer).create(values).action_record()

    def _reading(self, person, version=None):
        self.env.invalidate_all()
        return (
            (version or self.plain_version).sudo().acknowledgement_ids.filtered(lambda row: row.employee_id == person)
        )

    def test_recorded_under_the_name_of_the_officer(self):
        wizard = self.env["sqms.reading.paper"].with_user(self.officer).new({"version_id": self.plain_version.id})
        self.assertEqual(wizard.candidate_ids._origin, self.colleague)
        self._record()
        reading = self._reading(self.colleague)
        self.assertEqual((reading.state, reading.acknowledged_at), ("done", NOON))
        paper = reading.paper_id
        self.assertEqual((paper.recorded_by_id, paper.employee_ids), (self.officer, self.colleague))
        self.assertEqual(paper.file_ids.raw, b"%PDF-1.4 signed")
        entry = reading.sqms_history().filtered(lambda row: row.event == "paper")
        self.assertEqual(entry.sudo().user_id, self.officer.id)
        self.assertIn("recorded by sqms_officer", str(entry.with_user(self.certifier).changes))
        self.assertEqual(self.plain_version.with_user(self.officer).read_label, "1 of 2")
        for user in (self.officer, self.certifier, self.top):
            self.assertTrue(paper.file_ids.with_user(user).read(["name", "raw"]))
        for user in (self.plain, self.hr, self.portal):
            with self.assertRaises(AccessError):
                paper.with_user(user).read(["date_signed"])
            with self.assertRaises(AccessError):
                paper.file_ids.with_user(user).read(["raw"])
        for user in (self.officer, self.manager, self.certifier):
            for attempt in (
                lambda own: paper.with_user(own).write({"date_signed": "2026-11-20"}),
                lambda own: paper.with_user(own).unlink(),
                lambda own: paper.file_ids.with_user(own).unlink(),
                lambda own: paper.file_ids.with_user(own).write({"raw": b"other"}),
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    attempt(user)
        with self.assertRaises(UserError):
            paper.sudo().unlink()

    def test_never_for_who_confirms_himself(self):
        own = self._create_employee("Officer", user_id=self.officer.id)
        with self.assertRaisesRegex(UserError, "for himself"):
            self._record(employee_ids=[Command.set(own.ids)])
        with self.assertRaisesRegex(UserError, "confirms for himself"):
            self._record(employee_ids=[Command.set(self.employee.ids)])
        with self.assertRaisesRegex(UserError, "for himself"):
            self._record(employee_ids=[Command.set((own | self.colleague).ids)])
        self.assertEqual(self._reading(self.colleague).state, "open")

    def test_by_nobody_else_and_by_no_other_way(self):
        for user in (self.plain, self.hr, self.top, self.certifier, self.portal):
            with self.assertRaises(UserError), self.cr.savepoint():
                self._record(user)
        reading = self._reading(self.colleague)
        for user in (self.plain, self.officer, self.manager, self.env.ref("base.user_admin")):
            with self.assertRaises(UserError):
                reading.with_user(user).sudo(False).action_transition("confirm_on_paper")
            with self.assertRaises(AccessError):
                self.env["sqms.acknowledgement.paper"].with_user(user).create({"version_id": self.plain_version.id})
        with self.assertRaisesRegex(UserError, "no signed list"):
            reading.sudo().action_transition("confirm_on_paper")

    def test_facts_are_checked(self):
        with freeze_time(NOON + timedelta(days=2)):
            for values, sentence in (
                ({"date_signed": "2026-11-26"}, "future"),
                ({"date_signed": "2026-11-22"}, "not in force"),
                ({"file_ids": [Command.clear()]}, "scanned list"),
                ({"employee_ids": [Command.set(self._create_employee("Idle", active=False).ids)]}, "not asked"),
            ):
                with self.assertRaisesRegex(UserError, sentence), self.cr.savepoint():
                    self._record(**values)
            self._record(date_signed="2026-11-24")
            with self.assertRaisesRegex(UserError, "have read it already"):
                self._record(date_signed="2026-11-24")

    def test_a_quiz_is_passed_on_paper_as_well(self):
        self.document.sudo().employee_ids = [Command.link(self.colleague.id)]
        with self.assertRaisesRegex(UserError, "quiz"):
            self._record(version=self.version)
        self._record(version=self.version, is_quiz_passed=True)
        reading = self._reading(self.colleague, self.version)
        self.assertEqual((reading.state, reading.quiz_passed, reading.quiz_attempt), ("done", True, 0))

    def test_an_attachment_of_others_is_not_taken(self):
        secret = self.env["ir.attachment"].create({"name": "pay.txt", "raw": b"pay", "res_model": "hr.employee",
                                                   "res_id": self.employee.id})  # fmt: skip
        with self.assertRaises(AccessError):
            self._record(file_ids=[Command.set(secret.ids)])
