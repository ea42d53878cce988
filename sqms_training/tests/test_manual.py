from odoo.tests import tagged

from .common import CertificateCase


@tagged("post_install", "-at_install")
class TestManual(CertificateCase):
    """Certificates in the quality manual and in the readiness of the system."""

    def _chapter(self):
        manual = self.env["sqms.manual"].with_company(self.company)._manual()
        return next(section for section in manual["sections"] if section["key"] == "certificates")["values"]["rows"]

    def _readiness(self):
        self.env.invalidate_all()
        return self.env["sqms.readiness"].with_company(self.company)._check_training(self.company)

    def test_register_counts_each_kind_and_names_nobody(self):
        self.assertEqual(self._chapter(), [])
        self.assertFalse(self._readiness()[0])
        self._create_certificate()
        self._create_certificate(employee_id=self.other.id)
        rows = self._chapter()
        self.assertEqual(sum(row["valid"] + row["expiring"] for row in rows), 2)
        self.assertNotIn(self.employee.name, str(rows))

    def test_training_is_ready_with_certificates_and_somebody_who_keeps_them(self):
        self._create_certificate()
        is_met, reason = self._readiness()
        self.assertTrue(is_met, reason)
        self.env.ref("sqms_training.group_training_officer").all_user_ids.filtered(
            lambda user: self.company in user.company_ids
        ).sudo().write({"active": False})
        self.assertFalse(self._readiness()[0])
