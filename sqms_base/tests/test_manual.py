import base64
import hashlib
import io
import re
import unicodedata
from datetime import date

from freezegun import freeze_time
from lxml import html

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from .common import DocumentCase, sign_step

TEXT = "<h2>Scope</h2><p>All homes in Shanghai</p><h2>Context</h2><p>People who are cold</p>"


class ManualCase(DocumentCase):
    """A company with a manual, a policy and a procedure in force, and one procedure that has been replaced."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manual = cls._create_in_force_of("Our quality manual", "manual", TEXT, approver=cls.top)
        cls.policy = cls._create_in_force_of("Our policy", "policy", "<h3>Duty</h3><p>Customers first</p>", cls.top)
        cls.procedure = cls._create_in_force_of("Refund procedure", "procedure", "<p>One day</p>")
        cls.draft = cls._create_draft(cls._create_document("Draft procedure"), "<p>Later</p>")
        cls.process = cls.env["sqms.process"].create(
            {
                "code": "S1", "name": "Repair", "company_id": cls.company.id, "owner_id": cls.officer.id,
                "purpose": "Warm homes", "inputs": "Call\nParts", "outputs": "Warm home",
                "document_ids": [Command.set([cls.procedure.document_id.id, cls.draft.document_id.id])],
            }
        )  # fmt: skip

    @classmethod
    def _create_in_force_of(cls, name, document_type, text, approver=None, day=date(2026, 11, 23), **values):
        document = cls._create_document(name, document_type=document_type, **values)
        return cls._approve(cls._create_draft(document, text), day=day, approver=approver)

    def _manual_for(self, user, **context):
        self.env.invalidate_all()
        manuals = self.env["sqms.manual"].with_user(user).with_company(self.company)
        return manuals.with_context(lang="en_US", **context)._manual()

    def _page_for(self, user):
        """The chapters as text: `{key: words}`."""
        manual = self._manual_for(user)
        return {section["key"]: self._words(section) for section in manual["sections"]}

    def _words(self, section):
        source = self.env["ir.qweb"]._render(section["template"], {"values": section["values"], "on_screen": True})
        return " ".join(html.fromstring(f"<div>{source}</div>").text_content().split())


@tagged("post_install", "-at_install")
class TestManual(ManualCase):
    def test_own_words_make_scope_and_context(self):
        page = self._page_for(self.officer)
        self.assertIn("All homes in Shanghai", page["scope"])
        self.assertNotIn("People who are cold", page["scope"])
        self.assertIn("People who are cold", page["context"])

    def test_edition_in_force_names_the_manual(self):
        manual = self._manual_for(self.plain)
        self.assertEqual((manual["edition"], manual["in_force"]), (self.manual, True))
        self.assertEqual(manual["title"], "Our quality manual")
        self.assertIn("Asia/Shanghai", manual["as_of"])

    def test_documents_in_force_are_listed_and_no_others(self):
        replaced = self.procedure
        with freeze_time("2026-11-24 04:00:00"):
            action = replaced.document_id.with_user(self.officer).action_new_edition()
            new = self._approve(self.env["sqms.document.version"].browse(action["res_id"]), date(2026, 11, 24))
            gone = self._create_in_force_of("Old rule", "instruction", "<p>x</p>", day=date(2026, 11, 24))
        with freeze_time("2026-11-25 04:00:00"):
            gone.with_user(self.manager).withdrawal_reason = "No longer done"
            gone.with_user(self.manager).action_transition("withdraw")
        with freeze_time("2026-11-26 04:00:00"):
            for user in (self.officer, self.plain):
                rows = [
                    row
                    for section in self._manual_for(user)["sections"] if section["key"] == "documents"
                    for group in section["values"]["groups"] for row in group["rows"]
                ]  # fmt: skip
                shown = {(row["number"], row["edition"]) for row in rows}
                self.assertIn((new.number, 2), shown)
                self.assertNotIn((replaced.number, 1), shown)
                words = self._page_for(user)["documents"]
                self.assertIn("Our policy", words)
                for absent in ("Old rule", "Draft procedure"):
                    self.assertNotIn(absent, words)

    def test_processes_name_only_documents_in_force(self):
        words = self._page_for(self.plain)["processes"]
        for part in ("S1", "Repair", self.officer.name, "Parts", "Warm home", "Refund procedure"):
            self.assertIn(part, words)
        self.assertNotIn("Draft procedure", words)

    def test_clause_matrix_is_for_those_who_see_evidence(self):
        clause = self.env.ref("sqms_base.sqms_clause_iso9001_7_5_3")
        self.procedure.document_id.clause_ids = clause
        for user in (self.officer, self.manager, self.top, self.certifier):
            words = self._page_for(user)["clauses"]
            self.assertIn(clause.number, words)
            self.assertIn(self.procedure.number, words)
        for user in (self.plain, self.hr):
            self.assertNotIn("clauses", self._page_for(user))
            self.assertFalse(self._manual_for(user)["is_full"])

    def test_exclusions_come_with_their_reasons(self):
        clause = self.env.ref("sqms_base.sqms_clause_iso9001_8_3")
        self.assertIn("No requirement", self._page_for(self.plain)["scope"])
        obligation = self.env["sqms.obligation"].search(
            [("clause_id", "=", clause.id), ("company_id", "=", self.company.id)]
        ) or self.env["sqms.obligation"].create({"clause_id": clause.id, "company_id": self.company.id})
        obligation.write({"applicability": "excluded", "exclusion_reason": "We design nothing"})
        words = self._page_for(self.plain)["scope"]
        self.assertIn(clause.display_name, words)
        self.assertEqual(words.count("We design nothing"), 1)

    def test_other_company_sees_nothing_of_it(self):
        stranger = self._create_user("stranger", "sqms_base.group_sqms_manager", company=self.other_company)
        self.env.invalidate_all()
        manuals = self.env["sqms.manual"].with_user(stranger).with_company(self.other_company)
        manual = manuals._manual()
        self.assertFalse(manual["edition"])
        page = " ".join(self._words(section) for section in manual["sections"])
        for secret in ("Refund procedure", "Our policy", "Repair", "All homes"):
            self.assertNotIn(secret, page)

    def test_without_approval_it_says_so(self):
        self.manual.with_user(self.manager).withdrawal_reason = "To be written anew"
        with freeze_time("2026-11-24 04:00:00"):
            self.manual.with_user(self.manager).action_transition("withdraw")
            for user in (self.plain, self.officer):
                self.assertFalse(self._manual_for(user)["in_force"])
            with self.assertRaises(UserError):
                self.env["sqms.manual.copy"].with_user(self.manager).with_company(self.company)._freeze()

    def test_manual_for_others_is_closed_to_the_rest(self):
        self.manual.document_id.write({"audience": "chosen", "department_ids": [Command.set(self.workshop.ids)]})
        self.env.flush_all()
        own = self.manual.document_id.with_user(self.plain)
        if own.search_count([("id", "=", own.id)]):
            self.assertTrue(self._manual_for(self.plain)["in_force"])
        else:
            with self.assertRaises(AccessError):
                self._manual_for(self.plain)

    def test_queries_do_not_grow_with_what_is_in_it(self):
        clauses = self.env["sqms.clause"].search([("standard_id.code", "=", "ISO 9001:2015")])

        def grow(count):
            numbers = range(count)
            for number in numbers:
                self._create_in_force_of(f"Rule {count} {number}", "procedure", "<p>a</p>")
            documents = self.env["sqms.document"].search([("company_id", "=", self.company.id)])
            self.env["sqms.process"].create(
                [
                    {
                        "code": f"P{count}-{number}", "name": "P", "company_id": self.company.id,
                        "document_ids": [Command.set(documents.ids)],
                        "clause_ids": [Command.set(clauses[: 3 * count].ids)],
                    }
                    for number in numbers
                ]
            )  # fmt: skip
            documents[:count].clause_ids = clauses[:count]
            self.env.flush_all()

        def queries():
            manual = self._manual_for(self.certifier)  # caches of rules and words
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            manual = self.env["sqms.manual"].with_user(self.certifier).with_company(self.company)._manual()
            for section in manual["sections"]:
                self._words(section)
            return self.cr.sql_log_count - before

        grow(2)
        few = queries()
        grow(6)
        many = queries()
        self.assertLessEqual(many, few)

    # -- on paper ----------------------------------------------------------------

    def _pdf_for(self, user, lang="en_US"):
        self.env.invalidate_all()
        manuals = self.env["sqms.manual"].with_user(user).with_company(self.company).with_context(lang=lang)
        content, pages, manual = manuals._manual_pdf()
        texts = [_squeeze(page.extract_text()) for page in PdfFileReader(io.BytesIO(content)).pages]
        return texts, pages, manual

    def test_page_numbers_of_the_contents_are_true(self):
        for number in range(40):  # the register fills more than a page
            self.env["hr.department"].create({"name": f"Team {number}", "company_id": self.company.id})
        texts, pages, manual = self._pdf_for(self.certifier)
        contents = next(text for text in texts if "Contents" in text)
        self.assertGreater(max(pages.values()), min(pages.values()))
        self.assertEqual(sorted(pages), sorted(section["key"] for section in manual["sections"]))
        for section in manual["sections"]:
            heading = _squeeze(f"{section['number']} {section['title']}")
            page = pages[section["key"]]
            self.assertIn(heading, texts[page - 1])
            self.assertIn(_squeeze(f"{section['title']} {page}"), contents)
        everything = "".join(texts)
        self.assertNotIn("@@", everything)
        self.assertNotIn("NOTAPPROVED", everything)
        for part in ("Our quality manual", self.manual.number, "edition 1", "Refund procedure", "Customers first"):
            self.assertIn(_squeeze(part), everything)
        self.assertNotIn(_squeeze("Draft procedure"), everything)
        for text in texts:
            self.assertIn(_squeeze(manual["as_of"]), text)

    def test_print_in_chinese_of_an_unapproved_manual(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.manual.with_user(self.manager).withdrawal_reason = "x"
        with freeze_time("2026-11-24 04:00:00"):
            self.manual.with_user(self.manager).action_transition("withdraw")
            self.policy.document_id.with_context(lang="zh_CN").name = "质量方针"
            texts, pages, manual = self._pdf_for(self.plain, "zh_CN")
        self.assertFalse(manual["in_force"])
        self.assertTrue(pages)
        mark = _squeeze(self.env["sqms.manual"].with_context(lang="zh_CN")._manual_stamp(manual)["watermark"])
        self.assertTrue(mark)
        for text in texts:
            self.assertIn(mark, text)

    # -- frozen copies -----------------------------------------------------------

    def test_frozen_copy_stays_as_it_was(self):
        copy = self.env["sqms.manual.copy"].with_user(self.manager).with_company(self.company)._freeze()
        content = base64.b64decode(copy.sudo().file)
        self.assertEqual(copy.digest, f"sha256:{hashlib.sha256(content).hexdigest()}")
        self.assertEqual((copy.version_id, copy.frozen_by_id, copy.is_intact), (self.manual, self.manager, True))
        self.assertTrue(content.startswith(b"%PDF"))
        self.assertEqual(copy.sudo().sqms_history()[0].res_id, copy.id)
        self.assertEqual(self.manual.with_user(self.certifier).manual_copy_count, 1)
        self.assertTrue(copy.with_user(self.certifier).file)
        for user in (self.officer, self.manager, self.top, self.certifier):
            with self.assertRaises(UserError):
                copy.with_user(user).write({"digest": "x"})
            with self.assertRaises(UserError):
                copy.with_user(user).unlink()
        with self.assertRaises(UserError):
            copy.sudo().write({"file": base64.b64encode(b"%PDF-other")})
        with self.assertRaises(UserError):
            copy.sudo().with_context(_force_unlink=True).unlink()
        for user in (self.plain, self.hr):
            with self.assertRaises(AccessError):
                copy.with_user(user).read(["file"])
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", "sqms.manual.copy"), ("res_field", "=", "file"), ("res_id", "=", copy.id)]
        )
        with self.assertRaises(AccessError):
            attachment.with_user(self.manager).write({"raw": b"other"})
        with self.assertRaises(AccessError):
            attachment.with_user(self.plain).read(["raw"])
        attachment.write({"raw": b"other"})  # with all rights: the digest tells
        self.env.invalidate_all()
        self.assertFalse(copy.is_intact)

    def test_only_managers_and_top_freeze_and_nobody_by_hand(self):
        for user in (self.plain, self.hr, self.officer, self.certifier):
            with self.assertRaises(AccessError):
                self.env["sqms.manual.copy"].with_user(user).with_company(self.company)._freeze()
        values = {
            "version_id": self.manual.id, "as_of": "2026-11-01", "lang": "en_US", "frozen_by_id": self.manager.id,
            "file": base64.b64encode(b"x"), "file_name": "x.pdf", "digest": "sha256:0",
        }  # fmt: skip
        for user in (self.officer, self.manager, self.top):
            with self.assertRaises(AccessError):
                self.env["sqms.manual.copy"].with_user(user).create(values)

    # -- the first draft -----------------------------------------------------------

    def test_first_draft_is_there_in_both_languages(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        officer = self._create_user("elsewhere", "sqms_base.group_sqms_officer", company=self.other_company)
        manuals = self.env["sqms.manual"].with_user(officer).with_company(self.other_company)
        with self.assertRaises(AccessError):
            self.env["sqms.manual"].with_user(self.plain).action_create_document()
        action = manuals.action_create_document()
        document = self.env["sqms.document"].browse(action["res_id"])
        self.assertEqual((document.document_type, document.company_id), ("manual", self.other_company))
        self.assertEqual(manuals.action_create_document()["res_id"], document.id)
        self.assertIn(self.other_company.name, document.next_version_id.with_context(lang="en_US").content)
        chinese = document.with_context(lang="zh_CN")
        self.assertEqual(chinese.name, "质量手册")
        self.assertIn("范围", chinese.next_version_id.content)
        self.assertEqual(document.next_version_id.state, "draft")
        manual = manuals.with_context(lang="en_US")._manual()
        self.assertEqual(manual["edition"], document.next_version_id)
        sign_step(document.next_version_id, "submit", officer)


def _squeeze(words):
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", words or ""))
