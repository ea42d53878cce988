from odoo import api, models

from ..lib import rich_text
from .sqms_document_files import without_refused_files


class SqmsDocumentVersionFiles(models.Model):
    """Text and files of an edition are cleaned on every way they come."""

    _inherit = "sqms.document.version"

    _sqms_check_files = True

    def _process_attachments_for_post(self, attachments, attachment_ids, message_values):
        attachments = without_refused_files(self, attachments, message_values)
        return super()._process_attachments_for_post(attachments, attachment_ids, message_values)

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.context.get("default_content")
        if default:
            vals_list = [{"content": default, **vals} for vals in vals_list]
        return super().create(vals_list)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        if field_name == "content":
            translations = {lang: self._clean_terms(terms) for lang, terms in translations.items()}
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    def _clean_terms(self, terms):
        if isinstance(terms, str):
            return rich_text.clean(terms, self._stored_image)
        if isinstance(terms, dict):
            return {
                source: rich_text.clean(term, self._stored_image) if isinstance(term, str) else term
                for source, term in terms.items()
            }
        return terms
