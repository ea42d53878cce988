from odoo import models

from .sqms_document_files import without_refused_files


class SqmsActionEvidence(models.Model):
    """The files that prove an action: checked like all files of the quality system, kept with the action.

    1. A file that hangs on something else is copied, so that nobody changes the proof from there.
    2. From done on they stay as they are, as `ir.attachment` sees to.
    """

    _inherit = "sqms.action"

    _sqms_check_files = True

    def _process_attachments_for_post(self, attachments, attachment_ids, message_values):
        attachments = without_refused_files(self, attachments, message_values)
        return super()._process_attachments_for_post(attachments, attachment_ids, message_values)

    def _keep_evidence(self):
        """Make the evidence files of these actions their own."""
        # pylint: disable=missing-return,super-method-mismatch
        for action in self.filtered(lambda action: action.sudo().evidence_file_ids):
            files = action.sudo().evidence_file_ids
            kept = files.with_env(self.env)._sqms_kept_by(action)
            if kept != files:
                # Past the guards of this model: it is the same write that brought the files.
                super(SqmsActionEvidence, action.sudo()).write({"evidence_file_ids": [(6, 0, kept.ids)]})
