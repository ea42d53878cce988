import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib import file_text, fulltext

_logger = logging.getLogger(__name__)


class SqmsDocumentText(models.Model):
    """The words of documents, beside them, for the search alone.

    1. One row for each edition (title, number, text in all languages, what changes, names and words of files) and one
       for each document (number and titles), kept up to date in the transaction that changes them.
    2. The words of files are read in the background.
    3. Rows say nothing to anybody: a search gives documents and editions, and only those one may read.
    """

    _name = "sqms.document.text"
    _description = "Words of a Document"
    _log_access = False
    _order = "id"
    _rec_name = "document_id"

    document_id = fields.Many2one("sqms.document", required=True, index=True, ondelete="cascade", readonly=True)
    version_id = fields.Many2one("sqms.document.version", ondelete="cascade", readonly=True)
    words = fields.Text(readonly=True, export_string_translation=False)
    file_words = fields.Text(readonly=True, export_string_translation=False)
    is_pending = fields.Boolean(readonly=True, export_string_translation=False)

    _version_unique = models.UniqueIndex("(version_id) WHERE version_id IS NOT NULL")
    _document_unique = models.UniqueIndex("(document_id) WHERE version_id IS NULL")
    _pending_idx = models.Index("(id) WHERE is_pending IS TRUE")

    def init(self):
        """The column of the index is not a field: nobody reads it, the ORM does not know it."""
        self.env.cr.execute("ALTER TABLE sqms_document_text ADD COLUMN IF NOT EXISTS grams tsvector")
        self.env.cr.execute(
            "CREATE INDEX IF NOT EXISTS sqms_document_text__grams_index ON sqms_document_text USING gin (grams)"
        )

    # -- search ------------------------------------------------------------

    @api.model
    def _match(self, words):
        """The condition on the table `words`, or None if no word is asked for."""
        wanted = fulltext.query(words)
        if not wanted:
            return None
        terms, patterns = wanted
        conditions = [SQL("words.grams @@ %s::tsquery", terms)]
        for pattern in patterns:
            like = f"%{pattern}%"  # folded: it has neither % nor _
            conditions.append(SQL("(words.words LIKE %s OR words.file_words LIKE %s)", like, like))
        return SQL(" AND ").join(conditions)

    @api.model
    def _version_domain(self, words):
        match = self._match(words)
        return Domain.FALSE if match is None else self._in(
            SQL(
                "SELECT words.version_id FROM sqms_document_text words WHERE words.version_id IS NOT NULL AND %s", match
            )
        )  # fmt: skip

    @api.model
    def _document_domain(self, words, versions):
        """:param versions: the query of the editions whose words count

        One semi-join and no OR: the database chooses whether to begin with the words or with the page of the list.
        """
        match = self._match(words)
        return Domain.FALSE if match is None else self._in(
            SQL(
                """
                SELECT words.document_id
                  FROM sqms_document_text words
                  LEFT JOIN %s visible ON visible.id = words.version_id
                 WHERE (words.version_id IS NULL OR visible.id IS NOT NULL) AND %s
                """,
                versions.subselect(SQL("%s AS id", SQL.identifier("sqms_document_version", "id"))),
                match,
            )
        )  # fmt: skip

    @api.model
    def _in(self, found):
        return Domain.custom(to_sql=lambda model, alias, query: SQL("%s IN (%s)", SQL.identifier(alias, "id"), found))

    # -- keeping it up to date ---------------------------------------------------

    @api.model
    def _refresh_documents(self, documents):
        """Number and titles; they stand in the rows of the editions as well."""
        if not documents:
            return
        documents.flush_recordset(["number", "name"])
        rows = [
            (id_, None, fulltext.join([number, *(name or {}).values()]), "", False)
            for id_, number, name in self.env.execute_query(
                SQL("SELECT id, number, name FROM sqms_document WHERE id IN %s", tuple(documents.ids))
            )
        ]
        self._store(rows, SQL("(document_id) WHERE version_id IS NULL"))
        self._refresh_versions(self.env["sqms.document.version"].sudo().search([("document_id", "in", documents.ids)]))

    @api.model
    def _refresh_versions(self, versions, files=False):
        """:param files: the files have changed; their words are read again in the background"""
        if not versions:
            return
        versions.flush_recordset(["document_id", "title_by_language", "content", "change_summary", "file_ids"])
        versions.document_id.flush_recordset(["number", "name"])
        relation = versions._fields["file_ids"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT version.document_id, version.id, document.number, document.name, version.title_by_language,
                       version.content, version.change_summary, COALESCE(known.file_words, ''), known.is_pending,
                       ARRAY(SELECT file.name FROM %(relation)s link
                               JOIN ir_attachment file ON file.id = link.%(file)s
                              WHERE link.%(version)s = version.id)
                  FROM sqms_document_version version
                  JOIN sqms_document document ON document.id = version.document_id
                  LEFT JOIN sqms_document_text known ON known.version_id = version.id
                 WHERE version.id IN %(ids)s
                """,
                relation=SQL.identifier(relation.relation),
                file=SQL.identifier(relation.column2),
                version=SQL.identifier(relation.column1),
                ids=tuple(versions.ids),
            )
        )
        values, waiting = [], False
        for document, version, number, name, title, content, change, file_words, pending, names in rows:
            parts = [number, *(name or {}).values(), *(title or {}).values(), change, *names]
            parts += map(fulltext.plain, (content or {}).values())
            pending = bool(names) and bool(files or pending)
            waiting |= pending
            values.append((document, version, fulltext.join(parts), "" if files or not names else file_words, pending))
        self._store(values, SQL("(version_id) WHERE version_id IS NOT NULL"))
        if waiting:
            self.env.ref("sqms_base.ir_cron_document_text").sudo()._trigger()

    @api.model
    def _store(self, rows, conflict):
        for start in range(0, len(rows), 200):
            values = SQL(", ").join(
                SQL("(%s, %s, %s, %s, %s, array_to_tsvector(%s::text[]))",
                    *row, sorted(fulltext.grams(row[2]) | fulltext.grams(row[3])))
                for row in rows[start : start + 200]
            )  # fmt: skip
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO sqms_document_text (document_id, version_id, words, file_words, is_pending, grams)
                    VALUES %s ON CONFLICT %s DO UPDATE
                       SET document_id = excluded.document_id, words = excluded.words,
                           file_words = excluded.file_words, is_pending = excluded.is_pending, grams = excluded.grams
                    """,
                    values,
                    conflict,
                )
            )
        self.invalidate_model()

    @api.model
    def _cron_words_of_files(self, batch=20):
        """Read the words of files, and whatever was never indexed, some editions at a time."""
        for documents in self._never_indexed():
            self._refresh_documents(documents)
            self.env["ir.cron"]._commit_progress(len(documents))
        rows = self.search([("is_pending", "=", True)])
        self.env["ir.cron"]._commit_progress(remaining=len(rows))
        for start in range(0, len(rows), batch):
            chunk = rows[start : start + batch]
            chunk._read_files()
            if not self.env["ir.cron"]._commit_progress(len(chunk)):
                return

    def _never_indexed(self, batch=200):
        missing = self.env.execute_query(
            SQL(
                """
                SELECT document.id FROM sqms_document document
                 WHERE NOT EXISTS (SELECT 1 FROM sqms_document_text t
                                    WHERE t.document_id = document.id AND t.version_id IS NULL)
                 UNION
                SELECT version.document_id FROM sqms_document_version version
                 WHERE NOT EXISTS (SELECT 1 FROM sqms_document_text t WHERE t.version_id = version.id)
                 ORDER BY 1
                """
            )
        )
        ids = [id_ for (id_,) in missing]
        return [self.env["sqms.document"].browse(ids[i : i + batch]) for i in range(0, len(ids), batch)]

    def _read_files(self):
        rows = []
        for row in self.sudo():
            parts = []
            for file in row.version_id.file_ids:
                try:
                    parts.append(file_text.text_of(file.name, file.mimetype, file.raw))
                except Exception:  # a file that has vanished from the disk does not hold up the others
                    _logger.exception("The words of file %s could not be read", file.id)
            rows.append((row.document_id.id, row.version_id.id, row.words, fulltext.join(parts), False))
        self._store(rows, SQL("(version_id) WHERE version_id IS NOT NULL"))
