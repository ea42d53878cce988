from datetime import date

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import DocumentCase, sign_step

TRANSLATIONS = "sqms.document.translation"
CHINESE = "<p>一个工作日内退款。</p>"


@tagged("post_install", "-at_install", "sqms_alone")
class TestDocumentTranslation(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.translator = cls._create_user("translator", "sqms_base.group_sqms_manager")
        cls.document = cls._create_document()
        cls.version = cls._approve(cls._create_draft(cls.document))

    def _translate(self, version=None, lang="zh_CN", text=CHINESE, title="退款程序", user=None, **values):
        return (
            self.env[TRANSLATIONS]
            .with_user(user or self.translator)
            .create(
                {"version_id": (version or self.version).id, "lang": lang, "content": text, "title": title, **values}
            )
        )

    def _approve_translation(self, row, approver=None):
        if row.state == "draft":
            sign_step(row, "submit", row.translator_id)
        sign_step(row, "approve", approver or self.manager)
        self.env.invalidate_all()
        return row

    def _next_edition(self, text="<p>Refund within two working days.</p>", day=date(2026, 12, 7)):
        draft = self.version.browse(self.document.with_user(self.officer).action_new_edition()["res_id"])
        draft.with_user(self.officer).content = text
        return draft if day is None else self._approve(draft, day)

    def _seen(self, version, lang, user=None):
        self.env.invalidate_all()
        return version.with_user(user or self.plain).with_context(lang=lang)

    # -- what readers see and what was signed ---------------------------------------

    def test_an_approved_translation_is_read_and_voids_no_signature(self):
        digest = self.version.content_digest
        self.assertTrue(self._seen(self.version, "zh_CN").translation_note)
        self.assertFalse(self._seen(self.version, "en_US").translation_note)
        reading = self.version.sudo().acknowledgement_ids.filtered(lambda row: row.employee_id == self.employee)
        self.assertTrue(self._seen(reading, "zh_CN").translation_note)
        row = self._translate()
        self.assertEqual(self._seen(self.version, "zh_CN").content, "<p>Refund within one working day.</p>")
        self._approve_translation(row)
        mine = self._seen(self.version, "zh_CN")
        self.assertEqual((mine.content, mine.title, mine.translation_note), (CHINESE, "退款程序", False))
        self.assertEqual(self._seen(self.document, "zh_CN").current_content, CHINESE)
        mine = self._seen(reading, "zh_CN")
        self.assertEqual((mine.content, mine.title, mine.translation_note), (CHINESE, "退款程序", False))
        self.assertEqual(self._seen(self.version, "en_US").content, "<p>Refund within one working day.</p>")
        self.assertEqual(self._seen(self.version, "en_US").title, "Refund procedure")
        signatures = self.version.signature_ids
        self.assertEqual((len(signatures), set(signatures.mapped("validity"))), (2, {"valid"}))
        self.assertEqual((self.version.content_digest, self.version._digest()), (digest, digest))
        self.assertEqual(set(row.signature_ids.mapped("meaning")), {"author", "approver"})
        self.assertEqual(set(row.signature_ids.mapped("validity")), {"valid"})
        self.assertIn("translated", [entry.event for entry in self.version.sudo().sqms_history()])

    def test_what_was_not_translated_shows_as_tampering(self):
        """A text behind the back of the approval voids the edition's signatures, also under the name of English."""
        chinese = self._create_document("退款程序", source_lang="zh_CN")
        author = self.env["sqms.document.version"].with_user(self.officer).with_context(lang="zh_CN")
        version = self._approve(author.create({"document_id": chinese.id, "content": CHINESE}))
        row = self._translate(version, "en_US", "<p>Refund within one day.</p>", "Refund")
        self._approve_translation(row)
        self.assertEqual(self._seen(version, "en_US").content, "<p>Refund within one day.</p>")
        self.assertEqual(self._seen(version, "zh_CN").content, CHINESE)
        self.assertEqual(set(version.signature_ids.mapped("validity")), {"valid"})
        self.assertEqual(version._digest(), version.content_digest)
        self.env.cr.execute(
            SQL(
                "UPDATE sqms_document_version SET content = jsonb_set(content, '{en_US}', %s) WHERE id = %s",
                '"<p>No refund.</p>"',
                version.id,
            )
        )
        self.env.invalidate_all()
        self.assertEqual(set(version.signature_ids.mapped("validity")), {"void"})
        self.assertNotEqual(version._digest(), version.content_digest)

    def test_languages_of_the_author_are_signed_with_the_edition(self):
        draft = self._create_draft(self._create_document("Greeting"), "<p>Be polite.</p>")
        draft.update_field_translations("content", {"zh_CN": {"Be polite.": "要有礼貌。"}})
        version = self._approve(draft)
        self.assertEqual(self._seen(version, "zh_CN").content, "<p>要有礼貌。</p>")
        self.assertFalse(self._seen(version, "zh_CN").translation_note)
        with self.assertRaisesRegex(UserError, "has this language already"):
            self._translate(version)
        with self.assertRaisesRegex(UserError, "has this language already"):
            self._translate(version, "en_US")

    # -- falling due ---------------------------------------------------------------------

    def test_a_new_edition_makes_its_translation_due(self):
        first = self._approve_translation(self._translate())
        second = self._next_edition()
        self.assertEqual(second._texts_by_language(), {"en_US": "<p>Refund within two working days.</p>"})
        due = second.translation_ids
        self.assertEqual(
            (due.lang, due.state, due.content, due.translator_id), ("zh_CN", "draft", CHINESE, self.translator)
        )
        self.assertEqual(due.activity_ids.user_id, self.translator)
        self.assertTrue(due.is_stale)
        self.assertEqual(
            self.env[TRANSLATIONS].with_user(self.officer).search([("state", "in", ("draft", "review"))]), due
        )
        self.assertEqual(first.state, "approved", "its edition is still in force")
        with freeze_time("2026-12-08 04:00:00"):
            self.document.sudo()._bring_labels_up_to_date()
            self.assertEqual(first.state, "outdated")
            mine = self._seen(second, "zh_CN")
            self.assertEqual(mine.content, "<p>Refund within two working days.</p>")
            self.assertIn("1", mine.translation_note)
            with self.assertRaisesRegex(UserError, "the source has changed"):
                sign_step(due, "submit", self.translator)
            due.with_user(self.translator).content = "<p>两个工作日内退款。</p>"
            self.assertFalse(due.is_stale)
            self._approve_translation(due)
            self.assertEqual(self._seen(second, "zh_CN").content, "<p>两个工作日内退款。</p>")
        self.assertEqual(set(second.signature_ids.mapped("validity")), {"valid"})

    def test_nothing_changes_in_it_is_confirmed_by_a_person(self):
        self._approve_translation(self._translate())
        due = self._next_edition().translation_ids
        with self.assertRaises(AccessError):
            due.with_user(self.plain).action_confirm_source()
        due.with_user(self.translator).action_confirm_source()
        self.assertEqual((due.is_stale, due.content), (False, CHINESE))
        self._approve_translation(due)
        with self.assertRaises(UserError):
            due.with_user(self.translator).action_confirm_source()

    def test_a_source_that_went_back_to_its_author_is_not_approved_in_translation(self):
        draft = self._next_edition(day=None)
        early = self._translate(draft)
        with self.assertRaisesRegex(UserError, "still being written"):
            sign_step(early, "submit", self.translator)
        self._submit(draft)
        sign_step(early, "submit", self.translator)
        with self.assertRaisesRegex(UserError, "edition itself is not approved"):
            sign_step(early, "approve", self.manager)
        draft.with_user(self.manager).remarks = "Three days"
        draft.with_user(self.manager).action_transition("return_to_author")
        draft.with_user(self.officer).content = "<p>Refund within three working days.</p>"
        self._approve(draft, date(2026, 12, 7))
        self.assertTrue(early.is_stale)
        with self.assertRaisesRegex(UserError, "source has changed since"):
            sign_step(early, "approve", self.manager)
        self.assertEqual(len(draft.translation_ids), 1, "no second one was asked for")

    def test_withdrawal_ends_the_translations(self):
        row = self._approve_translation(self._translate())
        with freeze_time("2026-11-23 05:00:00"):
            manager = self.version.with_user(self.manager)
            manager.withdrawal_reason = "Ended"
            manager.action_transition("withdraw")
        self.assertEqual(row.state, "outdated")
        with self.assertRaisesRegex(UserError, "no longer in use"):
            self._translate(lang="fr_FR")

    # -- who ---------------------------------------------------------------------------------

    def test_whoever_translated_never_approves(self):
        row = self._translate()
        row.with_user(self.second_manager).title = "退款流程"
        sign_step(row, "submit", self.translator)
        for user, waits in ((self.manager, True), (self.translator, False), (self.second_manager, False)):
            waiting = self.env[TRANSLATIONS].with_user(user)
            self.assertEqual(row in waiting.search(waiting._morning_sign_domain()), waits, user.login)
        for writer in (self.translator, self.second_manager):
            mine = row.with_user(writer)
            self.assertNotIn("approve", [step["name"] for step in mine.transitions()])
            for path in (
                lambda own: own.action_transition("approve"),
                lambda own: own.sudo().action_transition("approve"),
                lambda own: own.write({"state": "approved"}),
                lambda own: own.write({"translator_id": self.manager.id}),
                lambda own: own.write({"contributor_ids": [Command.clear()]}),
                lambda own: own.write({"approved_at": "2026-01-01 00:00:00"}),
                lambda own: own.write({"source_digest": "x"}),
            ):
                with self.assertRaises(UserError):
                    path(mine)
                with self.assertRaises(UserError):
                    path(mine.sudo())
        for name, value in (("state", "approved"), ("approved_at", "2026-01-01 00:00:00"), ("source_digest", "x")):
            with self.assertRaises(UserError), self.cr.savepoint():
                self._translate(lang="fr_FR", **{name: value})
        hostile = self.env[TRANSLATIONS].with_user(self.officer).with_context(default_translator_id=self.manager.id)
        other = hostile.create({"version_id": self.version.id, "lang": "fr_FR", "translator_id": self.manager.id})
        self.assertEqual(other.translator_id, self.officer)
        with self.assertRaises(AccessError):
            row.with_user(self.officer).action_transition("approve")
        self._approve_translation(row)
        self.assertEqual(row.approved_by_id, self.manager)

    def test_what_is_approved_is_closed_and_kept(self):
        row = self._approve_translation(self._translate())
        for values in ({"content": "<p>别的</p>"}, {"title": "x"}, {"lang": "fr_FR"}, {"remarks": "x"}):
            for user in (self.translator, self.manager, self.env.ref("base.user_root")):
                with self.assertRaises(UserError):
                    row.with_user(user).write(values)
        with self.assertRaises(UserError):
            row.with_user(self.manager).unlink()
        with self.assertRaises(UserError):
            self.version.with_user(self.manager).with_context(lang="zh_CN").content = "<p>别的</p>"
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._translate()

    def test_hostile_text_and_foreign_companies(self):
        row = self._translate(
            text='<p onclick="a()">好</p><script>a()</script><img src="https://evil.example/a.png">', lang="fr_FR"
        )
        for word in ("script", "onclick", "evil"):
            self.assertNotIn(word, row.content)
        theirs = self._create_user("their_manager", "sqms_base.group_sqms_manager", company=self.other_company)
        self.assertFalse(self.env[TRANSLATIONS].with_user(theirs).search([("id", "=", row.id)]))
        for user in (self.plain, self.hr, self.portal):
            with self.assertRaises(AccessError):
                row.with_user(user).read(["content"])
        self.assertTrue(row.with_user(self.certifier).content)
        with self.assertRaises(AccessError):
            row.with_user(self.certifier).write({"title": "x"})
