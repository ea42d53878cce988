from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import sign_step

ZONE = "Asia/Shanghai"


class WebCase(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, lang="en_US"))
        cls.company = cls.env.ref("base.main_company")
        cls.officer = cls._create_user("officer", "sqms_base.group_sqms_officer")
        cls.manager = cls._create_user("manager", "sqms_base.group_sqms_manager")
        cls.top = cls._create_user("top", "sqms_base.group_sqms_top")
        cls.plain = cls._create_user("plain", "base.group_user")
        cls.env["hr.employee"].create({"name": "Plain", "user_id": cls.plain.id, "company_id": cls.company.id})

    @classmethod
    def _create_user(cls, login, groups):
        return new_test_user(
            cls.env, login=f"sqms_{login}", groups=groups, tz=ZONE, lang="en_US",
            company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
        )  # fmt: skip

    @classmethod
    def _create_edition(cls, title, text, document_type="procedure", approve=True, **values):
        document = cls.env["sqms.document"].create(
            {"name": title, "document_type": document_type, "tz": "UTC", "company_id": cls.company.id, **values}
        )
        edition = (
            cls.env["sqms.document.version"]
            .with_user(cls.officer)
            .create({"document_id": document.id, "content": f"<p>{text}</p>"})
        )
        sign_step(edition, "submit", cls.officer)
        if approve:
            edition.date_effective = fields.Date.today()
            sign_step(edition, "approve", cls.top)
        cls.env.flush_all()
        return edition


@tagged("post_install", "-at_install")
class TestQualityPages(WebCase):
    def test_public_page_shows_what_is_published_and_in_force(self):
        self._create_edition("Our policy", "Customers first.", "policy", is_published=True)
        self._create_edition("Inner policy", "For ourselves.", "policy")
        self._create_edition("Coming policy", "Not approved yet.", "policy", approve=False, is_published=True)
        page = self.url_open("/quality/policy")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Customers first.", page.text)
        self.assertIn("Our policy", page.text)
        self.assertNotIn("For ourselves.", page.text)
        self.assertNotIn("Not approved yet.", page.text)

    def test_public_page_without_a_policy_says_so(self):
        self.env["sqms.document"].search([]).write({"is_published": False})
        page = self.url_open("/quality/policy")
        self.assertEqual(page.status_code, 200)
        self.assertIn("has not been published yet", page.text)

    def test_withdrawn_policy_is_gone_from_the_page(self):
        edition = self._create_edition("Our policy", "Customers first.", "policy", is_published=True)
        with freeze_time(edition.effective_from + timedelta(seconds=5)):
            edition.with_user(self.top).withdrawal_reason = "Replaced by the group's"
            edition.with_user(self.top).action_transition("withdraw")
            self.env.flush_all()
            self.assertNotIn("Customers first.", self.url_open("/quality/policy").text)

    def test_page_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        edition = self._create_edition("Our policy", "Customers first.", "policy", approve=False, is_published=True)
        edition.document_id.with_context(lang="zh_CN").name = "质量方针"
        edition.with_user(self.top).remarks = "Chinese is missing"
        edition.with_user(self.top).action_transition("return_to_author")
        edition.update_field_translations("content", {"zh_CN": {"Customers first.": "客户第一。"}})
        sign_step(edition, "submit", self.officer)
        edition.with_user(self.officer).date_effective = fields.Date.today()
        sign_step(edition, "approve", self.top)
        self.env.flush_all()
        page = self.url_open("/zh_CN/quality/policy")
        self.assertIn("客户第一。", page.text)
        self.assertIn("质量方针", page.text)

    def test_files_of_a_published_policy_are_not_public(self):
        file = self.env["ir.attachment"].with_user(self.officer).create({"name": "a.txt", "raw": b"inner words"})
        edition = self._create_edition("Our policy", "Customers first.", "policy", approve=False, is_published=True)
        self.assertNotIn("a.txt", self.url_open("/quality/policy").text)
        edition.with_user(self.top).remarks = "Attach the form"
        edition.with_user(self.top).action_transition("return_to_author")
        edition.with_user(self.officer).file_ids = file
        self.env.flush_all()
        self.assertNotIn(b"inner words", self.url_open(f"/web/content/{edition.file_ids.id}").content)

    def test_link_in_a_mail_leads_to_the_reading_of_its_reader(self):
        edition = self._create_edition("Refund procedure", "Refund within one working day.")
        link = f"/quality/document/{edition.document_id.id}"
        self.assertIn("/web/login", self.url_open(link).url)
        self.authenticate("sqms_plain", "sqms_plain")
        reading = edition.acknowledgement_ids.filtered(lambda row: row.employee_id.user_id == self.plain)
        answer = self.url_open(link, allow_redirects=False)
        self.assertTrue(answer.headers["Location"].endswith(f"/odoo/sqms-readings/{reading.id}"))
        self.authenticate("sqms_officer", "sqms_officer")
        answer = self.url_open(link, allow_redirects=False)
        self.assertTrue(answer.headers["Location"].endswith(f"/odoo/sqms-documents/{edition.document_id.id}"))
        self.authenticate("sqms_plain", "sqms_plain")
        hidden = self._create_edition("Not yet", "Nothing.", approve=False)
        for missing in (hidden.document_id.id, 999999999):
            self.assertEqual(self.url_open(f"/quality/document/{missing}").status_code, 404)

    def test_print_carries_what_identifies_the_edition(self):
        edition = self._create_edition("Refund procedure", "Refund within one working day.")
        report = self.env["ir.actions.report"].with_user(self.plain)
        page = report._render_qweb_html("sqms_base.report_document_version", edition.ids)[0].decode()
        for words in (edition.number, "Refund procedure", "In force", self.top.name, "one working day", "sha256:"):
            self.assertIn(words, page)
        self.assertNotIn("NOT IN FORCE", page)
        draft = self._create_edition("Draft procedure", "Later.", approve=False)
        page = self.env["ir.actions.report"]._render_qweb_html("sqms_base.report_document_version", draft.ids)[0]
        self.assertIn("NOT IN FORCE", page.decode())
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            report._render_qweb_html("sqms_base.report_document_version", draft.ids)


