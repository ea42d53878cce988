from odoo import api, models
from odoo.exceptions import AccessError

from .ir_attachment import OUTSIDE_READING, WHAT_IT_IS


class IrAttachmentEvaluation(models.Model):
    """Files of an evaluation stay as they were when it was made, and are never made public."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if WHAT_IT_IS.intersection(vals) or any(vals.get(name) for name in OUTSIDE_READING):
            self._sqms_refuse_evaluated()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_file_of_evaluation(self):
        self._sqms_refuse_evaluated()

    def _sqms_refuse_evaluated(self):
        files = self.sudo().filtered(
            lambda file: file.res_model == "sqms.obligation.evaluation" and file.res_id and not file.res_field
        )
        if files:
            raise AccessError(self.env._("“%s” belongs to an evaluation and stays as it is.", files[0].name))
