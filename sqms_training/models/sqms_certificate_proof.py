import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..lib.proof_file import MAX_BYTES, proof_type


class SqmsCertificateProof(models.Model):
    """The scan that proves a certificate.

    1. HR, training officers and the person whom it certifies see it, nobody else.
    2. A proof is added and never exchanged: what was looked at on a day is still there.
    3. A PDF or a photo of at most 10 MB; anything that could run in a browser is refused.
    """

    _name = "sqms.certificate.proof"
    _description = "Proof of a Certificate"
    _order = "id"
    _check_company_auto = True

    certificate_id = fields.Many2one("hr.employee.skill", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="certificate_id.certificate_company_id", store=True, index=True)
    name = fields.Char("File Name", required=True)
    file = fields.Binary(attachment=True, required=True)
    added_by = fields.Char(readonly=True)
    added_at = fields.Datetime("Added On", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        self.env["hr.employee.skill"]._check_certificate_writer()
        signature = {"added_by": self.env.user.name, "added_at": fields.Datetime.now()}
        for vals in vals_list:
            self._check_file(vals.get("file"))
        return super().create([{**vals, **signature} for vals in vals_list])

    def write(self, vals):
        # The company comes with the number of the certificate; it is no work of a person.
        if vals.keys() - {"company_id"} or not self.env.su:
            raise UserError(self.env._("A proof stays as it was added. Add the other file beside it."))
        return super().write(vals)

    @api.constrains("certificate_id")
    def _check_certificate(self):
        for proof in self:
            if not proof.certificate_id.is_certification:
                raise ValidationError(self.env._("Only certificates have a proof."))

    @api.model
    def _check_file(self, value):
        try:
            content = base64.b64decode(value or b"", validate=False)
        except (binascii.Error, TypeError, ValueError):
            content = b""
        if not proof_type(content):
            raise UserError(self.env._("The proof must be a PDF or a photo (JPEG, PNG, WEBP)."))
        if len(content) > MAX_BYTES:
            raise UserError(self.env._("The proof must not be larger than 10 MB."))
