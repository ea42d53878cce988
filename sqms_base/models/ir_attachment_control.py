from odoo import api, models
from odoo.exceptions import AccessError

from .ir_attachment import OUTSIDE_READING, WHAT_IT_IS

# Whose files prove something.
KEPT = ("sqms.control.result", "sqms.calibration")


class IrAttachmentControl(models.Model):
    """Photos of a check that is done, and certificates of a calibration, stay as they are and are never made public."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create(vals_list)
        files._sqms_refuse_kept(new=True)
        return files

    def write(self, vals):
        guarded = WHAT_IT_IS.intersection(vals)
        if guarded:
            self._sqms_refuse_kept()
        kept = self.sudo().filtered(lambda file: file.res_model in KEPT and not file.res_field)
        if kept and any(vals.get(name) for name in OUTSIDE_READING):
            raise AccessError(self.env._("“%s” is evidence and is never made public.", kept[0].name))
        result = super().write(vals)
        if guarded:
            self._sqms_refuse_kept(new=True)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        self._sqms_refuse_kept()

    def _sqms_refuse_kept(self, new=False):
        """Refuse to change files of what is closed; `new` ones come to it with the record, or not at all."""
        for model in KEPT:
            files = self.sudo().filtered(lambda file, model=model: file.res_model == model and not file.res_field)
            if not files:
                continue
            records = self.env[model].sudo().browse(file.res_id for file in files if file.res_id).exists()
            closed = records._closed_to_files(new)
            if closed:
                raise AccessError(
                    self.env._("“%(file)s” belongs to %(record)s and stays as it is.",
                               file=files.filtered(lambda file, closed=closed: file.res_id in closed.ids)[:1].name,
                               record=closed[0].display_name)
                )  # fmt: skip
