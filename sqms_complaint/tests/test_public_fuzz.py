import json

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_public import PublicCase

# Refused before any code of the page runs.
UNREADABLE = ["\x00", "a\x00b", "\ud800", "\ufffd", "x" * 50_000]
UGLY = [
    "",
    "\u202e\u200b\ufeff",
    "'; DROP TABLE helpdesk_ticket; -- %s %(x)s {0} {{7*7}} ${7*7}",
    "<script>alert(1)</script>",
    "-1",
    "2147483648",
    "9" * 40,
    "٣٤",
    "é" * 300,
    "2026-02-31",
    "a.b.c.d",
]
FIELDS = {
    "/complaint": (
        "happened", "event_date", "category", "wish", "customer", "contact", "reach", "word", "anonymous", "form",
        "website",
    ),
    "/complaint/status": ("number", "code", "word", "proof", "action", "text", "once", "file"),
}  # fmt: skip
PORTAL_FIELDS = {
    "/my/tickets": (
        "page", "date_begin", "date_end", "sortby", "filterby", "search", "search_in", "groupby",
    ),
    "/new/ticket": ("category", "team", "x"),
    "/submitted/ticket": ("category", "team", "subject", "description"),
    "/ticket/close": ("ticket_id", "stage_id", "x_id"),
    "/my/complaints": ("page", "sortby"),
}  # fmt: skip


@tagged("post_install", "-at_install", "sqms_alone")
class TestPublicFuzz(PublicCase):
    """Whatever is sent, no page of ours answers with a crash."""

    def setUp(self):
        super().setUp()
        self.patch(type(self.env["sqms.public.throttle"]), "_delay_seconds", 0.0)
        limits = dict.fromkeys(type(self.env["sqms.public.throttle"])._limits, (10**6, 60))
        self.patch(type(self.env["sqms.public.throttle"]), "_limits", limits)

    def _check(self, response, what):
        self.assertLess(response.status_code, 500, what)
        return response

    def _encoded(self, value):
        return value.encode("utf-8", "surrogatepass")

    def test_unreadable_text_is_refused_in_every_field(self):
        token = self._token()
        for path, names in FIELDS.items():
            for name in names:
                response = self.url_open(path, data={"csrf_token": token, name: "a\x00b"})
                self.assertEqual(response.status_code, 400, (path, name))
            for value in UNREADABLE:
                response = self.url_open(path, data={"csrf_token": token, names[0]: self._encoded(value)})
                self.assertIn(response.status_code, (200, 400), (path, value[:40]))

    def test_every_field_of_the_public_pages(self):
        token = self._token()
        for path, names in FIELDS.items():
            for value in UGLY:
                data = dict.fromkeys(names, self._encoded(value))
                self._check(self.url_open(path, data={"csrf_token": token, **data}), (path, value[:40]))
        for name in FIELDS["/complaint/status"]:
            for value in UGLY:
                data = {"csrf_token": token, name: self._encoded(value)}
                self._check(self.url_open("/complaint/status", data=data), (name, value[:40]))

    def test_valid_form_with_one_ugly_answer(self):
        token = self._token()
        for name in FIELDS["/complaint"]:
            for value in UGLY[:9:2]:
                data = {"csrf_token": token, **self._answers(), name: self._encoded(value)}
                self._check(self.url_open("/complaint", data=data), (name, value[:40]))

    def test_page_of_a_case_with_ugly_actions(self):
        complaint, code = self._sent()
        proof = self._proof(self._look_up(complaint.number, code))
        token = self._token()
        for action in ("message", "object", "accept", "file", "nonsense"):
            for value in UGLY:
                data = {
                    "csrf_token": token,
                    "proof": proof,
                    "action": action,
                    "text": value,
                    "file": value,
                    "once": value,
                }
                self._check(self.url_open("/complaint/status", data=data), (action, value[:40]))

    def test_addresses(self):
        for path in ("/complaint", "/complaint/status", "/complaint/privacy", "/zh_CN/complaint"):
            for query in (
                "number=%00",
                "number=%ff%fe",
                "self=1",
                "cls=1",
                "number[]=1",
                "csrf_token=%C3%A9",
                "number=" + "9" * 3000,
            ):
                self._check(self.url_open(f"{path}?{query}"), (path, query))
        for path in (
            "/complaint/%00",
            "/complaint/status/x",
            "/my/complaints/99999999999999999999",
            "/my/complaints/-1",
            "/my/complaints/1/file/99999999999999",
            "/my/complaints/1?access_token=%C3%A9",
            "/my/ticket/99999999999999",
            "/my/ticket/0",
            "/my/ticket/1/%C3%A9",
            "/my/ticket/1/%00",
            "/my/complaints/page/99999999999999999999",
        ):
            self._check(self.url_open(path), path)

    @mute_logger("odoo.http")
    def test_reserved_names_and_wrong_tokens_are_refused_with_a_sentence(self):
        token = self._token()
        for data in (
            {"csrf_token": token, "self": "x"},
            {"csrf_token": token, "cls": "x"},
            {"csrf_token": token, "number": "\ufffd"},
            {"csrf_token": token, "number": "a\x00"},
            {"csrf_token": token, "happened": "x" * 50_000},
            {"csrf_token": token, **{f"f{number}": "x" for number in range(80)}},
            {"csrf_token": token, "n" * 200: "x"},
            {"csrf_token": "é"},
            {"csrf_token": ""},
            {},
        ):
            response = self.url_open("/complaint/status", data=data or {"x": "1"})
            self.assertEqual(response.status_code, 400, list(data))
            self.assertGreater(len(self._text(response)), 30)

    def test_files_where_none_belong(self):
        token = self._token()
        for path in FIELDS:
            for name in ("number", "happened", "csrf_token", "proof", "other"):
                files = [(name, ("a.txt", b"text", "text/plain"))]
                data = {} if name == "csrf_token" else {"csrf_token": token}
                self.assertEqual(self.url_open(path, data=data, files=files).status_code, 400, (path, name))
        ugly = [
            ("files", (name, content, "x/y")) for name, content in (("\x00.txt", b"a"), ("", b""), ("." * 300, b"\x00"))
        ]
        self._check(self._post("/complaint", self._answers(), ugly), "file names")

    def test_other_methods_and_types(self):
        for path in ("/complaint", "/complaint/status", "/complaint/privacy"):
            for method in ("HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"):
                self._check(self.url_open(path, method=method), (method, path))
        with mute_logger("odoo.http"):
            for body in (json.dumps({"params": {"x": "\ud800"}}), "{", "[]", "null"):
                headers = {"Content-Type": "application/json"}
                self._check(self.url_open("/complaint/status", data=body, headers=headers), body)
                headers = {"Content-Type": "multipart/form-data; boundary="}
                self._check(self.url_open("/complaint/status", data=body, headers=headers), body)

    def test_portal_pages_of_the_helpdesk(self):
        self.authenticate("sqms_portal", "sqms_portal")
        token = self._token()
        for path, names in PORTAL_FIELDS.items():
            for value in UGLY + UNREADABLE[:3]:
                data = {"csrf_token": token, **dict.fromkeys(names, self._encoded(value))}
                self._check(self.url_open(path, data=data), (path, value[:40], "POST"))
            for name in names:
                for value in UGLY[::3]:
                    self._check(self.url_open(path, params={name: value}), (path, name, value[:40]))
            for name in ("self", "cls"):
                self.assertEqual(self.url_open(path, params={name: "1"}).status_code, 400, (path, name))
