from odoo import api, fields, models
from odoo.fields import Domain

from .sqms_document import SEES_COVERAGE
from .sqms_document_fulltext import searched_words


class SqmsDocumentVersionFulltext(models.Model):
    """Found by every word in it, in any language."""

    _inherit = "sqms.document.version"

    fulltext = fields.Char(
        string="Number, Title or Text", compute="_compute_fulltext", search="_search_fulltext",
        help="Finds words in what is in force and in preparation.",
    )  # fmt: skip
    fulltext_all = fields.Char(
        string="Text of All Editions", compute="_compute_fulltext", search="_search_fulltext_all",
        groups=SEES_COVERAGE, help="Finds words in superseded and withdrawn editions as well.",
    )  # fmt: skip

    # What is in force of a document, without reading the editions themselves.
    _of_document_idx = models.Index("(document_id, effective_from) INCLUDE (effective_to, state)")

    def _compute_fulltext(self):
        """A question, not a value."""
        self.fulltext = self.fulltext_all = False

    @api.model
    def _lasting_domain(self):
        """In force, in preparation or to come."""
        lasts = Domain("effective_to", "=", False) | Domain("effective_to", ">", fields.Datetime.now())
        return Domain("state", "!=", "obsolete") & lasts

    def _search_fulltext(self, operator, value):
        found = self._search_fulltext_all(operator, value)
        return found if found is NotImplemented else found & self._lasting_domain()

    def _search_fulltext_all(self, operator, value):
        words = searched_words(operator, value)
        if words is None:
            return NotImplemented
        return self.env["sqms.document.text"]._version_domain(words) if words.strip() else Domain.TRUE

    # -- keeping the words up to date ------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        with_files = versions.sudo().filtered("file_ids")
        self.env["sqms.document.text"]._refresh_versions(versions.sudo() - with_files)
        self.env["sqms.document.text"]._refresh_versions(with_files, files=True)
        return versions

    def write(self, vals):
        result = super().write(vals)
        if {"content", "change_summary", "file_ids", "title_by_language"}.intersection(vals):
            self.env["sqms.document.text"]._refresh_versions(self.sudo(), files="file_ids" in vals)
        return result

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        result = super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
        if field_name == "content":
            self.env["sqms.document.text"]._refresh_versions(self.sudo())
        return result

    def _set_texts(self, texts):
        result = super()._set_texts(texts)
        self.env["sqms.document.text"]._refresh_versions(self.sudo())
        return result
