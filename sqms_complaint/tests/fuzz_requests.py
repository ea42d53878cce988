"""Requests as nobody sends them by hand: seeded, so that what fails once fails again. For tests alone."""

import io
import json
import random
import string

UGLY = [
    "", " ", "0", "1", "-1", "2147483647", "2147483648", "9" * 40, "1e9", "NaN", "٣٤", "1.5", "true", "None", "[]",
    "{}", "\u202e\u200b\ufeff", "é" * 300, "'; DROP TABLE helpdesk_ticket; -- %s %(x)s {0} {{7*7}} ${7*7}", "%00",
    "<script>alert(1)</script>", "2026-02-31", "2026-11-10", "0000-00-00", "a.b.c.d", "x" * 6_000, "../../etc",
    "梅花二十六", "😀" * 50,
    "C/2026/0001", "2222-2222-2222-2222", "number desc; --", "all", "a@b", "wang.li@example.com", "138 0571 6620",
]  # fmt: skip
# Refused at the gate, before any code of a page runs.
UNREADABLE = ["\x00", "a\x00b", "\ud800", "\ufffd", "x" * 50_000]
HEADERS = {
    "Accept-Language": ["zh", "zz-ZZ;q=9", "\xff", "en;q=" + "9" * 500, "*", ""],
    "User-Agent": ["", "x" * 3_000, "Mozilla/5.0 (iPhone)"],
    "Referer": ["javascript:alert(1)", "http://127.0.0.1/%00"],
    "X-Forwarded-For": ["203.0.113.7", "x", "::1, 1.2.3.4"],
    "If-None-Match": ['"x"'],
    "Range": ["bytes=0-1", "bytes=-9999999999999"],
}
TYPES = [
    "application/json",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "text/plain",
    "application/xml",
    "",
]
BODIES = [
    b"", b"{", b"[]", b"null", b'{"params": {"x": "\\ud800"}}', b'{"params": []}', b'{"params": 1}', b"\xff\xfe",
    b"a=%zz", b"--x\r\n",
]  # fmt: skip
FILES = [
    ("a.txt", b"text"), ("", b""), ("." * 300, b"\x00"), ("a.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40),
    ("a.pdf", b"%PDF-1"),
    ("a.docx", b"PK\x03\x04" + b"\xff" * 60), ("a.jpg", b"\xff\xd8\xff" + b"\x01" * 60), ("a.html", b"<script>"),
    ("\x00.txt", b"x"), ("a.gif", b"GIF89a" + b"\xff" * 20), ("a.webp", b"RIFF0000WEBPVP8 "),
]  # fmt: skip


class Requests:
    """`make(number)` yields as many requests: keyword arguments of werkzeug's test client.

    :param pages: {path: (names of its parameters)}; a path may hold `{id}` and `{word}`
    :param ids: numbers that mean something, beside others
    :param token: a form token that is right
    """

    def __init__(self, seed, pages, ids, token, known=()):
        self.random = random.Random(seed)
        self.pages = pages
        self.paths = list(pages)
        self.ids = ids
        self.token = token
        self.known = list(known)

    def make(self, number):
        for _position in range(number):
            yield self._one()

    def _one(self):
        pick = self.random
        page = pick.choice(self.paths)
        path = page.replace("{id}", str(self._id())).replace("{word}", self._path_word())
        if pick.random() < 0.04:
            path += pick.choice(["/", "/%00", "/x", "%ff", "//", "/-1", "/é", "?", ";x=1"])
        if pick.random() < 0.1:
            path = pick.choice(["/zh_CN", "/zh_CN", "/en", "/zz"]) + path
        request = {
            "path": path,
            "method": pick.choices(["GET", "POST", "HEAD", "PUT", "OPTIONS"], [35, 60, 2, 2, 1])[0],
        }
        names = self.pages[page]
        if request["method"] == "GET":
            request["query_string"] = self._values(names)
        elif pick.random() < 0.08:
            request.update(data=pick.choice(BODIES), content_type=pick.choice(TYPES))
        elif page.startswith(("/survey/submit", "/my/counters")):
            request.update(data=json.dumps({"params": self._values(names)}), content_type="application/json")
        else:
            request["data"] = self._form(names)
        if pick.random() < 0.1:
            name = pick.choice(list(HEADERS))
            request["headers"] = {name: pick.choice(HEADERS[name])}
        return request

    def _id(self):
        pick = self.random
        return pick.choice([*self.ids, pick.randrange(1, 10_000), 0, -1, 2**31, 2**63, 10**30])

    def _path_word(self):
        return self.random.choice(["x", "%C3%A9", "%00", "%ff", "a" * 200, "..", *self.known])

    def _word(self):
        pick = self.random
        kind = pick.random()
        if kind < 0.03:
            return pick.choice(UNREADABLE).encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        if kind < 0.25 and self.known:
            return pick.choice(self.known)
        if kind < 0.4:
            return "".join(pick.choices(string.printable + "中文éß\u2028\ufffe", k=pick.randrange(60)))
        return pick.choice(UGLY)

    def _values(self, names):
        pick = self.random
        values = {name: self._word() for name in names if pick.random() < 0.6}
        if pick.random() < 0.05:
            values[pick.choice(["self", "cls", "x[]", "n" * 100, "\x00", "kw", "lang", "debug", "db"])] = self._word()
        return values

    def _form(self, names):
        pick = self.random
        form = self._values(names)
        if pick.random() < 0.93:
            form["csrf_token"] = self.token
        if pick.random() < 0.12:
            name, content = pick.choice(FILES)
            field = pick.choice(["files", "files", "attachment", "number", "other"])
            form[field] = (io.BytesIO(content), name)
        return form
