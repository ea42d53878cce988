import re

from lxml import html

from odoo.sql_db import db_connect
from odoo.tests import HttpCase, TransactionCase

PAGE = "/quality/feedback"


class FeedbackCase(TransactionCase):
    """A company that answers within ten days, and one person of each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.ref("base.main_company")
        cls.company.write({"sqms_feedback_page": True, "sqms_feedback_days": 10})
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.public = cls.env.ref("base.public_user")
        for name, groups in (
            ("officer", "sqms_base.group_sqms_officer"),
            ("manager", "sqms_base.group_sqms_manager"),
            ("top", "sqms_base.group_sqms_top"),
            ("certifier", "sqms_base.group_sqms_certifier"),
            ("staff", ""),
            ("colleague", ""),
        ):
            setattr(cls, name, cls._person(name, groups))

    @classmethod
    def _person(cls, name, groups, **values):
        names = ["base.group_user", *filter(None, groups.split(","))]
        user = (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": f"Feedback {name}",
                    "login": f"feedback_{name}",
                    "password": f"feedback_{name}",
                    "email": f"feedback_{name}@qinghe.example.com",
                    "lang": "en_US",
                    "tz": "Asia/Shanghai",
                    "company_id": cls.company.id,
                    "company_ids": [(6, 0, cls.company.ids)],
                    "group_ids": [(6, 0, [cls.env.ref(name).id for name in names])],
                    **values,
                }
            )
        )
        cls.env["hr.employee"].create({"name": user.name, "user_id": user.id, "company_id": cls.company.id})
        return user

    def _told(self, user=None, **values):
        """Feedback of a colleague, from his own form."""
        return (
            self.env["sqms.feedback"]
            .with_user(user or self.staff)
            .with_context(default_channel="internal")
            .create({"kind": "idea", "text": "Print the invoice at once. It saves a walk.", **values})
        )

    def _anonymous(self, files=(), seed="s" * 32, **values):
        """Feedback of the public page, as its controller makes it."""
        values = {"kind": "concern", "text": "The till is wrong.", "is_anonymous": True, "lang": "en_US", **values}
        return self.env["sqms.feedback"].with_user(self.public).sudo()._receive(values, files, seed)


class FeedbackPageCase(HttpCase, FeedbackCase):
    """Visitors of the page, and short ways to send it."""

    def setUp(self):
        super().setUp()
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("DELETE FROM sqms_public_throttle")
        self.authenticate(None, None)

    def _page(self, response):
        return html.fromstring(response.content)

    def _text(self, response):
        return " ".join(self._page(response).find(".//main").text_content().split())

    def _token(self, path=PAGE, **options):
        return re.search(r'name="csrf_token" value="([^"]+)"', self.url_open(path, **options).text).group(1)

    def _post(self, path=PAGE, data=None, files=None, **options):
        token = self._token(headers=options.get("headers"))
        return self.url_open(path, data={"csrf_token": token, **(data or {})}, files=files, **options)

    def _answers(self, **answers):
        return {"kind": "concern", "words": "The till is wrong. It printed the sum twice.", "anonymous": "1", **answers}

    def _sent(self, files=None, headers=None, **answers):
        """Feedback sent by the page: (feedback, code)."""
        response = self._post(data=self._answers(**answers), files=files, headers=headers)
        found = self._page(response).find_class("o_sqms_code")
        self.assertTrue(found, self._text(response)[:800])
        code = found[0].text_content().strip()
        return self.env["sqms.feedback"]._find_by_code(code), code

    def _look_up(self, code, path=f"{PAGE}/status"):
        return self._post(path, {"code": code})
