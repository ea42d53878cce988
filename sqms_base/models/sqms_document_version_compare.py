from odoo import api, models
from odoo.exceptions import UserError

from ..lib.compare_texts import compare_texts


class SqmsDocumentVersionCompare(models.Model):
    """What an edition changes: against the one it replaces, or any other that the reader may read."""

    _inherit = "sqms.document.version"

    @api.readonly
    def compare(self, with_id=False):
        """The differences between another edition of the same document and this one, the older first.

        :param with_id: the other edition; left out, the last one before this that was to be in force
        :return: `{"editions": what it may be compared with, "with": id of the other, "older", "newer": numbers,
            "lang", "is_file": nothing but files to compare, **compare_texts()}`; no differences without another
        """
        self.ensure_one()
        self.check_access("read")
        others = self.search([("document_id", "=", self.document_id.id), ("id", "!=", self.id)], order="edition desc")
        other = others.filtered(lambda edition: edition.id == with_id) if with_id else self._compared_by_default(others)
        if with_id and not other:
            raise UserError(self.env._("This edition cannot be compared with that one."))
        answer = {
            "editions": [
                {"id": row.id, "edition": row.edition, "state": row._workflow_state_label()} for row in others
            ],
            "with": other.id,
            "own": self.edition,
        }
        if not other:
            return {**answer, "older": 0, "newer": self.edition, "count": 0, "sections": [], "full": "", "files": []}
        older, newer = (other | self).sorted("edition")
        texts = older._texts_to_compare(newer)
        return {
            **answer,
            "older": older.edition,
            "newer": newer.edition,
            "files": older._compare_files(newer),
            **compare_texts(*texts),
        }

    def _compared_by_default(self, others):
        earlier = others.filtered(lambda edition: edition.edition < self.edition)
        return earlier.filtered("effective_from")[:1] or earlier[:1]

    def _texts_to_compare(self, newer):
        """Both in the language of the reader, or both in the one they were written in: a translation is no change."""
        texts = [self._texts_by_language(), newer._texts_by_language()]
        lang = self.env.lang or "en_US"
        if any(lang not in languages for languages in texts):
            return [
                languages.get(edition.source_lang) or languages.get("en_US") or ""
                for edition, languages in zip((self, newer), texts, strict=True)
            ]
        return [languages[lang] or "" for languages in texts]

    def _compare_files(self, newer):
        """`[{"name", "kind"}]` of the files that came, went or were exchanged."""
        before, after = ({file.name: file.checksum for file in edition.file_ids} for edition in (self, newer))
        rows = []
        for name in sorted({*before, *after}):
            if before.get(name) != after.get(name):
                kind = "changed" if name in before and name in after else "new" if name in after else "removed"
                rows.append({"name": name, "kind": kind})
        return rows
