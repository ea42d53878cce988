import os

from odoo.http import root
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_public import PublicCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestPublicForm(PublicCase):
    def _complaints(self):
        return self.env["helpdesk.ticket"].search_count([("is_complaint", "=", True)])

    def test_visitor_complains_and_gets_number_and_code(self):
        complaint, code = self._sent(word="plum blossom 26")
        self.assertRegex(code, r"^([2-9A-HJKMNP-TV-Z]{4}-){3}[2-9A-HJKMNP-TV-Z]{4}$")
        self.assertRecordValues(
            complaint,
            [
                {
                    "is_complaint": True,
                    "name": "My card was charged twice for the boiler repair",
                    "complaint_category_id": self.category.id,
                    "complaint_wish": "refund",
                    "complaint_contact": "email",
                    "partner_email": "wang.li@example.com",
                    "partner_name": "Wang Li",
                    "partner_id": False,
                    "user_id": False,
                    "company_id": self.company.id,
                    "complaint_lang": "en_US",
                    "channel_id": self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_web").id,
                    "complaint_state": "acknowledged",
                }
            ],
        )
        self.assertEqual(str(complaint.complaint_event_date), "2026-03-10")
        self.assertIn("charged twice", complaint.description)

    def test_acknowledgement_is_queued_in_the_language_of_the_page_without_the_code(self):
        complaint, code = self._sent()
        self.Notice._write_due()
        mail = self.env["mail.mail"].search([("model", "=", "helpdesk.ticket"), ("res_id", "=", complaint.id)])
        self.assertEqual(len(mail), 1)
        self.assertIn("wang.li@example.com", mail.email_to)
        self.assertIn(complaint.number, mail.body_html + mail.subject)
        self.assertNotIn(code, mail.body_html)
        self.assertNotIn(code.replace("-", ""), mail.body_html)
        response = self._send(path="/zh_CN/complaint")
        self.assertIn('lang="zh-CN"', response.text)
        newest = self.env["helpdesk.ticket"].search([("is_complaint", "=", True)], order="id desc", limit=1)
        self.assertEqual(newest.complaint_lang, "zh_CN")

    def test_code_and_word_are_kept_nowhere_in_clear(self):
        complaint, code = self._sent(word="plum blossom 26")
        self.env.flush_all()
        self.env.cr.execute("SELECT row_to_json(t)::text FROM helpdesk_ticket t WHERE id = %s", [complaint.id])
        row = self.env.cr.fetchone()[0]
        self.env.cr.execute(
            "SELECT string_agg(row_to_json(m)::text, '') FROM mail_message m "
            "WHERE model = 'helpdesk.ticket' AND res_id = %s",
            [complaint.id],
        )
        everything = row + (self.env.cr.fetchone()[0] or "")
        for secret in (code, code.replace("-", ""), "plum blossom"):
            self.assertNotIn(secret, everything)

    def test_only_the_asked_values_reach_the_ticket(self):
        complaint, _code = self._sent(
            user_id=str(self.agent.id),
            stage_id="4",
            complaint_state="closed",
            complaint_decision="upheld",
            company_id="99",
            is_complaint="0",
            priority="3",
            partner_id=str(self.customer.id),
            complaint_is_confidential="1",
        )
        self.assertFalse(complaint.user_id)
        self.assertFalse(complaint.partner_id)
        self.assertFalse(complaint.complaint_decision)
        self.assertFalse(complaint.complaint_is_confidential)
        self.assertEqual(complaint.priority, "1")
        self.assertEqual(complaint.company_id, self.company)
        self.assertEqual(complaint.complaint_state, "acknowledged")

    def test_markup_stays_text(self):
        complaint, _code = self._sent(happened="<script>alert(1)</script><img src=x onerror=alert(2)>\nsecond & line")
        self.assertNotIn("<script", complaint.description)
        self.assertNotIn("<img", complaint.description)
        self.assertIn("&lt;script&gt;", complaint.description)
        self.assertIn("<br", complaint.description)

    def test_mistakes_stand_at_their_field_and_nothing_typed_is_lost(self):
        before = self._complaints()
        response = self._send(
            happened="  ", reach="nonsense", wish="", category="", word="plum blossom", event_date="31/02/2026"
        )
        page = self._page(response)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self._complaints(), before)
        listed = {link.get("href") for link in page.xpath("//*[@id='errors']//a")}
        self.assertEqual(listed, {"#happened", "#reach", "#wish", "#category", "#event_date"})
        for name in ("happened", "reach", "wish", "category", "event_date"):
            self.assertTrue(page.xpath(f"//*[@id='error_{name}']"), name)
        self.assertEqual(page.get_element_by_id("customer").value, "Wang Li")
        self.assertEqual(page.get_element_by_id("reach").value, "nonsense")
        self.assertEqual(page.get_element_by_id("word").value, "plum blossom")

    def test_at_most_six_answers_are_required(self):
        page = self._page(self.url_open("/complaint"))
        stars = page.xpath("//form//*[contains(@class, 'text-danger')][text()='*']")
        self.assertLessEqual(len(stars), 6)
        complaint, _code = self._sent(event_date="", customer="")
        self.assertFalse(complaint.partner_name)

    def test_customer_who_is_logged_in_needs_no_word_and_comes_by_the_portal(self):
        self.authenticate("sqms_portal", "sqms_portal")
        page = self._page(self.url_open("/complaint"))
        self.assertEqual(page.get_element_by_id("customer").value, self.portal.name)
        self.assertEqual(page.get_element_by_id("reach").value, self.portal.email)
        self.assertFalse(page.get_element_by_id("word").get("required"))
        complaint, _code = self._sent(word="", reach=self.portal.email)
        self.assertEqual(complaint.channel_id, self.env.ref("sqms_complaint.helpdesk_ticket_channel_portal"))
        self.assertEqual(complaint.partner_id, self.portal.partner_id)
        self.authenticate(None, None)
        response = self._send(word="")
        self.assertTrue(self._page(response).xpath("//*[@id='error_word']"))

    def test_anonymous_leaves_no_name(self):
        complaint, code = self._sent(anonymous="1", customer="Wang Li", reach="wang.li@example.com")
        self.assertTrue(complaint.complaint_is_anonymous)
        self.assertRecordValues(
            complaint,
            [{"partner_id": False, "partner_name": False, "partner_email": False, "complaint_phone": False}],
        )
        self.assertFalse(complaint.message_partner_ids)
        self.assertFalse(self.Notice.search([("ticket_id", "=", complaint.id)]))
        public_partner = self.env.ref("base.public_partner")
        self.assertNotIn(public_partner, complaint.message_ids.author_id)
        self.env.cr.execute("SELECT row_to_json(t)::text FROM helpdesk_ticket t WHERE id = %s", [complaint.id])
        self.assertNotIn("Wang", self.env.cr.fetchone()[0])
        self.assertEqual(self._look_up(complaint.number, code).status_code, 200)

    def test_who_is_signed_in_cannot_be_anonymous_and_is_told(self):
        self.authenticate("sqms_portal", "sqms_portal")
        self.assertIn("sign out first", self._text(self.url_open("/complaint")))
        before = self._complaints()
        self.assertIn("sign out first", self._text(self._send(anonymous="1")))
        self.assertEqual(self._complaints(), before)
        complaint, _code = self._sent()
        self.assertEqual(complaint.partner_id, self.portal.partner_id)

    def test_same_form_sent_twice_is_one_complaint(self):
        page = self._page(self.url_open("/complaint"))
        seed = page.xpath("//input[@name='form']/@value")[0]
        first, code = self._sent(form=seed)
        again, same_code = self._sent(form=seed)
        self.assertEqual(first, again)
        self.assertEqual(code, same_code)

    def test_machine_that_fills_the_hidden_field_is_asked_again(self):
        before = self._complaints()
        response = self._send(website="http://spam.example")
        self.assertEqual(self._complaints(), before)
        self.assertIn("machine", self._text(response))
        self.assertFalse(self._page(response).get_element_by_id("website").value)

    def test_visitor_leaves_no_session_behind(self):
        def is_kept():
            return os.path.isfile(root.session_store.get_session_filename(self.opener.cookies["session_id"]))

        self.assertTrue(is_kept(), "The session of the test itself would be seen here")
        self.opener.cookies.pop("session_id", None)
        self.assertEqual(self.url_open("/complaint").status_code, 200)
        visitor = self.opener.cookies["session_id"]
        complaint, code = self._sent()
        self._act(self._proof(self._look_up(complaint.number, code)), "message", text="Thank you")
        self.assertEqual(self.opener.cookies["session_id"], visitor)
        self.assertFalse(is_kept())

    def test_page_is_not_kept_and_tells_nobody(self):
        response = self.url_open("/complaint")
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.assertNotIn("utm_", response.text)
        self.assertNotIn("document.cookie", response.text)
        self.assertIn('lang="en-US"', response.text)
        self.assertNotIn("http://www.odoo.com", response.text)

    def test_browser_that_says_zh_gets_chinese(self):
        for wanted in ("zh", "zh-Hans", "zh-HK,en;q=0.5"):
            response = self.url_open("/complaint", headers={"Accept-Language": wanted}, allow_redirects=False)
            self.assertIn(response.status_code, (302, 303), wanted)
            self.assertTrue(response.headers["Location"].endswith("/zh_CN/complaint"), wanted)
            self.opener.cookies.pop("frontend_lang", None)

    def test_page_says_what_is_promised(self):
        self.company.complaint_outside_body = "hotline 12315"
        text = self._text(self.url_open("/complaint"))
        for promise in ("Free of charge", "Acknowledged at once", "within 15 days", "If you disagree", "hotline 12315"):
            self.assertIn(promise, text)
        self.company.complaint_promise_days = 0
        self.assertNotIn("Our decision within", self._text(self.url_open("/complaint")))

    def test_form_can_be_switched_off(self):
        self.company.complaint_public_form = False
        before = self._complaints()
        self.assertIn("do not take complaints", self._text(self.url_open("/complaint")))
        token = self._token("/complaint/status")
        self._post("/complaint", self._answers(), token=token)
        self.assertEqual(self._complaints(), before)
        self.assertEqual(self.url_open("/complaint/status").status_code, 200)

    def test_category_of_another_company_or_not_public_is_refused(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.env["sqms.complaint.category"].create(
            {"name": "Foreign", "is_public": True, "company_id": other.id}
        )
        for category in (foreign, self.subcategory):
            response = self._send(category=str(category.id))
            self.assertTrue(self._page(response).xpath("//*[@id='error_category']"))

    @mute_logger("odoo.http")
    def test_form_without_its_token_is_refused(self):
        before = self._complaints()
        response = self.url_open("/complaint", data=self._answers())
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self._complaints(), before)
