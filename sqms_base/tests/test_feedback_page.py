import json
import os
from unittest.mock import patch

from odoo.http import root
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers.feedback import FeedbackPage
from ..models.sqms_public_throttle import SqmsPublicThrottle
from .feedback_common import PAGE, FeedbackPageCase

STATUS = f"{PAGE}/status"
FIELDS = {
    PAGE: (
        "kind", "words", "process", "stage", "rating", "source", "person", "email", "anonymous", "confidential",
        "form", "website",
    ),
    STATUS: ("code",),
}  # fmt: skip
UNREADABLE = ["\x00", "a\x00b", "\ud800", "\ufffd", "x" * 50_000]
UGLY = [
    "",
    "\u202e\u200b\ufeff",
    "'; DROP TABLE sqms_feedback; -- %s %(x)s {0} {{7*7}} ${7*7}",
    "<script>alert(1)</script>",
    "-1",
    "2147483648",
    "9" * 40,
    "٣٤",
    "é" * 300,
    "a.b.c.d",
]
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\nsecond & line"


@tagged("post_install", "-at_install", "sqms_alone")
class TestFeedbackPage(FeedbackPageCase):
    def _count(self):
        return self.env["sqms.feedback"].search_count([])

    def _process(self, **values):
        return self.env["sqms.process"].create(
            {"code": f"Z{self.env['sqms.process'].search_count([])}", "name": "Inner name", "kind": "service", **values}
        )

    # -- speaking -------------------------------------------------------------------

    def test_anonymous_visitor_speaks_and_reads_the_answer_by_code(self):
        feedback, code = self._sent()
        self.assertRegex(code, r"^([2-9A-HJKMNP-TV-Z]{4}-){3}[2-9A-HJKMNP-TV-Z]{4}$")
        self.assertRecordValues(
            feedback,
            [
                {
                    "name": "The till is wrong", "kind": "concern", "channel": "page", "is_anonymous": True,
                    "staff_id": False, "partner_id": False, "person_name": False, "email": False,
                    "state": "received", "company_id": self.company.id, "lang": "en_US",
                }
            ],
        )  # fmt: skip
        self.assertIn("Somebody reads it", self._text(self._look_up(code)))
        mine = feedback.with_user(self.officer)
        mine.answer = "The till is repaired."
        # Not before it is sent.
        self.assertNotIn("repaired", self._text(self._look_up(code)))
        mine.action_transition("answer")
        response = self._look_up(code.lower().replace("-", " "))
        self.assertIn("The till is repaired.", self._text(response))
        self.assertNotIn(code, response.text)

    def test_who_gives_neither_name_nor_email_is_anonymous_without_ticking_the_box(self):
        feedback, _code = self._sent(anonymous="", source="staff")
        self.assertTrue(feedback.is_anonymous)
        named, _code = self._sent(anonymous="", person="Wang Li", email="Wang@Example.com", source="customer")
        self.assertRecordValues(
            named,
            [{"is_anonymous": False, "person_name": "Wang Li", "email": "wang@example.com", "source": "customer"}],
        )

    def test_only_what_is_asked_reaches_the_record(self):
        feedback, _code = self._sent(
            staff_id=str(self.officer.id), state="closed", answer="Yes", owner_id="2", company_id="99",
            number="FB/1", is_on_time="1", partner_id="3", name="Other", text="Other", received_on="2020-01-01",
        )  # fmt: skip
        self.assertRecordValues(
            feedback,
            [
                {
                    "staff_id": False, "state": "received", "answer": False, "owner_id": False, "partner_id": False,
                    "company_id": self.company.id, "name": "The till is wrong",
                    "received_on": self.company._sqms_today(),
                }
            ],
        )  # fmt: skip
        self.assertIn("printed the sum twice", feedback.text)

    def test_processes_are_offered_under_their_public_name_when_in_force(self):
        shown = self._process(feedback_name="Boiler repair", is_customer_facing=True)
        draft = self._process(feedback_name="Not in force")
        other = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self._process(feedback_name="Foreign", company_id=other.id)
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE sqms_process DISABLE TRIGGER USER")
        self.env.cr.execute("UPDATE sqms_process SET state = 'in_force' WHERE id IN %s", [(shown.id, foreign.id)])
        self.env.cr.execute("ALTER TABLE sqms_process ENABLE TRIGGER USER")
        self.env.invalidate_all()
        text = self._text(self.url_open(PAGE))
        self.assertIn("Boiler repair", text)
        for word in ("Inner name", "Not in force", "Foreign"):
            self.assertNotIn(word, text)
        self.assertEqual(self._sent(process=str(shown.id))[0].process_id, shown)
        for process in (draft, foreign):
            self.assertFalse(self._sent(process=str(process.id))[0].process_id)

    def test_mistakes_stand_at_their_field_and_nothing_typed_is_lost(self):
        before = self._count()
        response = self._post(
            data={"kind": "", "words": "  ", "person": "Wang Li", "email": "nonsense", "stage": "after", "rating": "9"}
        )
        page = self._page(response)
        self.assertEqual((response.status_code, self._count()), (200, before))
        listed = {link.get("href") for link in page.xpath("//*[@id='errors']//a")}
        self.assertEqual(listed, {"#kind", "#words", "#email"})
        for name in ("kind", "words", "email"):
            self.assertTrue(page.xpath(f"//*[@id='error_{name}']"), name)
        self.assertEqual(page.get_element_by_id("person").value, "Wang Li")
        self.assertEqual(page.get_element_by_id("email").value, "nonsense")
        self.assertEqual(page.get_element_by_id("stage").value, "after")

    def test_markup_stays_text_on_the_page_and_in_the_record(self):
        feedback, code = self._sent(words=SCRIPT)
        mine = feedback.with_user(self.officer)
        mine.answer = SCRIPT
        mine.action_transition("answer")
        for response in (self._look_up(code), self._post(data={"words": SCRIPT, "kind": "", "person": SCRIPT})):
            self.assertNotIn("<script>alert", response.text)
            self.assertNotIn("<img src=x", response.text)
            self.assertIn("&lt;script&gt;", response.text)
        named, _code = self._sent(words=SCRIPT, anonymous="", person=SCRIPT[:60], email="a@example.com")
        named = named.with_user(self.officer)
        named.answer = SCRIPT
        named.action_transition("answer")
        named.action_convert("improvement")
        bodies = (named.message_ids | named.improvement_id.message_ids).mapped("body")
        self.assertFalse([body for body in bodies if "<script" in body or "<img" in body])

    def test_same_page_sent_twice_is_one_feedback(self):
        seed = self._page(self.url_open(PAGE)).xpath("//input[@name='form']/@value")[0]
        first, code = self._sent(form=seed)
        again, same_code = self._sent(form=seed)
        self.assertEqual((first, code), (again, same_code))
        # After an hour the page no longer shows the code again.
        before = self._count()
        with patch.object(SqmsPublicThrottle, "first_time", lambda self, purpose, value: True):
            response = self._post(data=self._answers(form=seed))
        self.assertIn("sent already", self._text(response))
        self.assertEqual((self._count(), response.text.count(code)), (before, 0))
        self.env.cr.execute("UPDATE sqms_feedback SET received_on = '2020-01-01' WHERE id = %s", [first.id])
        self.env["sqms.feedback"]._gc_form_keys()
        self.assertFalse(self.env["sqms.feedback"]._was_sent(seed))

    def test_machine_that_fills_the_hidden_field_is_asked_again(self):
        before = self._count()
        self.assertIn("machine", self._text(self._post(data=self._answers(website="http://spam.example"))))
        self.assertEqual(self._count(), before)

    # -- signed in --------------------------------------------------------------------

    def test_who_is_signed_in_is_never_anonymous_and_is_told(self):
        portal = self._person("portal", "", group_ids=[(6, 0, self.env.ref("base.group_portal").ids)])
        for user in (portal, self.staff):
            self.authenticate(user.login, user.login)
            page = self.url_open(PAGE)
            self.assertIn("sign out first", self._text(page))
            self.assertIn(f"/web/session/logout?redirect={PAGE}", page.text)
            before = self._count()
            for answers in ({"anonymous": "1", "person": "X"}, {"anonymous": "", "person": "", "email": ""}):
                self.assertIn("sign out first", self._text(self._post(data=self._answers(**answers))))
            self.assertEqual(self._count(), before)
            feedback, _code = self._sent(anonymous="", person="Somebody else", source="customer")
            if user == portal:
                self.assertEqual((feedback.partner_id, feedback.source), (portal.partner_id, "customer"))
            else:
                self.assertEqual((feedback.staff_id, feedback.source), (self.staff, "staff"))
            self.assertFalse(feedback.is_anonymous)

    def test_signing_out_leads_to_the_page_and_the_old_session_is_gone(self):
        self.authenticate(self.staff.login, self.staff.login)
        old = self.opener.cookies["session_id"]
        response = self.url_open(f"/web/session/logout?redirect={PAGE}")
        self.assertTrue(response.url.endswith(PAGE), response.url)
        self.assertIn("Stay anonymous", self._text(response))
        self.assertTrue(self._sent()[0].is_anonymous)
        self.assertNotEqual(self.opener.cookies.get("session_id"), old)

    def test_visitor_chooses_no_session_for_anybody(self):
        self.opener.cookies.pop("session_id", None)
        chosen = "a" * 84
        self.opener.cookies.set("session_id", chosen)
        self.assertEqual(self.url_open(PAGE).status_code, 200)
        self.assertTrue(self._sent()[0].is_anonymous)
        self.assertFalse(os.path.isfile(root.session_store.get_session_filename(chosen)))

    # -- the page ---------------------------------------------------------------------

    def test_page_keeps_and_loads_nothing_from_elsewhere(self):
        for path in (PAGE, STATUS, f"{PAGE}/privacy", f"/zh_CN{PAGE}"):
            response = self.url_open(path)
            self.assertEqual(response.headers["Cache-Control"], "no-store")
            self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
            for word in ("utm_", "document.cookie", "http://www.odoo.com", "https://", "website_visitor"):
                self.assertNotIn(word, response.text, (path, word))
        self.assertIn('lang="zh-CN"', response.text)
        self.assertIn("within 10 days", self._text(self.url_open(f"/en{PAGE}")))
        self.company.sqms_feedback_days = 0
        self.assertNotIn("within", self._text(self.url_open(f"/en{PAGE}")))

    def test_browser_that_says_zh_gets_chinese(self):
        response = self.url_open(PAGE, headers={"Accept-Language": "zh-Hans"}, allow_redirects=False)
        self.assertTrue(response.headers["Location"].endswith(f"/zh_CN{PAGE}"))

    def test_policy_leads_to_the_page_unless_it_is_switched_off(self):
        self.assertIn(PAGE, self.url_open("/quality/policy").text)
        self.company.sqms_feedback_page = False
        self.assertNotIn(PAGE, self.url_open("/quality/policy").text)
        self.assertIn("do not take feedback", self._text(self.url_open(PAGE)))
        before = self._count()
        token = self._token(STATUS)
        self.url_open(PAGE, data={"csrf_token": token, **self._answers()})
        self.assertEqual(self._count(), before)

    # -- the code ---------------------------------------------------------------------

    def test_every_wrong_code_gets_the_same_answer_and_the_address_never_opens(self):
        _feedback, code = self._sent()
        other = code[:-1] + ("2" if code[-1] != "2" else "3")
        answers = {self._text(self._look_up(attempt)) for attempt in ("", "x", other, "2222-2222-2222-2222", "9" * 60)}
        self.assertEqual(len(answers), 1)
        response = self.url_open(STATUS, params={"code": code})
        self.assertNotIn("till", self._text(response))
        self.assertNotIn(code, response.text)

    def test_code_is_kept_nowhere_and_takes_one_query_right_or_wrong(self):
        feedback, code = self._sent()
        self.env.flush_all()
        self.env.cr.execute("SELECT row_to_json(f)::text FROM sqms_feedback f WHERE id = %s", [feedback.id])
        row = self.env.cr.fetchone()[0]
        for secret in (code, code.replace("-", "")):
            self.assertNotIn(secret, row)
        Feedback = self.env["sqms.feedback"].with_user(self.public)
        Feedback._find_by_code("x")
        for attempt in (code, "2222222222222222"):
            self.env.invalidate_all()
            with self.assertQueryCount(1):
                Feedback._find_by_code(attempt)

    def test_guessing_codes_is_slowed_for_an_address_and_success_is_not_counted(self):
        _feedback, code = self._sent()
        limits = {**SqmsPublicThrottle._limits, "failure_address": (2, 900)}
        with (
            patch.object(SqmsPublicThrottle, "_limits", limits),
            patch.object(SqmsPublicThrottle, "address", lambda self: "203.0.113.9"),
        ):
            for _visit in range(3):
                self.assertEqual(self._look_up(code).status_code, 200)
            self.assertEqual([self._look_up("2222").status_code for _guess in range(4)], [200, 200, 429, 429])

    def test_flood_is_stopped_for_an_address(self):
        limits = {**SqmsPublicThrottle._limits, "feedback_address": (2, 3600)}
        with (
            patch.object(SqmsPublicThrottle, "_limits", limits),
            patch.object(SqmsPublicThrottle, "address", lambda self: "203.0.113.9"),
        ):
            before = self._count()
            statuses = [self._post(data=self._answers()).status_code for _number in range(4)]
        self.assertEqual(statuses, [200, 200, 429, 429])
        self.assertEqual(self._count(), before + 2)

    # -- whatever is sent -----------------------------------------------------------------

    def _no_limits(self):
        self.patch(SqmsPublicThrottle, "_limits", dict.fromkeys(SqmsPublicThrottle._limits, (10**6, 60)))

    def _encoded(self, value):
        return value.encode("utf-8", "surrogatepass")

    @mute_logger("odoo.http")
    def test_fuzz(self):  # noqa: C901
        self._no_limits()
        token = self._token()
        for path, names in FIELDS.items():
            for name in names:
                for value in UNREADABLE[:2] + UNREADABLE[3:]:
                    response = self.url_open(path, data={"csrf_token": token, name: self._encoded(value)})
                    self.assertEqual(response.status_code, 400, (path, name, value[:9]))
                for value in (*UGLY, UNREADABLE[2]):
                    data = {"csrf_token": token, **self._answers(), name: self._encoded(value)}
                    self.assertLess(self.url_open(path, data=data).status_code, 500, (path, name, value[:40]))
            for name in (*names, "csrf_token", "other"):
                parts = [(name, ("a.txt", b"text", "text/plain"))]
                data = {} if name == "csrf_token" else {"csrf_token": token}
                self.assertEqual(self.url_open(path, data=data, files=parts).status_code, 400, (path, name))
            for data in (
                {"csrf_token": token, "self": "x"},
                {"csrf_token": token, "cls": "x"},
                {"csrf_token": token, **{f"f{number}": "x" for number in range(80)}},
                {"csrf_token": token, "n" * 200: "x"},
                {"csrf_token": "é"},
                {"csrf_token": ""},
                {"csrf_token": token[:-3] + "abc"},
                {"words": "without a token"},
            ):
                response = self.url_open(path, data=data)
                self.assertEqual(response.status_code, 400, (path, list(data)[:3]))
            for query in ("code=%00", "code=%ff%fe", "self=1", "kind[]=1", "csrf_token=%C3%A9", "kind=" + "9" * 3000):
                self.assertLess(self.url_open(f"{path}?{query}").status_code, 500, (path, query))
            for method in ("HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"):
                self.assertLess(self.url_open(path, method=method).status_code, 500, (path, method))
            for body in (json.dumps({"params": {"x": "\ud800"}}), "{", "[]"):
                for kind in ("application/json", "multipart/form-data; boundary="):
                    response = self.url_open(path, data=body, headers={"Content-Type": kind})
                    self.assertLess(response.status_code, 500, (path, body, kind))
        for path in (f"{PAGE}/%00", f"{PAGE}/status/x", f"{PAGE}/../policy"):
            self.assertLess(self.url_open(path).status_code, 500, path)
        ugly = [("files", (name, b"\x00", "x/y")) for name in ("\x00.txt", "." * 300, "a.jpg\r\nX: y")]
        self.assertLess(self._post(data=self._answers(), files=ugly).status_code, 500)
        six = [("files", (f"{number}.txt", b"text", "text/plain")) for number in range(6)]
        self.assertIn("up to 5 files", self._text(self._post(data=self._answers(), files=six)))

    def test_seed_that_is_none_is_replaced(self):
        self._no_limits()
        codes = {self._sent(form=seed)[1] for seed in ("", "short", "x" * 31, "!" * 32, "é" * 32)}
        self.assertEqual(len(codes), 5)
        self.assertTrue(FeedbackPage()._new_seed())