@tagged("post_install", "-at_install", "sqms_tour")
class TestDocumentTour(WebCase):
    """Write, review, approve, effective, read, quiz, revise: four people at the screen, one document."""

    def _create_quiz(self, title, right):
        return self.env["survey.survey"].create(
            {
                "title": title,
                "scoring_type": "scoring_without_answers",
                "questions_layout": "one_page",
                "question_and_page_ids": [
                    Command.create(
                        {
                            "title": "?",
                            "question_type": "simple_choice",
                            "suggested_answer_ids": [
                                Command.create({"value": right, "is_correct": True, "answer_score": 10}),
                                Command.create({"value": "…"}),
                            ],
                        }
                    )
                ],
            }
        )

    def _live(self, lang, title, text, quiz, right):
        survey = self._create_quiz(quiz, right)
        self.start_tour("/odoo/sqms-documents", f"sqms_document_write_{lang}", login="sqms_officer")
        edition = self.env["sqms.document.version"].search([("document_id.name", "=", title)])
        self.assertEqual((edition.state, edition.author_id, edition.quiz_survey_id), ("review", self.officer, survey))
        with mute_logger("odoo.http"):  # a wrong password comes first
            self.start_tour("/odoo/sqms-editions", f"sqms_document_approve_{lang}", login="sqms_manager")
        self.env.invalidate_all()
        self.assertEqual((edition.state, edition.approved_by_id), ("effective", self.manager))
        self.assertEqual(edition.signature_ids.mapped("meaning"), ["approver", "author"])
        self.assertEqual(edition.signature_ids.user_id, self.manager | self.officer)
        self.assertIn(text, edition.content)
        self.start_tour("/odoo/sqms-readings", f"sqms_document_read_{lang}", login="sqms_plain")
        self.env.invalidate_all()
        reading = edition.acknowledgement_ids.filtered(lambda row: row.employee_id.user_id == self.plain)
        self.assertEqual((reading.state, reading.quiz_passed, reading.quiz_score), ("done", True, 100.0))
        url = f"/odoo/sqms-documents/{edition.document_id.id}"
        self.start_tour(url, f"sqms_document_revise_{lang}", login="sqms_officer")
        self.env.invalidate_all()
        following = edition.document_id.next_version_id
        self.assertEqual((following.edition, following.state, edition.state), (2, "review", "effective"))

    def test_life_of_a_document(self):
        self._live("en", "Greeting customers", "Say hello within one minute.", "How to greet", "Hello")

    def test_life_of_a_document_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"].search([("name", "=", "sqms_base")])._update_translations(["zh_CN"])
        (self.officer | self.manager | self.plain).lang = "zh_CN"
        self._live("zh", "接待客户规范", "在一分钟内问候客户。", "怎样接待", "您好")
        self.assertEqual(self.env["sqms.document"].search([("name", "=", "接待客户规范")]).source_lang, "zh_CN")
