from datetime import timedelta

import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import PDF, CertificateCase


@tagged("post_install", "-at_install")
class TestCertificateRegister(CertificateCase):
    """Numbers, renewal, revocation."""

    def test_numbers_run_by_company_and_year(self):
        first, second = self.env["hr.employee.skill"].create([self._values(0, 10), self._values(0, 11)])
        year = self.today.year
        self.assertEqual([first.number, second.number], [f"CERT/{year}/0001", f"CERT/{year}/0002"])
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        foreigner = self._create_employee("Foreigner", company_id=elsewhere.id)
        self.assertEqual(self._create_certificate(employee_id=foreigner.id).number, f"CERT/{year}/0001")

    def test_two_certificates_never_share_a_number(self):
        first, second = self.env["hr.employee.skill"].create([self._values(0, 10), self._values(0, 11)])
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.cr.execute(
                "UPDATE hr_employee_skill SET number = %s WHERE id = %s",
                [first.number, second.id],
                log_exceptions=False,
            )

    def test_codes_are_long_and_different(self):
        rows = self.env["hr.employee.skill"].create([self._values(0, last) for last in range(1, 30)]).sudo()
        tokens = rows.mapped("verification_token")
        self.assertEqual(len(set(tokens)), 29)
        self.assertTrue(all(len(token) == 43 for token in tokens))

    def test_issue_signs_and_names_the_company_as_issuer(self):
        row = self.env["hr.employee.skill"].with_user(self.hr).create(self._values(0, 10))
        self.assertEqual(row.issuer, self.company.name)
        self.assertEqual(row.issued_by, "t_hr")
        self.assertTrue(row.issued_at)
        self.assertEqual(row.certificate_company_id, self.company)

    def test_issuing_in_batch_costs_the_same_queries_for_any_number(self):
        rows = self.env["hr.employee.skill"]
        rows.create(self._values(-700, -600))
        self.env.flush_all()

        def queries(count, offset):
            values = [self._values(offset + day, offset + day + 10) for day in range(count)]
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows.create(values)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(1, 1000)
        self.assertLessEqual(queries(40, 3000), queries(4, 2000) + 2)

    def test_issuing_twice_keeps_the_number(self):
        row = self._create_certificate()
        number = row.number
        row.action_issue()
        self.assertEqual(row.number, number)

    def test_a_regular_skill_gets_no_number(self):
        skill = self._create_skill()
        skill.action_issue()
        self.assertFalse(skill.number)

    def test_a_copy_is_a_new_certificate(self):
        row = self._create_certificate()
        with self.assertRaises(ValidationError):
            row.copy()
        copied = row.copy({"valid_to": self.today + timedelta(days=400)})
        self.assertNotEqual(copied.number, row.number)
        self.assertNotEqual(copied.sudo().verification_token, row.sudo().verification_token)

    def test_new_code_leaves_the_old_one_empty(self):
        row = self._create_certificate()
        old = row.sudo().verification_token
        row.with_user(self.hr).action_new_verification_code()
        self.assertNotEqual(row.sudo().verification_token, old)

    # -- renewal --------------------------------------------------------------------

    def _renew(self, row, user=None, **values):
        wizard = (
            self.env["sqms.certificate.renew"]
            .with_user(user or self.hr)
            .with_context(**row.with_user(user or self.hr).action_renew()["context"])
        )
        form = Form(wizard)
        for name, value in values.items():
            form[name] = value
        wizard = form.save()
        wizard.proof_name = wizard.proof_file and "new.pdf"
        return self.env["hr.employee.skill"].browse(wizard.action_apply()["res_id"])

    def test_renewal_is_a_new_certificate_that_goes_on(self):
        old = self._create_certificate(-300, 64)
        before = old.sudo().read(["valid_from", "valid_to", "number"])
        new = self._renew(old, proof_file=PDF)
        self.assertEqual(new.valid_from, old.valid_to + timedelta(days=1))
        self.assertEqual(old.renewed_by_id, new)
        self.assertEqual(new.renewal_of_ids, old)
        self.assertNotEqual(new.number, old.number)
        self.assertEqual(new.proof_ids.mapped("name"), ["new.pdf"])
        self.assertEqual(new.issued_by, "t_hr")
        self.assertEqual(old.sudo().read(["valid_from", "valid_to", "number"]), before)

    def test_it_is_renewed_once(self):
        old = self._create_certificate()
        self._renew(old)
        with self.assertRaisesRegex(UserError, "already replaced"):
            old.with_user(self.hr).action_renew()
        with self.assertRaisesRegex(UserError, "already replaced"):
            old.with_user(self.hr)._renew({"valid_from": self.today, "valid_to": False})

    def test_renewal_with_a_level_up(self):
        old = self._create_certificate()
        new = self._renew(old, skill_level_id=self.full)
        self.assertEqual(new.skill_level_id, self.full)
        self.assertEqual(old.skill_level_id, self.basic)

    def test_an_officer_renews(self):
        self.assertEqual(self._renew(self._create_certificate(), self.officer).issued_by, "t_officer")

    def test_a_regular_skill_is_not_renewed(self):
        with self.assertRaises(UserError):
            self._create_skill().action_renew()

    # -- revocation -----------------------------------------------------------------

    def test_revocation_is_signed_and_final(self):
        row = self._create_certificate()
        wizard = self.env["sqms.certificate.revoke"].with_user(self.hr).with_context(**row.action_revoke()["context"])
        with Form(wizard) as form:
            form.reason = "Licence withdrawn by the authority"
        form.record.action_apply()
        self.assertEqual(row.certificate_state, "revoked")
        self.assertEqual(row.revoked_by, "t_hr")
        self.assertEqual(row.revoke_reason, "Licence withdrawn by the authority")
        self.assertEqual(row.revoked_on, self.company._certificate_today())
        with self.assertRaisesRegex(UserError, "already revoked"):
            row._revoke("again")
        with self.assertRaises(UserError):
            row.write({"revoked_on": False})

    def test_revocation_needs_a_reason(self):
        row = self._create_certificate()
        for reason in (False, "", "  \n"):
            with self.assertRaisesRegex(UserError, "Say why"):
                row._revoke(reason)
        self.assertFalse(row.revoked_on)

    def test_several_are_revoked_together_or_none(self):
        rows = self._create_certificate(0, 10) + self._create_certificate(0, 11)
        rows[0]._revoke("first")
        with self.assertRaises(UserError):
            rows._revoke("both")
        self.assertFalse(rows[1].revoked_on)

    def test_correction_is_revoke_and_issue_again_with_the_same_dates(self):
        wrong = self._create_certificate(issuer="Wrong office")
        wrong._revoke("Wrong issuer")
        right = self._renew(wrong, issuer="Right office")
        self.assertEqual((right.valid_from, right.valid_to), (wrong.valid_from, wrong.valid_to))
        self.assertEqual(right.issuer, "Right office")
        self.assertEqual(wrong.renewed_by_id, right)

    def test_a_revoked_certificate_is_no_current_skill(self):
        row = self._create_certificate()
        self.assertIn(row, self.employee.current_employee_skill_ids)
        row._revoke("gone")
        self.employee.invalidate_recordset()
        self.assertNotIn(row, self.employee.current_employee_skill_ids)

    def test_a_twin_is_refused_in_words(self):
        self._create_certificate()
        with self.assertRaisesRegex(ValidationError, "Wang Li already has Licences gas"):
            self._create_certificate()
        with self.assertRaises(ValidationError):
            self.env["hr.employee.skill"].create([self._values(0, None), self._values(0, None)])
        self._create_certificate(skill_level_id=self.full.id)
