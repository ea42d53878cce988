from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PDF, CertificateCase

CLOSED = ("number", "issuer", "issued_by", "revoked_by", "renewed_by_id", "has_proof")


@tagged("post_install", "-at_install")
class TestCertificateAccess(CertificateCase):
    """What each role reads and does; writing is in test_certificate_guard."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificate = cls._create_certificate(issuer="City Health Office")
        cls.certificate._revoke("Photo did not match")

    def _as(self, user):
        return self.certificate.with_user(user).with_context(lang="en_US")

    def test_hr_and_officer_read_everything_but_the_code(self):
        for user in (self.hr, self.officer):
            row = self._as(user)
            self.assertEqual(row.issuer, "City Health Office")
            self.assertEqual(row.revoke_reason, "Photo did not match")
            self.assertTrue(row.verification_url)
            with self.assertRaises(AccessError):
                row.read(["verification_token"])

    def test_certifier_reads_the_register_but_neither_reason_nor_proof(self):
        row = self._as(self.certifier)
        self.assertEqual(row.certificate_state, "revoked")
        self.assertEqual(row.number, self.certificate.number)
        for name in ("revoke_reason", "proof_ids", "verification_token"):
            with self.subTest(name), self.assertRaises(AccessError):
                row.read([name])
        self.assertFalse(row.own_revoke_reason)
        with self.assertRaises(AccessError):
            row.action_revoke()
        with self.assertRaises(AccessError):
            row.action_renew()

    def test_the_holder_reads_his_own(self):
        row = self._as(self.user)
        self.assertEqual(row.certificate_state, "revoked")
        self.assertEqual(row.own_number, self.certificate.number)
        self.assertEqual(row.own_issuer, "City Health Office")
        self.assertEqual(row.own_revoke_reason, "Photo did not match")
        for name in CLOSED:
            with self.subTest(name), self.assertRaises(AccessError):
                row.read([name])

    def test_a_colleague_reads_the_state_and_nothing_more(self):
        row = self._as(self.colleague)
        self.assertEqual(row.certificate_state, "revoked")
        for name in ("own_number", "own_issuer", "own_revoke_reason", "verification_url"):
            self.assertFalse(row[name], name)
        for name in (*CLOSED, "revoke_reason", "proof_ids", "verification_token", "revoked_at"):
            with self.subTest(name), self.assertRaises(AccessError):
                row.read([name])
            with self.subTest(name), self.assertRaises(AccessError):
                row.search([(name, "!=", False)])
        with self.assertRaises(AccessError):
            row.search([], order="number")
        with self.assertRaises(AccessError):
            row._read_group([], ["issuer"])

    def test_the_cache_does_not_mix_people(self):
        self.assertTrue(self._as(self.user).own_number)
        self.assertFalse(self._as(self.colleague).own_number)
        self.assertTrue(self._as(self.user).own_number)

    def test_own_list_shows_own_certificates(self):
        self._create_certificate(employee_id=self.other.id)
        domain = [("is_certification", "=", True), ("employee_id.user_id", "=", self.user.id)]
        self.assertEqual(self.env["hr.employee.skill"].with_user(self.user).search(domain), self.certificate)

    def test_lists_load_for_each_role(self):
        specification = {
            "employee_id": {"fields": {"display_name": {}}},
            "job_id": {"fields": {"display_name": {}}},
            "department_id": {"fields": {"display_name": {}}},
            "certificate_state": {},
            "certificate_label": {},
            "own_number": {},
        }
        for user in (self.hr, self.officer, self.certifier, self.user, self.colleague):
            rows = self.env["hr.employee.skill"].with_user(user)
            found = rows.web_search_read(
                [("id", "=", self.certificate.id)], specification, order="certificate_state, valid_to"
            )
            self.assertEqual(found["records"][0]["certificate_state"], "revoked", user.login)
            groups = rows.web_read_group(
                [("id", "=", self.certificate.id)], ["department_id", "certificate_state"], ["__count"]
            )
            self.assertEqual(len(groups["groups"]), 1, user.login)

    def test_plain_users_still_read_employees(self):
        self.assertEqual(self.employee.with_user(self.colleague).name, "Wang Li")
        self.assertTrue(self.employee.with_user(self.colleague).employee_skill_ids)

    def test_views_open_for_each_role(self):
        rows = self.env["hr.employee.skill"]
        register = ("hr_employee_skill_view_list_certificate", "hr_employee_skill_view_form_certificate")
        own = ("hr_employee_skill_view_list_own", "hr_employee_skill_view_form_own")
        for users, names in (((self.hr, self.officer, self.certifier), register), ((self.user, self.colleague), own)):
            for user in users:
                for name in names:
                    view = self.env.ref(f"sqms_training.{name}")
                    self.assertTrue(rows.with_user(user).get_view(view.id, view.type)["arch"])
        view = self.env.ref(f"sqms_training.{register[1]}")
        for user, shown in ((self.certifier, False), (self.hr, True)):
            arch = etree.fromstring(rows.with_user(user).get_view(view.id, "form")["arch"])
            self.assertEqual(arch.get("create") != "0", shown)
            for path in (
                "//button[@name='action_revoke']",
                "//field[@name='revoke_reason']",
                "//field[@name='proof_ids']",
            ):
                self.assertEqual(bool(arch.xpath(path)), shown, path)

    def test_another_company_is_another_register(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= elsewhere
        stranger = self._create_user("t_stranger", "hr.group_hr_user")
        stranger.write({"company_id": elsewhere.id, "company_ids": [(6, 0, elsewhere.ids)]})
        rows = self.env["hr.employee.skill"].with_user(stranger)
        self.assertFalse(rows.search([("id", "=", self.certificate.id)]))
        with self.assertRaises(AccessError):
            rows.browse(self.certificate.id).read(["number"])
        with self.assertRaises(AccessError):
            rows.create(self._values(0, 20))
        with self.assertRaises(AccessError):
            rows.browse(self.certificate.id)._revoke("from outside")

    def test_regular_skills_of_other_companies_stay_as_in_hr_skills(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        foreigner = self._create_employee("Foreigner", company_id=elsewhere.id)
        skill = self._create_skill(foreigner)
        self.assertTrue(self.env["hr.employee.skill"].with_user(self.colleague).search([("id", "=", skill.id)]))

    def test_wizards_are_for_hr(self):
        for model in ("sqms.certificate.renew", "sqms.certificate.revoke"):
            for user in (self.user, self.certifier):
                with self.subTest(model=model, user=user.login), self.assertRaises(AccessError):
                    self.env[model].with_user(user).create({})

    def test_private_methods_are_not_for_rpc(self):
        row = self._create_certificate(0, 50)
        for user in (self.user, self.colleague, self.certifier):
            with self.assertRaises(AccessError):
                row.with_user(user)._revoke("mine")
            with self.assertRaises(AccessError):
                row.with_user(user)._renew({})
            with self.assertRaises(AccessError):
                row.with_user(user).action_new_verification_code()
            with self.assertRaises(AccessError):
                self.env["sqms.certificate.proof"].with_user(user).create(
                    {"certificate_id": row.id, "name": "x.pdf", "file": PDF}
                )
