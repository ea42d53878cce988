from datetime import timedelta
from urllib.parse import quote

from odoo.tests import HttpCase, tagged

from ..lib.mask import masked_name
from .common import CertificateCase


@tagged("post_install", "-at_install")
class TestCertificatePage(HttpCase, CertificateCase):
    def _open(self, row_or_path, lang="en_US", **headers):
        path = row_or_path
        if not isinstance(path, str):
            path = "/certificate/" + row_or_path.sudo().verification_token
        self.env.flush_all()
        return self.url_open(f"{path}{'&' if '?' in path else '?'}lang={lang}" if lang else path, headers=headers)

    def test_each_state_has_its_word_and_sign(self):
        revoked = self._create_certificate(-300, 302)
        revoked._revoke("Secret reason")
        cases = (
            (self._create_certificate(-300, 301), "VALID", "fa-check"),
            (self._create_certificate(-300, 40), "VALID, ENDS SOON", "fa-clock-o"),
            (self._create_certificate(-300, -19), "EXPIRED", "19 days ago"),
            (self._create_certificate(10, 300), "NOT YET VALID", "fa-hourglass-start"),
            (self._create_certificate(-300, None), "VALID", "without end"),
            (revoked, "REVOKED", "fa-ban"),
        )
        for row, word, other in cases:
            with self.subTest(word):
                page = self._open(row)
                self.assertEqual(page.status_code, 200)
                self.assertRegex(page.text, rf">\s*{word}\s*</h1>")
                self.assertIn(other, page.text)
                self.assertIn(row.number, page.text)

    def test_a_revocation_shows_at_once(self):
        row = self._create_certificate(-300, 300)
        self.assertIn("o_certificate_valid", self._open(row).text)
        row._revoke("now")
        self.assertIn("o_certificate_revoked", self._open(row).text)

    def test_nothing_more_about_the_holder(self):
        self.employee.write(
            {"work_email": "wang.li@secret.example", "work_phone": "13800000000", "job_title": "Fitter X"}
        )
        row = self._create_certificate(-300, 300)
        row._revoke("Secret reason")
        text = self._open(row).text
        self.assertIn("W*** Li", text)
        for secret in ("Wang", "secret.example", "13800000000", "Fitter X", "Secret reason", "t_hr", "csrf", "<script"):
            self.assertNotIn(secret, text)
        self.assertNotIn(f"/{row.id}", text)
        self.assertNotIn("session_id", self._open(row).headers.get("Set-Cookie", ""))

    def test_a_chinese_name_and_a_chinese_page(self):
        self.employee.name = "王丽"
        row = self._create_certificate(-300, 300, issuer="苏州市应急管理局")
        page = self._open(row, "zh_CN")
        self.assertIn('lang="zh-CN"', page.text)
        self.assertIn(masked_name("王丽"), page.text)
        self.assertNotIn("王丽", page.text)
        self.assertIn("有效", page.text)
        self.assertIn(f"{row.valid_to.year}年{row.valid_to.month}月{row.valid_to.day}日", page.text)
        self.assertIn("Valid", self._open(row, "en_US").text)

    def test_the_browser_chooses_the_language(self):
        row = self._create_certificate(-300, 300)
        for accepted, lang in (
            ("zh-CN,zh;q=0.9", "zh-CN"),
            ("zh", "zh-CN"),
            ("fr-FR,zh;q=0.5", "zh-CN"),
            ("en-GB", "en-US"),
        ):
            page = self._open(row, None, **{"Accept-Language": accepted})
            self.assertIn(f'lang="{lang}"', page.text, accepted)

    def test_headers_forbid_index_copy_and_referrer(self):
        for path in (self._create_certificate(-300, 300), "/certificate/unknown"):
            headers = self._open(path).headers
            self.assertEqual(headers["Cache-Control"], "no-store")
            self.assertIn("noindex", headers["X-Robots-Tag"])
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
            self.assertIn("default-src 'none'", headers["Content-Security-Policy"])

    def test_every_wrong_code_gives_one_and_the_same_page(self):
        row = self._create_certificate(-300, 300)
        token = row.sudo().verification_token
        old = self._create_certificate(-300, 299)
        gone = old.sudo().verification_token
        old.action_new_verification_code()
        hostile = (
            "x", token[:-1], token + "a", token.swapcase(), gone, str(row.id), row.number, "a" * 43, "A" * 9000,
            "%00", token[:-1] + "%00", "%FF%FE", "%ED%A0%80", "a/b/c", "' OR 1=1 --", "%25", "１２３", "0" * 43,
            "[1]", "None", "true", "%F0%9F%98%80",
        )  # fmt: skip
        neutral = self._open("/certificate/" + "b" * 43)
        self.assertIn("o_certificate_unknown", neutral.text)
        for code in hostile:
            with self.subTest(code[:20]):
                page = self._open("/certificate/" + (code if "%" in code else quote(code)))
                self.assertEqual(page.status_code, 200)
                self.assertEqual(self._without_time(page.text), self._without_time(neutral.text))

    def _without_time(self, text):
        start = text.index("Checked")
        return text[:start] + text[text.index("</p>", start) :]

    def test_hostile_parameters_are_no_crash(self):
        path = "/certificate/" + self._create_certificate(-300, 300).sudo().verification_token
        for query in (
            "token=x",
            "token=x&token=y",
            "lang[]=zh_CN",
            "lang=%00",
            "lang=xx",
            "kw=1",
            "a=%00",
            "lang=" + "z" * 3000,
        ):
            page = self.url_open(f"{path}?{query}")
            self.assertEqual((query, page.status_code), (query, 200))
            self.assertIn("o_certificate_valid", page.text)
        for query in ("self=1", "cls=1"):
            self.assertEqual(self.url_open(f"{path}?{query}").status_code, 400)
        self.assertEqual(self.opener.post(self.base_url() + path, data={"a": 1}, timeout=30).status_code, 405)
        self.assertEqual(self.opener.head(self.base_url() + path, timeout=30).status_code, 200)

    def test_an_archived_employee_is_still_answered_for(self):
        row = self._create_certificate(-300, 300)
        self.employee.action_archive()
        self.assertIn("o_certificate_valid", self._open(row).text)

    def test_the_day_is_that_of_the_company(self):
        row = self._create_certificate(-300, 0)
        self.company.resource_calendar_id.tz = "Pacific/Kiritimati"
        values = (
            row.sudo()
            .with_user(self.env.ref("base.public_user"))
            .sudo()
            ._certificate_page(row.sudo().verification_token)
        )
        today = self.company._certificate_today()
        expected = "expired" if row.valid_to < today else "expiring"
        self.assertEqual(values["state"], expected)

    def test_a_logged_in_colleague_sees_the_same_masked_page(self):
        row = self._create_certificate(-300, 300)
        self.authenticate("t_colleague", "t_colleague")
        self.assertNotIn("Wang", self._open(row).text)

    def test_page_of_a_regular_skill_does_not_exist(self):
        skill = self._create_skill()
        self.assertFalse(skill.sudo().verification_token)
        self.assertFalse(skill.verification_url)

    def test_the_address_is_frozen_at_issue(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "https://first.example.com")
        row = self._create_certificate(-300, 300)
        self.env["ir.config_parameter"].set_param("web.base.url", "https://second.example.com")
        row.invalidate_recordset()
        self.assertTrue(row.verification_url.startswith("https://first.example.com/certificate/"))

    def test_one_query_finds_the_certificate(self):
        row = self._create_certificate(-300, 300)
        rows = self.env["hr.employee.skill"].sudo()
        rows._certificate_page(row.sudo().verification_token)
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            rows._certificate_page(row.sudo().verification_token)
        self.assertLess(row.valid_from, self.today + timedelta(days=1))
