from datetime import date

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DocumentCase, sign_step


@tagged("post_install", "-at_install")
class TestDocument(DocumentCase):
    # -- numbering -------------------------------------------------------------

    def test_number_is_drawn_by_type_company_and_year(self):
        policies = [self._create_document(document_type="policy").number for _ in range(2)]
        self.assertEqual(policies, ["POL/2026/0001", "POL/2026/0002"])
        self.assertEqual(self._create_document(document_type="procedure").number, "PRO/2026/0001")
        elsewhere = self.env["sqms.document"].create(
            {"name": "Theirs", "document_type": "policy", "company_id": self.other_company.id}
        )
        self.assertEqual(elsewhere.number, "POL/2026/0001")

    def test_year_of_the_number_is_the_local_one(self):
        with freeze_time("2026-12-31 15:59:59"):
            self.assertEqual(self._create_document().number, "PRO/2026/0001")
        with freeze_time("2026-12-31 16:00:00"):
            self.assertEqual(self._create_document().number, "PRO/2027/0001")

    def test_own_number_is_kept_and_unique_in_the_company(self):
        self.assertEqual(self._create_document(number="P-014").number, "P-014")
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._create_document(number="P-014")

    def test_company_without_sequences_gets_them_when_it_needs_them(self):
        self.env["ir.sequence"].search([("company_id", "=", self.company.id)]).unlink()
        self.assertEqual(self._create_document().number, "PRO/2026/0001")

    # -- writing ---------------------------------------------------------------

    def test_one_edition_in_preparation_at_a_time(self):
        draft = self._create_draft()
        with self.assertRaisesRegex(UserError, "already in preparation"):
            draft.document_id.action_new_edition()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._create_draft(draft.document_id)
        self._submit(draft)
        with self.assertRaisesRegex(UserError, "already in preparation"):
            draft.document_id.action_new_edition()

    def test_editions_are_counted_by_the_system(self):
        document = self._create_document()
        first = self._approve(self._create_draft(document, edition=9))
        action = document.with_user(self.officer).action_new_edition()
        second = self.env["sqms.document.version"].browse(action["res_id"])
        self.assertEqual((first.edition, second.edition, second.replaces_edition), (1, 2, 1))
        with self.assertRaises(UserError):
            second.with_user(self.officer).edition = 7

    def test_new_edition_takes_over_the_text_in_every_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        draft = self._create_draft(text="<p>Be polite.</p>")
        draft.update_field_translations("content", {"zh_CN": {"Be polite.": "要有礼貌。"}})
        self._approve(draft)
        action = draft.document_id.with_user(self.officer).action_new_edition()
        following = self.env["sqms.document.version"].browse(action["res_id"])
        self.assertEqual(following.state, "draft")
        self.assertEqual(following.with_context(lang="zh_CN").content, "<p>要有礼貌。</p>")
        self.assertFalse(following.content_digest or following.approved_at or following.effective_from)

    def test_the_author_is_who_writes_whatever_he_says(self):
        draft = self._create_draft(author_id=self.manager.id)
        self.assertEqual(draft.author_id, self.officer)
        hostile = (
            self.env["sqms.document.version"].with_user(self.officer).with_context(default_author_id=self.manager.id)
        )
        draft = hostile.create({"document_id": self._create_document().id, "content": "<p>a</p>"})
        self.assertEqual(draft.author_id, self.officer)
        with self.assertRaises(UserError):
            draft.author_id = self.manager

    def test_hostile_text_becomes_harmless(self):
        draft = self._create_draft(
            text='<p style="position:fixed;color:red" class="x" onclick="a()">Hello</p>'
            '<script>alert(1)</script><img src="https://example.com/pixel.png">'
        )
        for word in ("script", "onclick", "position", "class=", "example.com"):
            self.assertNotIn(word, draft.content)
        self.assertIn("Hello", draft.content)

    # -- reviewing and approving -------------------------------------------------

    def test_whole_way(self):
        draft = self._create_draft(reviewer_id=self.second_manager.id, approver_id=self.manager.id)
        self._submit(draft)
        self.assertEqual(draft.state, "review")
        self.assertEqual(draft.activity_ids.user_id, self.second_manager)
        draft.with_user(self.officer).date_effective = date(2026, 11, 23)
        with self.assertRaisesRegex(UserError, "review of .* is missing"):
            draft.with_user(self.manager).action_transition("approve")
        sign_step(draft, "confirm_review", self.second_manager)
        self.assertEqual(draft.activity_ids.user_id, self.manager)
        sign_step(draft, "approve", self.manager)
        self.assertEqual((draft.state, draft.approved_by_id), ("effective", self.manager))
        self.assertFalse(draft.activity_ids)
        self.assertEqual(draft.content_digest, draft._digest())

    def test_author_never_approves_his_own_edition(self):
        for author in (self.manager, self.top):
            author.write({"group_ids": [Command.link(self.env.ref("sqms_base.group_sqms_manager").id)]})
            draft = self._create_draft(self._create_document(author=author), author=author)
            self._submit(draft)
            draft.with_user(author).date_effective = date(2026, 11, 23)
            self.assertNotIn("approve", [step["name"] for step in draft.with_user(author).transitions()])
            with self.assertRaisesRegex(UserError, "another person approves it"):
                draft.with_user(author).action_transition("approve")
            with self.assertRaisesRegex(UserError, "another person approves it"):
                draft.with_user(author).sudo().action_transition("approve")
            for path in (
                lambda own: own.write({"state": "approved"}),
                lambda own: own.write({"approved_by_id": self.second_manager.id}),
                lambda own: own.write({"author_id": self.second_manager.id}),
                lambda own: own.write({"contributor_ids": [Command.clear()]}),
                lambda own: own.write({"effective_from": "2026-11-23 00:00:00"}),
                lambda own: own.write({"effective_to": False}),
                lambda own: own.write({"approved_at": "2026-11-23 00:00:00"}),
            ):
                with self.assertRaises(UserError):
                    path(draft.with_user(author))
                with self.assertRaises(UserError):
                    path(draft.with_user(author).sudo())
            self.assertEqual(draft.state, "review")

    def test_who_wrote_in_it_is_an_author_too(self):
        draft = self._create_draft()
        draft.with_user(self.manager).content = "<p>Refund within two working days.</p>"
        self._submit(draft)
        draft.with_user(self.officer).date_effective = date(2026, 11, 23)
        with self.assertRaisesRegex(UserError, "another person approves it"):
            draft.with_user(self.manager).action_transition("approve")
        sign_step(draft, "approve", self.second_manager)
        self.assertEqual(draft.state, "effective")

    def test_reviewer_reviews_himself_and_not_his_own_words(self):
        draft = self._submit(self._create_draft(reviewer_id=self.officer.id))
        with self.assertRaisesRegex(UserError, "another person reviews it"):
            draft.with_user(self.officer).action_transition("confirm_review")
        draft.with_user(self.officer).reviewer_id = self.manager
        with self.assertRaisesRegex(UserError, "is asked for"):
            draft.with_user(self.second_manager).action_transition("confirm_review")
        sign_step(draft, "confirm_review", self.manager)
        self.assertTrue(draft.reviewed_at)

    def test_named_approver_and_nobody_else(self):
        draft = self._submit(self._create_draft(approver_id=self.second_manager.id))
        draft.with_user(self.officer).date_effective = date(2026, 11, 23)
        with self.assertRaisesRegex(UserError, "approval of .* is asked for"):
            draft.with_user(self.manager).action_transition("approve")

    def test_policy_is_approved_at_the_top(self):
        policy = self._create_document("Quality policy", document_type="policy")
        draft = self._submit(self._create_draft(policy))
        draft.with_user(self.officer).date_effective = date(2026, 11, 23)
        with self.assertRaisesRegex(UserError, "top management"):
            draft.with_user(self.manager).action_transition("approve")
        sign_step(draft, "approve", self.top)
        self.assertEqual(draft.state, "effective")

    def test_officer_does_not_approve(self):
        draft = self._submit(self._create_draft(author=self.manager))
        with self.assertRaises(AccessError):
            draft.with_user(self.officer).action_transition("approve")

    def test_nothing_to_read_is_not_sent_for_review(self):
        for text in (False, "", "<p><br></p>"):
            draft = self._create_draft(text=text)
            with self.assertRaisesRegex(UserError, "nothing to read"):
                self._submit(draft)

    def test_remarks_bring_it_back_to_the_author(self):
        draft = self._submit(self._create_draft())
        with self.assertRaisesRegex(UserError, "Remarks"):
            draft.with_user(self.manager).action_transition("return_to_author")
        draft.with_user(self.manager).remarks = "5.1 is not possible on the last day of a month"
        draft.with_user(self.manager).action_transition("return_to_author")
        self.assertEqual((draft.state, draft.remarks), ("draft", False))
        self.assertIn("5.1 is not possible", draft.message_ids[0].body)

    # -- what approval fixes -----------------------------------------------------

    def test_text_is_closed_from_the_review_on(self):
        draft = self._submit(self._create_draft())
        with self.assertRaises(AccessError):
            draft.with_user(self.officer).content = "<p>Other</p>"
        self._approve(draft)
        for values in ({"content": "<p>Other</p>"}, {"change_summary": "x"}, {"date_effective": "2027-01-01"},
                       {"file_ids": [Command.clear()]}, {"reviewer_id": self.manager.id}):  # fmt: skip
            for user in (self.officer, self.second_manager, self.top, self.env.ref("base.user_root")):
                with self.assertRaises(AccessError):
                    draft.with_user(user).write(values)
        with self.assertRaises(AccessError):
            draft.with_user(self.manager).update_field_translations("content", {"en_US": {"Refund": "No refund"}})
        with self.assertRaises(AccessError):
            draft.unlink()
        self.assertEqual(draft.content_digest, draft._digest())

    def test_title_stays_as_it_was_approved(self):
        version = self._create_in_force()
        version.document_id.with_user(self.officer).name = "Refunds and vouchers"
        self.env.invalidate_all()
        self.assertEqual(version.title, "Refund procedure")
        self.assertEqual(version.content_digest, version._digest())

    def test_number_and_type_stay_once_an_edition_was_approved(self):
        document = self._create_in_force().document_id
        for values in ({"number": "X-1"}, {"document_type": "policy"}, {"company_id": self.other_company.id}):
            with self.assertRaisesRegex(UserError, "stays"):
                document.write(values)

    def test_approved_document_is_not_deleted(self):
        document = self._create_in_force().document_id
        with self.assertRaisesRegex(UserError, "is kept"):
            document.with_user(self.manager).unlink()
        with self.assertRaisesRegex(UserError, "is kept"):
            document.with_user(self.manager).with_context(_force_unlink=True).unlink()
        draft = self._create_draft()
        draft.document_id.with_user(self.manager).unlink()
        self.assertFalse(draft.exists())

    def test_a_copy_of_a_document_is_a_new_document(self):
        copied = self._create_in_force().document_id.with_user(self.officer).copy()
        self.assertEqual((copied.number, copied.version_ids.ids), ("PRO/2026/0002", []))

    def test_officer_does_not_publish(self):
        document = self._create_document()
        with self.assertRaises(AccessError):
            document.with_user(self.officer).is_published = True
        with self.assertRaises(AccessError):
            self._create_document(is_published=True)
        document.with_user(self.manager).is_published = True
        self.assertTrue(document.is_published)
