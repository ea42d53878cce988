import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged

from .common import PDF, CertificateCase


@tagged("post_install", "-at_install")
class TestCertificateProof(CertificateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificate = cls._create_certificate()
        cls.proof = cls.env["sqms.certificate.proof"].create(cls._proof_values())

    @classmethod
    def _proof_values(cls, content=PDF, **values):
        return {"certificate_id": cls.certificate.id, "name": "scan.pdf", "file": content, **values}

    def test_hr_officer_and_holder_read_it_nobody_else(self):
        for user in (self.hr, self.officer, self.user):
            self.assertEqual(self.proof.with_user(user).file, PDF, user.login)
        for user in (self.colleague, self.certifier):
            proofs = self.env["sqms.certificate.proof"].with_user(user)
            self.assertFalse(proofs.search([]))
            with self.assertRaises(AccessError):
                proofs.browse(self.proof.id).read(["name"])
            attachment = self.env["ir.attachment"].search(
                [
                    ("res_model", "=", "sqms.certificate.proof"),
                    ("res_field", "=", "file"),
                    ("res_id", "=", self.proof.id),
                ]
            )
            self.assertEqual(len(attachment), 1)
            with self.assertRaises(AccessError):
                attachment.with_user(user).read(["datas"])

    def test_it_is_added_after_issue_and_signed(self):
        self.certificate.with_user(self.hr).write({"proof_ids": [(0, 0, {"name": "second.pdf", "file": PDF})]})
        added = self.certificate.proof_ids - self.proof
        self.assertEqual(added.added_by, "t_hr")
        self.assertTrue(added.added_at)

    def test_it_is_not_exchanged(self):
        for user in (self.env.user, self.hr, self.user):
            with self.assertRaises(UserError):
                self.proof.with_user(user).write({"file": PDF})
            with self.assertRaises(UserError):
                self.certificate.with_user(user).write({"proof_ids": [(1, self.proof.id, {"name": "other.pdf"})]})

    def test_the_holder_does_not_add_or_remove(self):
        with self.assertRaises(AccessError):
            self.env["sqms.certificate.proof"].with_user(self.user).create(self._proof_values())
        with self.assertRaises(AccessError):
            self.proof.with_user(self.user).unlink()

    def test_only_pictures_and_pdf_up_to_10_mb(self):
        refused = (
            b"",
            b"<html><script>",
            b"<svg xmlns='http://www.w3.org/2000/svg'>",
            b"MZ\x90\x00",
            b"PK\x03\x04",
            b"%PDF-" + b"0" * (10 * 1024 * 1024),
        )
        for content in refused:
            with self.subTest(content[:10]), self.assertRaises(UserError):
                self.env["sqms.certificate.proof"].create(self._proof_values(base64.b64encode(content)))
        for nonsense in ("ü", 7, [1]):
            with self.subTest(nonsense), self.assertRaises(UserError):
                self.env["sqms.certificate.proof"].create(self._proof_values(nonsense))
        for content in (b"\xff\xd8\xff\xe0 jpeg", b"\x89PNG\r\n\x1a\n png", b"RIFF0000WEBPVP8 "):
            self.assertTrue(self.env["sqms.certificate.proof"].create(self._proof_values(base64.b64encode(content))))

    def test_a_regular_skill_has_no_proof(self):
        with self.assertRaises(ValidationError):
            self.env["sqms.certificate.proof"].create(self._proof_values(certificate_id=self._create_skill().id))

    def test_list_tells_a_missing_proof(self):
        other = self._create_certificate(0, 50)
        self.assertEqual([self.certificate.has_proof, other.has_proof], [True, False])

    def test_another_company_does_not_see_it(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("t_stranger", "hr.group_hr_user")
        stranger.write({"company_id": elsewhere.id, "company_ids": [(6, 0, elsewhere.ids)]})
        self.assertFalse(self.env["sqms.certificate.proof"].with_user(stranger).search([("id", "=", self.proof.id)]))


@tagged("post_install", "-at_install")
class TestCertificateProofDownload(HttpCase, CertificateCase):
    def test_the_file_is_served_to_hr_and_holder_alone(self):
        proof = self.env["sqms.certificate.proof"].create(
            {"certificate_id": self._create_certificate().id, "name": "scan.pdf", "file": PDF}
        )
        url = f"/web/content/sqms.certificate.proof/{proof.id}/file"
        for login, status in (
            ("t_hr", 200),
            ("t_officer", 200),
            ("t_employee", 200),
            ("t_colleague", 404),
            ("t_certifier", 404),
        ):
            self.authenticate(login, login)
            self.assertEqual(self.url_open(url).status_code, status, login)
        self.authenticate(None, None)
        self.assertEqual(self.url_open(url).status_code, 404)
