from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL

from ..lib import manifest as manifests
from ..lib.workflow_pass import workflow_fields
from .sqms_document import SEES_COVERAGE


class SqmsDocumentVersionLanguage(models.Model):
    """An edition in several languages.

    1. What its author wrote, in the source language and in any other that he kept himself, is signed with the edition.
    2. A translation has an approval of its own. Approved, its text stands beside the others and is what readers of
       that language see. It touches nothing that was signed: what translations have put there is left out of the
       signed image of the edition and of its digest.
    3. The database always holds a text under “en_US”; of an edition that was not written in English that is a copy of
       the source until it is translated.
    """

    _inherit = "sqms.document.version"

    translation_ids = fields.One2many(
        "sqms.document.translation", "version_id", string="Translations", groups=SEES_COVERAGE
    )
    translation_label = fields.Char(string="Translated", compute="_compute_translation_label", groups=SEES_COVERAGE)
    translation_note = fields.Char(compute="_compute_translation_note")

    @api.model
    def _source_languages(self):
        return self.env["res.lang"].get_installed()

    @api.model_create_multi
    def create(self, vals_list):
        documents = self.env["sqms.document"].browse({vals.get("document_id") for vals in vals_list} - {None, False})
        source = {document.id: document.source_lang for document in documents.sudo()}
        for vals in vals_list:
            vals["source_lang"] = source.get(vals.get("document_id"))
        return super().create(vals_list)

    # -- which languages it speaks ---------------------------------------------

    def _translated_texts(self):
        """`{edition id: {lang: text}}` of the approved translations."""
        translations = (
            self.env["sqms.document.translation"]
            .sudo()
            .search_fetch(
                [("version_id", "in", self.ids), ("approved_at", "!=", False)], ["version_id", "lang", "content"]
            )
        )
        texts = {}
        for translation in translations:
            texts.setdefault(translation.version_id.id, {})[translation.lang] = str(translation.content or "")
        return texts

    def _leave_out_translations(self, contents):
        """Take what approved translations have put there out of `{edition id: {lang: text}}`, in place.

        A text that is not, to the letter, that of its translation stays, and so shows as a change.
        """
        translated = self._translated_texts()
        for version in self.sudo():
            texts = contents.get(version.id)
            for lang, text in translated.get(version.id, {}).items():
                if not texts or texts.get(lang) not in (text, manifests.abridged(text)):
                    continue
                if lang == "en_US":
                    texts[lang] = texts.get(version.source_lang)
                else:
                    del texts[lang]

    def _texts_as_signed(self):
        """`{lang: text}` without what translations have added."""
        self.ensure_one()
        texts = dict(self._texts_by_language())
        self._leave_out_translations({self.id: texts})
        return texts

    def _source_text(self):
        """The text that is translated, from the database."""
        texts = self._texts_as_signed()
        return texts.get(self.source_lang) or texts.get("en_US") or ""

    def _own_languages(self):
        """The languages in which the author himself has written it, without the copy under English."""
        texts = self._texts_as_signed()
        source = texts.get(self.source_lang)
        return {
            lang for lang, text in texts.items()
            if text and (lang == self.source_lang or not source or lang != "en_US" or text != source)
        }  # fmt: skip

    def _set_texts(self, texts):
        """Store texts by language as they are. Not by the ORM: it forces the structure of one language on all."""
        self.ensure_one()
        self.flush_recordset()
        self._ledger_touch()
        self._ledger_capture(["content"])
        self.env.cr.execute(
            SQL("UPDATE sqms_document_version SET content = %s WHERE id = %s", Json(texts) if texts else None, self.id)
        )
        self.invalidate_recordset(["content", "translation_note"])

    def _take_in_translation(self, translation):
        """An approved translation becomes what readers of its language see; what was signed stays as it is."""
        texts = {**self._texts_by_language(), translation.lang: str(translation.content)}
        self._set_texts(texts)
        self._ledger_log("translated", new={"lang": translation.lang, "translation": translation.id})

    @api.depends("translation_ids.state")
    @api.depends_context("lang")
    def _compute_translation_label(self):
        for version in self:
            rows = version.translation_ids
            done = rows.filtered("approved_at")
            version.translation_label = (
                self.env._("%(done)s of %(all)s", done=len(done), all=len(rows)) if rows else False
            )

    def action_open_translations(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_document_translation_action"),
            "domain": [("version_id", "=", self.id)],
            "context": {"default_version_id": self.id},
        }

    def action_translate(self):
        """A new translation; which language is asked there."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Translate"),
            "res_model": "sqms.document.translation",
            "views": [(False, "form")],
            "context": {"default_version_id": self.id},
        }

    # -- what readers are told ------------------------------------------------------

    @api.depends("content", "source_lang", "translation_ids.state")
    @api.depends_context("lang")
    def _compute_translation_note(self):
        """Why the text is not in the language of its reader: nothing, if it is."""
        lang = self.env.lang or "en_US"
        missing = self.filtered(lambda version: version.source_lang and version.source_lang != lang)
        if missing:
            self.flush_recordset(["content"])
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT id FROM sqms_document_version
                     WHERE id IN %s AND (content -> %s) IS NOT NULL
                       AND NOT (%s = 'en_US' AND content ->> 'en_US' = content ->> source_lang)
                    """,
                    tuple(missing._origin.ids) or (0,),
                    lang,
                    lang,
                )
            )
            there = {id_ for (id_,) in rows}
            missing = missing.filtered(lambda version: version._origin.id not in there and version.content)
        older = {}
        if missing:
            for translation in (
                self.env["sqms.document.translation"]
                .sudo()
                .search(
                    [
                        ("document_id", "in", missing.document_id.ids),
                        ("lang", "=", lang),
                        ("approved_at", "!=", False),
                    ],
                    order="id",
                )
            ):
                older[translation.document_id.id] = translation.version_id.edition
        # “Chinese, Simplified / 简体中文” is called by its own name.
        names = {code: name.split(" / ")[-1] for code, name in self.env["res.lang"].get_installed()}
        for version in self:
            if version.id not in missing.ids:
                version.translation_note = False
                continue
            words = {"language": names.get(lang, lang), "shown": names.get(version.source_lang, version.source_lang)}
            edition = older.get(version.document_id.id)
            if edition:
                version.translation_note = self.env._(
                    "The translation (%(language)s) is of edition %(edition)s. This one is shown in %(shown)s until "
                    "it is translated.",
                    edition=edition,
                    **words,
                )
            else:
                version.translation_note = self.env._("Not translated (%(language)s): shown in %(shown)s.", **words)

    @api.depends("translation_ids.title", "translation_ids.state")
    def _compute_title(self):
        super()._compute_title()
        lang = self.env.lang or "en_US"
        # Not in sudo: what is read so stays in the cache for who may not read it.
        others = self.filtered(lambda version: version.source_lang != lang)
        if not others:
            return
        translations = (
            self.env["sqms.document.translation"]
            .sudo()
            .search_fetch(
                [("version_id", "in", others._origin.ids), ("lang", "=", lang), ("approved_at", "!=", False)],
                ["version_id", "title"],
            )
        )
        titles = {translation.version_id.id: translation.title for translation in translations}
        for version in self:
            version.title = titles.get(version._origin.id) or version.title

    # -- when translations fall due ---------------------------------------------------

    def _on_approve(self):
        result = super()._on_approve()
        self._ask_for_translations()
        return result

    def _take_over(self, approver_id, approved_at, effective_from):
        result = super()._take_over(approver_id, approved_at, effective_from)
        self.filtered(lambda version: version.state in ("approved", "effective"))._ask_for_translations()
        return result

    def _ask_for_translations(self):
        """Every language that has a translation of an earlier edition needs one of this."""
        translations = self.env["sqms.document.translation"].sudo()
        earlier = translations.search([("document_id", "in", self.document_id.ids)], order="id")
        last = {(row.document_id, row.lang): row for row in earlier}
        values = []
        for version in self.sudo():
            there = set(version.translation_ids.mapped("lang")) | version._own_languages()
            values += [
                (row, row._prepare_next(version))
                for (document, lang), row in last.items()
                if document == version.document_id and lang not in there
            ]
        following = translations.create([vals for _row, vals in values])
        for (row, _vals), new in zip(values, following, strict=True):
            # Its words were made from the source of the edition before.
            with workflow_fields(new, "source_digest"):
                new.source_digest = row.source_digest
        following._ask_translators()

    def _on_take_effect(self):
        result = super()._on_take_effect()
        before = (
            self.env["sqms.document.translation"]
            .sudo()
            .search(
                [
                    ("document_id", "in", self.document_id.ids),
                    ("version_id", "not in", self.ids),
                    ("state", "!=", "outdated"),
                ]
            )
        )
        # An edition that is still being made keeps its translations.
        before.filtered(
            lambda row: row.version_id.state in ("superseded", "obsolete") or row.version_id.effective_to
        )._outdate()
        return result

    def _on_withdraw(self):
        result = super()._on_withdraw()
        self.sudo().translation_ids._outdate()
        return result
