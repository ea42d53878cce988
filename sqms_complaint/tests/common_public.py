import re

from lxml import html

from odoo.sql_db import db_connect
from odoo.tests import HttpCase

from .common import ComplaintCase

WORD = "plum blossom 26"


class PublicCase(HttpCase, ComplaintCase):
    """Visitors without an account, and short ways to send the form and come back with the code."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"complaint_public_form": True, "complaint_promise_days": 15})
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")
        cls.Notice = cls.env["sqms.complaint.notice"]
        cls.portal.lang = "en_US"

    def setUp(self):
        super().setUp()
        self._forget_visits()
        self.authenticate(None, None)

    def _forget_visits(self):
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("DELETE FROM sqms_public_throttle")

    # -- pages ---------------------------------------------------------------

    def _page(self, response):
        return html.fromstring(response.content)

    def _text(self, response):
        """What a person reads on the page."""
        main = self._page(response).find(".//main")
        return " ".join(main.text_content().split())

    def _token(self, path="/complaint"):
        return re.search(r'name="csrf_token" value="([^"]+)"', self.url_open(path).text).group(1)

    def _post(self, path, data=None, files=None, token=None):
        return self.url_open(path, data={"csrf_token": token or self._token(), **(data or {})}, files=files)

    # -- complaining -----------------------------------------------------------

    def _answers(self, **answers):
        return {
            "happened": "My card was charged twice for the boiler repair. The till showed an error.",
            "event_date": "2026-03-10",
            "category": str(self.category.id),
            "wish": "refund",
            "customer": "Wang Li",
            "contact": "email",
            "reach": "wang.li@example.com",
            "word": WORD,
            **answers,
        }

    def _send(self, files=None, path="/complaint", **answers):
        return self._post(path, self._answers(**answers), files)

    def _sent(self, files=None, **answers):
        """A complaint sent by the form: (complaint, code)."""
        response = self._send(files=files, **answers)
        page = self._page(response)
        self.assertTrue(page.find_class("o_sqms_code"), self._text(response)[:600])
        number = page.find_class("o_sqms_number")[0].text_content().strip()
        code = page.find_class("o_sqms_code")[0].text_content().strip()
        return self.env["helpdesk.ticket"].search([("number", "=", number)]), code

    def _look_up(self, number, code, word=WORD, path="/complaint/status"):
        return self._post(path, {"number": number, "code": code, "word": word})

    def _proof(self, response):
        return self._page(response).xpath("//input[@name='proof']/@value")[0]

    def _act(self, proof, action, files=None, **data):
        return self._post("/complaint/status", {"proof": proof, "action": action, **data}, files)

    def _communicated(self, **answers):
        complaint, code = self._sent(**answers)
        complaint.team_id, complaint.user_id = self.team, self.agent
        self._move(complaint, "communicated")
        return complaint, self._proof(self._look_up(complaint.number, code))
