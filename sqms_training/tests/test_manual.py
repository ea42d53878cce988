from datetime import timedelta

from odoo import Command
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

    def test_training_is_not_ready_while_posts_are_held_without_certificates(self):
        self._create_certificate(employee_id=self.other.id)
        self.assertTrue(self._readiness()[0])
        job = self.env["hr.job"].create({"name": "Fitter", "company_id": self.company.id})
        job.current_job_skill_ids = [
            Command.create({
                "skill_type_id": self.certification.id, "skill_id": self.gas.id, "skill_level_id": self.basic.id,
                "valid_from": self.today - timedelta(days=30),
            })
        ]  # fmt: skip
        self.employee.job_id = job
        is_met, reason = self._readiness()
        self.assertEqual((is_met, reason), (False, "1 people hold posts without a certificate that the post needs."))
        self._create_certificate()
        self.assertTrue(self._readiness()[0])

    def test_training_is_told_in_figures(self):
        def chapter():
            manual = self.env["sqms.manual"].with_company(self.company)._manual()
            return next(section for section in manual["sections"] if section["key"] == "training")["values"]

        self.assertEqual(chapter(), {"courses": [], "coverage": []})
        self.env["sqms.training.course"].create({"name": "Gas", "company_id": self.company.id})
        self.env["sqms.training.coverage"].create(
            {
                "month": self.today.replace(day=1), "day": self.today, "kind": "certificate", "met": 3, "needed": 4,
                "company_id": self.company.id,
            }
        )  # fmt: skip
        told = chapter()
        self.assertEqual([(row["name"], row["passed"]) for row in told["courses"]], [("Gas", 0)])
        self.assertEqual([(row["met"], row["needed"]) for row in told["coverage"]], [(3, 4)])
        self.assertNotIn(self.employee.name, str(told))
