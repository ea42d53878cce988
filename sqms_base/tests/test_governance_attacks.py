from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import DocumentCase, sign_step


@tagged("post_install", "-at_install")
class TestGovernanceAttacks(DocumentCase):
    """Ways round the rules that were found once and stay closed."""

    def _assert_not_approved_by(self, version, user):
        version.with_user(self.officer).date_effective = date(2026, 11, 23)
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            sign_step(version, "approve", user)
        self.assertIn("another person approves it", str(caught.exception))
        self.assertEqual(version.state, "review")

    def test_who_exchanges_a_file_has_written_in_it(self):
        version = self._create_draft()
        file = (
            self.env["ir.attachment"]
            .with_user(self.officer)
            .create({"name": "a.txt", "raw": b"first", "res_model": version._name, "res_id": version.id})
        )
        version.file_ids = [Command.link(file.id)]
        file.with_user(self.manager).raw = b"second"
        self.assertIn(self.manager, version.contributor_ids)
        self._submit(version)
        self._assert_not_approved_by(version, self.manager)

    def test_who_names_it_or_frees_people_from_reading_has_written_in_it(self):
        document = self._create_document()
        version = self._create_draft(document)
        document.with_user(self.manager).name = "Another title"
        self.assertIn(self.manager, version.contributor_ids)
        self._submit(version)
        self._assert_not_approved_by(version, self.manager)

        following = self._create_draft(self._create_in_force(author=self.officer).document_id)
        following.with_user(self.manager).write({"reading_decision": "none", "reading_reason": "Typing errors"})
        self._submit(following)
        self._assert_not_approved_by(following, self.manager)

    def test_no_default_publishes_a_document(self):
        documents = self.env["sqms.document"].with_user(self.officer).with_context(default_is_published=True)
        with self.assertRaises(AccessError), self.cr.savepoint():
            documents.create({"name": "Secret", "document_type": "procedure"})
        published = self._create_document()
        published.with_user(self.manager).is_published = True
        self.assertFalse(published.with_user(self.officer).copy().is_published)

    def test_a_review_that_was_asked_for_is_not_taken_back_by_the_author(self):
        version = self._create_draft()
        version.reviewer_id = self.second_manager
        self._submit(version)
        with self.assertRaises(AccessError), self.cr.savepoint():
            version.with_user(self.officer).reviewer_id = False
        sign_step(version, "confirm_review", self.second_manager)
        for reviewer in (False, self.top.id):
            with self.assertRaises(AccessError), self.cr.savepoint():
                version.with_user(self.officer).write({"reviewer_id": reviewer})

    def test_what_is_linked_later_is_not_decided_on_behalf(self):
        process = self.env["sqms.process"].with_user(self.officer).create({"code": "P1", "name": "Refunds"})
        delegation = (
            self.env["sqms.delegation"]
            .with_user(self.manager)
            .create(
                {
                    "delegate_id": self.officer.id, "date_from": "2026-11-20", "date_to": "2026-11-30",
                    "scope": "process", "process_id": process.id, "reason": "Leave",
                }
            )
        )  # fmt: skip
        delegation.action_transition("propose")
        delegation.with_user(self.officer).action_transition("accept")
        version = self._submit(self._create_draft(author=self.second_manager))
        process.document_ids = [Command.link(version.document_id.id)]
        version.with_user(self.second_manager).date_effective = date(2026, 11, 23)
        with self.assertRaises(AccessError), self.cr.savepoint():
            sign_step(version, "approve", self.officer)
        self.assertEqual(version.state, "review")

    def test_a_process_in_force_keeps_who_is_accountable(self):
        process = (
            self.env["sqms.process"]
            .with_user(self.manager)
            .create({"code": "P2", "name": "Repairs", "purpose": "Warm homes", "owner_id": self.manager.id})
        )
        line = self.env["sqms.responsibility"].create(
            {
                "process_id": process.id, "role": "accountable", "employee_id": self.employee.id,
                "date_from": "2026-01-01",
            }
        )  # fmt: skip
        process.action_transition("put_in_force")
        with self.assertRaises(ValidationError), self.cr.savepoint():
            line.with_user(self.officer).unlink()
        self.assertTrue(line.exists())

    def test_files_of_an_evaluation_are_checked_and_closed_to_the_world(self):
        standard = self.env["sqms.standard"].create({"code": "OWN", "name": "Own", "company_id": self.company.id})
        clause = self.env["sqms.clause"].create({"standard_id": standard.id, "number": "1", "name": "One"})
        obligation = self.env["sqms.obligation"].create({"clause_id": clause.id, "company_id": self.company.id})
        attachments = self.env["ir.attachment"].with_user(self.officer)
        evaluations = self.env["sqms.obligation.evaluation"].with_user(self.officer)
        values = {"obligation_id": obligation.id, "result": "compliant", "basis": "Seen on site"}
        hostile = attachments.create({"name": "x.svg", "raw": b"<svg xmlns='http://www.w3.org/2000/svg'/>"})
        with self.assertRaises(UserError), self.cr.savepoint():
            evaluations.create({**values, "attachment_ids": [Command.set(hostile.ids)]})
        note = attachments.create({"name": "note.txt", "raw": b"seen", "access_token": "known"})
        evaluation = evaluations.create({**values, "attachment_ids": [Command.set(note.ids)]})
        kept = evaluation.sudo().attachment_ids
        self.assertEqual((kept.res_model, kept.public, kept.access_token), (evaluation._name, False, False))
