from odoo.tests import tagged

from .common import CertificateCase


@tagged("post_install", "-at_install")
class TestMorning(CertificateCase):
    """Certificates on the start page."""

    def _page(self, user):
        self.env.flush_all()
        self.env.invalidate_all()
        context = {"lang": "en_US", "tz": "Asia/Shanghai", "allowed_company_ids": user.company_ids.ids}
        return self.env["sqms.morning"].with_user(user).with_context(**context).get_morning()

    def _section(self, user, key="certificates"):
        return next((section for section in self._page(user)["sections"] if section["key"] == key), None)

    def test_own_certificates_with_the_words_of_their_end(self):
        self._create_certificate(-300, 7)
        self._create_certificate(-300, 400, skill_id=self.power.id)
        self._create_certificate(-10, None, skill_id=self.power.id, skill_level_id=self.full.id)
        page = self._page(self.user)
        self.assertEqual((page["waiting"], page["today"], page["start_here"]), (0, 0, False))
        section = self._section(self.user)
        self.assertEqual(section["count"], 3)
        ending, valid, endless = section["items"]
        self.assertEqual((ending["kind"], ending["badge"], ending["date_only"]), ("expires", None, True))
        self.assertTrue(ending["due"] and ending["note"])
        self.assertEqual((valid["due"], valid["badge"]["tone"]), (False, "success"))
        self.assertEqual((endless["note"], endless["badge"]["text"]), ("", "Valid"))
        self.assertIsNone(self._section(self.colleague))

    def test_what_something_follows_is_not_shown(self):
        old = self._create_certificate(-400, -5)
        self.assertEqual(self._section(self.user)["count"], 1)
        new = self._create_certificate(-4, 300)
        items = self._section(self.user)["items"]
        self.assertEqual([item["key"] for item in items], [f"hr.employee.skill,{new.id}"])
        self.assertNotEqual(old, new)

    def test_a_revoked_one_says_so(self):
        row = self._create_certificate(-300, 200)
        row.with_user(self.hr)._revoke("Taken away")
        items = self._section(self.user)["items"]
        self.assertEqual((items[0]["badge"]["text"], items[0]["badge"]["tone"]), ("Revoked", "danger"))

    def test_plain_skills_are_no_certificates(self):
        self._create_skill()
        self.assertIsNone(self._section(self.user))

    def test_hr_sees_what_nothing_follows(self):
        self._create_certificate(-400, -5)
        self._create_certificate(-300, 20, employee_id=self.other.id)
        self._create_certificate(-300, 200, employee_id=self.other.id, skill_id=self.power.id)
        for user in (self.hr, self.officer):
            section = self._section(user, "certificates_to_renew")
            self.assertEqual(section["count"], 2, user.login)
            self.assertIn("Wang Li", section["items"][0]["subtitle"])
            self.assertEqual(self._page(user)["waiting"], 0)
        for user in (self.user, self.certifier):
            self.assertIsNone(self._section(user, "certificates_to_renew"), user.login)
        self.other.active = False
        self.assertEqual(self._section(self.hr, "certificates_to_renew")["count"], 1)

    def test_another_company_is_not_seen(self):
        self._create_certificate(-400, -5)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.hr.write({"company_ids": [(6, 0, elsewhere.ids)], "company_id": elsewhere.id})
        self.assertIsNone(self._section(self.hr, "certificates_to_renew"))

    def test_the_links_list_what_was_counted(self):
        for index in range(7):
            self._create_certificate(-400 + index, 20 + index)
        section = self._section(self.user)
        action = self.env["ir.actions.act_window"]._for_xml_id(section["more"]["xmlid"])
        listed = self.env[action["res_model"]].with_user(self.user).search(section["more"]["domain"])
        self.assertEqual((len(listed), section["count"], len(section["items"])), (7, 7, 5))

    def test_twice_as_many_cost_the_same(self):
        counts = []
        for turn in range(3):
            for index in range(8):
                self._create_certificate(-400 + index + 10 * turn, 20 + index + 10 * turn)
            row = []
            for user in (self.user, self.hr):
                self._page(user)
                self.env.invalidate_all()
                start = self.env.cr.sql_log_count
                self._page(user)
                row.append(self.env.cr.sql_log_count - start)
            counts.append(row)
        self.assertEqual(counts[1], counts[2])
