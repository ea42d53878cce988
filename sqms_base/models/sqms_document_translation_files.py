from odoo import models

from .sqms_document_files import without_refused_files


class SqmsDocumentTranslationFiles(models.Model):
    """What is attached to a translation is looked at like the files of its edition."""

    _inherit = "sqms.document.translation"

    _sqms_check_files = True

    def _process_attachments_for_post(self, attachments, attachment_ids, message_values):
        attachments = without_refused_files(self, attachments, message_values)
        return super()._process_attachments_for_post(attachments, attachment_ids, message_values)
