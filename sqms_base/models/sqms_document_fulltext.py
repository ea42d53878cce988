from odoo import api, fields, models
from odoo.fields import Domain

from .sqms_document import SEES_COVERAGE

SEARCHED = ("ilike", "=ilike", "like", "=")


def searched_words(operator, value):
    """The words that are asked for, or None for what this search does not answer."""
    if operator == "in":
        value = [word for word in value if isinstance(word, str)]
        return value[0] if len(value) == 1 else None
    return value if operator in SEARCHED and isinstance(value, str) else None


class SqmsDocumentFulltext(models.Model):
    """Found by number, title and every word in it."""

    _inherit = "sqms.document"

    fulltext = fields.Char(
        string="Number, Title or Text", compute="_compute_fulltext", search="_search_fulltext",
        help="Finds words in what is in force and in preparation.",
    )  # fmt: skip
    fulltext_all = fields.Char(
        string="Text of All Editions", compute="_compute_fulltext", search="_search_fulltext_all",
        groups=SEES_COVERAGE, help="Finds words in superseded and withdrawn editions as well.",
    )  # fmt: skip

    # The order of the list, whatever companies are ticked.
    _list_idx = models.Index("(number, id)")

    def _compute_fulltext(self):
        """A question, not a value."""
        self.fulltext = self.fulltext_all = False

    def _search_fulltext(self, operator, value):
        return self._search_words("fulltext", operator, value)

    def _search_fulltext_all(self, operator, value):
        return self._search_words("fulltext_all", operator, value)

    def _search_words(self, name, operator, value):
        words = searched_words(operator, value)
        if words is None:
            return NotImplemented
        if not words.strip():
            return Domain.TRUE
        # The editions are asked with the rights of the user: words of what he may not read lead nowhere.
        versions = self.env["sqms.document.version"]
        lasting = versions._lasting_domain() if name == "fulltext" else Domain.TRUE
        return self.env["sqms.document.text"]._document_domain(words, versions._search(lasting, order="id"))

    # -- keeping the words up to date ------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        self.env["sqms.document.text"]._refresh_documents(documents.sudo())
        return documents

    def write(self, vals):
        result = super().write(vals)
        if {"number", "name"}.intersection(vals):
            self.env["sqms.document.text"]._refresh_documents(self.sudo())
        return result

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        result = super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
        if field_name == "name":
            self._note_title()
            self.env["sqms.document.text"]._refresh_documents(self.sudo())
        return result
