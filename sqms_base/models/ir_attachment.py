from odoo import api, models
from odoo.exceptions import AccessError

from .sqms_keep_mixin import heed_guards

OUTSIDE_READING = {"public", "access_token"}
WHAT_IT_IS = {
    "name", "raw", "datas", "db_datas", "store_fname", "checksum", "mimetype", "type", "url",
    "res_model", "res_id", "res_field", "company_id",
}  # fmt: skip


class IrAttachment(models.Model):
    """Files of a document edition.

    1. They follow the edition: who may read it may read them, by no public link and by no token.
    2. From the review on they stay as they are, like the text.
    """

    _inherit = "ir.attachment"

    def write(self, vals):
        if OUTSIDE_READING.intersection(name for name in vals if vals[name]):
            self._sqms_refuse(self._sqms_editions(), self.env._("a file of a document is never made public"))
        if not WHAT_IT_IS.intersection(vals):
            return super().write(vals)
        self._sqms_refuse_locked()
        drafts = self._sqms_editions()
        result = super().write(vals)
        drafts._sqms_written_by(self.env.user, self.env.su)
        return result

    def unlink(self):
        return super(IrAttachment, heed_guards(self)).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_file_of_locked_edition(self):
        self._sqms_refuse_locked()

    def _sqms_refuse_locked(self):
        editions = self._sqms_editions().filtered(lambda edition: edition.state != "draft")
        self._sqms_refuse(editions, self.env._("its files can no longer be changed"))

    def _sqms_refuse(self, editions, reason):
        if editions:
            raise AccessError(
                self.env._(
                    "%(record)s is “%(state)s”: %(reason)s.",
                    record=editions[0].display_name,
                    state=editions[0]._workflow_state_label(),
                    reason=reason,
                )
            )

    def _sqms_editions(self):
        """The document editions that these files belong to."""
        files = self.sudo().filtered(lambda file: file.res_model == "sqms.document.version" and not file.res_field)
        editions = self.env["sqms.document.version"].sudo()
        return editions.search([("file_ids", "in", files.ids)]) if files else editions
