from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.sqms_base.models.ir_attachment import WHAT_IT_IS


class IrAttachmentLetter(models.Model):
    """The file of a letter that went out stays as it went out."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if WHAT_IT_IS.intersection(vals):
            self._sqms_refuse_letter()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_letter(self):
        self._sqms_refuse_letter()

    def _sqms_refuse_letter(self):
        files = self.sudo().filtered(lambda file: file.res_model == "helpdesk.ticket" and not file.res_field)
        letters = self.env["sqms.complaint.letter"].sudo()
        if files and letters.search_count([("attachment_id", "in", files.ids)], limit=1):
            raise AccessError(self.env._("A letter that went out is kept: it shows what the customer was told."))
