import re
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import sign_step
from .test_web import WebCase

FUZZ = (
    "self=1", "cls=1", "lang=xx", "lang=../../etc", "company=2", "company[]=1", "id=-1", "edition=99999999999999999999",
    "a=%00", "a=%ff%fe", "a=%F0%9F%98%80", "=", "&&&", "a=" + "x" * 3000, "debug=assets'\"><script>alert(1)</script>",
    "draft=1&preview=1&all=1", "page=1e400", "__proto__[x]=1", "self&args&kwargs",
)  # fmt: skip


@tagged("post_install", "-at_install", "sqms_alone")
class TestPolicyPage(WebCase):
    """What the public sees, and what it does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["sqms.document"].search([]).write({"is_published": False})
        cls.env["res.company"].search([]).website = False
        cls.edition = cls._create_edition("Our policy", "Customers first.<h1>Duty</h1>", "policy", is_published=True)
        cls.inner = cls._create_edition("Inner policy", "For ourselves.", "policy")

    def _page(self, path="/quality/policy", **kwargs):
        return self.url_open(path, **kwargs)

    def test_page_says_what_edition_it_is_and_nothing_of_the_inside(self):
        page = self._page()
        for words in ("Our policy", "Customers first.", self.edition.number, "edition 1", self.top.name):
            self.assertIn(words, page.text)
        for secret in ("For ourselves", "Inner policy", self.inner.number, "csrf_token", "sqms.document",
                       "<script", self.officer.name, self.edition.content_digest):  # fmt: skip
            self.assertNotIn(secret, page.text)
        self.assertEqual(len(re.findall(r"<h1", page.text)), 1)
        for landmark in ("<header", "<main", "<footer", 'lang="en-US"', "<title>Quality policy"):
            self.assertIn(landmark, page.text)

    def test_state_is_a_label_and_time_decides(self):
        """Approved for tomorrow is not shown today, whatever a job has done; from its midnight on it is."""
        tomorrow = fields.Date.today() + timedelta(days=1)
        edition = self._create_edition("Coming policy", "From tomorrow on.", "policy", approve=False, is_published=True)
        edition.with_user(self.officer).date_effective = tomorrow
        sign_step(edition, "approve", self.top)
        self.env.flush_all()
        self.assertNotIn("From tomorrow on", self._page().text)
        with freeze_time(edition.effective_from + timedelta(seconds=1)):
            self.assertEqual(edition.state, "approved")
            self.assertIn("From tomorrow on", self._page().text)

    def test_browser_asks_each_time_and_is_sent_only_what_changed(self):
        first = self._page()
        self.assertEqual(first.headers["Cache-Control"], "private, no-cache")
        again = self._page(headers={"If-None-Match": first.headers["ETag"]})
        self.assertEqual((again.status_code, again.text), (304, ""))
        self.edition.document_id.is_published = False
        self.env.flush_all()
        changed = self._page(headers={"If-None-Match": first.headers["ETag"]})
        self.assertEqual(changed.status_code, 200)
        self.assertNotIn("Customers first.", changed.text)

    def test_headers_keep_the_page_to_itself(self):
        headers = self._page().headers
        self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")

    def test_whatever_a_visitor_adds_is_left_out(self):
        plain = self._page().text
        for query in FUZZ:
            answer = self._page(f"/quality/policy?{query}")
            self.assertEqual(answer.status_code, 200, query)
            self.assertIn("Customers first.", answer.text)
            self.assertNotIn("For ourselves", answer.text)
            self.assertNotIn("<script>alert(1)", answer.text)
        self.assertIn("Customers first.", plain)
        with mute_logger("odoo.http"):
            self.assertIn(self.url_open("/quality/policy", data={"self": "1"}).status_code, (400, 404, 405))

    def test_one_company_by_its_address_and_none_when_two_claim_it(self):
        other = self.env["res.company"].create({"name": "Other House", "website": "https://other.example.com"})
        document = self.edition.sudo().document_id.copy(
            {"name": "Their policy", "company_id": other.id, "number": "X-1"}
        )
        page = self.env["sqms.policy.page"]
        self.assertEqual(page._policy_company("other.example.com:443"), other)
        for host in ("127.0.0.1:8069", "", None, "evil.example.com", "[", "OTHER.example.com.evil"):
            self.assertEqual(page._policy_company(host), self.env.company)
        self.assertFalse(page._policy_values(other)["editions"])
        self.assertTrue(page._policy_values(self.company)["editions"])
        self.company.website = "http://other.example.com/shop"
        self.assertFalse(page._policy_company("other.example.com"))
        none = page._policy_values(self.env["res.company"])
        self.assertFalse(none["editions"] or none["promises"] or none["links"])
        self.assertFalse(document.is_published and document.current_version_id)

    def test_only_published_promises_in_force_are_shown(self):
        today = fields.Date.today()
        commitments = self.env["sqms.commitment"].with_user(self.officer)
        values = {"company_id": self.company.id, "remedy": "CNY 50 back", "date_from": today - timedelta(days=2)}
        shown, hidden, draft, coming = (
            commitments.create({**values, **own}).sudo()
            for own in (
                {"name": "a", "promise": "We come in the hour we name."},
                {"name": "b", "promise": "For the staff only."},
                {"name": "c", "promise": "Still being thought about."},
                {"name": "d", "promise": "From next week on.", "date_from": today + timedelta(days=7)},
            )
        )
        for promise in (shown, hidden, coming):
            sign_step(promise, "approve", self.manager)
        (shown | coming).with_user(self.manager).is_published = True
        self.env.flush_all()
        text = self._page().text
        self.assertIn("We come in the hour we name.", text)
        self.assertIn("CNY 50 back", text)
        for promise in (hidden, draft, coming):
            self.assertNotIn(promise.promise, text)

    def test_publishing_is_the_managers(self):
        for user in (self.officer, self.plain, self.top):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.inner.document_id.with_user(user).is_published = True
        self.inner.document_id.with_user(self.manager).is_published = True
        self.env.flush_all()
        self.assertIn("For ourselves", self._page().text)

    def test_browser_that_only_says_chinese_gets_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env.flush_all()
        page = self._page(headers={"Accept-Language": "zh-Hans"})
        self.assertIn('lang="zh-CN"', page.text)


@tagged("post_install", "-at_install", "sqms_alone")
class TestManualPage(WebCase):
    """The manual's page, asked for as each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certifier = cls._create_user("certifier", "sqms_base.group_sqms_certifier")
        cls.portal = new_test_user(cls.env, login="sqms_portal", groups="base.group_portal")
        cls.manual = cls._create_edition("Our manual", "<h2>Scope</h2><p>All of Shanghai</p>", "manual")
        cls.draft = cls._create_edition("Secret draft", "Nothing.", approve=False)

    def _open(self, user, path="/quality/manual"):
        self.authenticate(user.login, user.login)
        return self.url_open(path)

    def test_each_role_sees_what_it_may(self):
        for user, sees in ((self.plain, False), (self.officer, True), (self.top, True), (self.certifier, True)):
            page = self._open(user)
            self.assertEqual(page.status_code, 200)
            self.assertEqual(page.headers["Cache-Control"], "no-store")
            self.assertEqual('id="manual-clauses"' in page.text, sees, user.login)
            self.assertNotIn("Secret draft", page.text)
            self.assertIn('id="manual-scope"', page.text)
            self.assertIn('href="#manual-scope"', page.text)

    def test_public_is_asked_to_log_in_and_customers_find_nothing(self):
        for path in ("/quality/manual", "/quality/manual.pdf"):
            self.authenticate(None, None)
            self.assertIn("/web/login", self.url_open(path).url)
            self.assertEqual(self._open(self.portal, path).status_code, 404)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open("/quality/manual/freeze", data={"x": "1"}).url)

    def test_addresses_take_nothing_from_outside(self):
        self.authenticate("sqms_plain", "sqms_plain")
        for query in FUZZ[:8]:
            self.assertEqual(self.url_open(f"/quality/manual?{query}").status_code, 200, query)

    def test_pdf_of_a_plain_employee(self):
        answer = self._open(self.plain, "/quality/manual.pdf")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertTrue(answer.content.startswith(b"%PDF"))
        self.assertIn("filename", answer.headers["Content-Disposition"])

    def test_buttons_are_for_those_who_may(self):
        for user, may in ((self.plain, False), (self.certifier, False), (self.manager, True), (self.top, True)):
            self.assertEqual("/quality/manual/freeze" in self._open(user).text, may, user.login)

    def test_freezing_wants_the_token_of_the_page_and_the_role(self):
        count = self.env["sqms.manual.copy"].search_count([])
        page = self._open(self.manager)
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open("/quality/manual/freeze", data={"x": "1"}).status_code, 400)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
        answer = self.url_open("/quality/manual/freeze", data={"csrf_token": token}, allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        copy = self.env["sqms.manual.copy"].search([], limit=1)
        self.assertEqual(self.env["sqms.manual.copy"].search_count([]), count + 1)
        self.assertTrue(answer.headers["Location"].endswith(f"/odoo/sqms-frozen-manuals/{copy.id}"))
        self.assertEqual(copy.frozen_by_id, self.manager)

    def test_menu_opens_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.plain.lang = "zh_CN"
        self.env.flush_all()
        self.assertIn('lang="zh-CN"', self._open(self.plain, "/quality/manual/open").text)
