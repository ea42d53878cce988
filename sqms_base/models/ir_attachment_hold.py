from odoo import api, models

from .ir_attachment import WHAT_IT_IS


class IrAttachmentHold(models.Model):
    """Files of a record that a legal hold needs are neither deleted nor changed, by whomever."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if WHAT_IT_IS.intersection(vals):
            self._sqms_refuse_held()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        self._sqms_refuse_held()

    def _sqms_refuse_held(self):
        holds = self.env["sqms.legal.hold"].sudo()
        held = holds._held_models()
        for model in held:
            files = self.sudo().filtered(lambda file, model=model: file.res_model == model and file.res_id)
            if files and model in self.env:
                holds._refuse_held(self.env[model].browse(set(files.mapped("res_id"))))
