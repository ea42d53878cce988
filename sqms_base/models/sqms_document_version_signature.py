from odoo import models
from odoo.tools import SQL

OF_DOCUMENT = ("number", "title", "document_type")


class SqmsDocumentVersionSignature(models.Model):
    """What is signed of an edition: everything that it says, in every language it has then.

    1. Author and reviewer sign the text and the files; the approver signs the day of coming into force as well.
    2. The author's signature is given by who wrote in it; whoever takes an edition over writes in it first.
    3. A review is signed where a reviewer was named, an approval by whom the approver's role allows.
    """

    _inherit = "sqms.document.version"

    _signature_fields = (
        "number", "title", "document_type", "edition", "content", "change_summary", "file_ids",
        "reading_decision", "reading_reason", "quiz_survey_id", "quiz_pass_percent", "quiz_attempts",
    )  # fmt: skip
    _signature_fields_for = {"reviewer": ("quiz_digest",), "approver": ("date_effective", "quiz_digest")}

    def _signature_values(self, names, thorough=False):
        image = super()._signature_values([name for name in names if name not in OF_DOCUMENT], thorough)
        if image and "content" in names:
            self.browse(image)._leave_out_translations({id_: values["content"] for id_, values in image.items()})
        if not image or not set(OF_DOCUMENT).intersection(names):
            return image
        self.env["sqms.document"].flush_model(["name", "number", "document_type"])
        self.flush_model(["document_id", "title_by_language"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT version.id, document.number, COALESCE(version.title_by_language, document.name),
                       document.document_type
                  FROM sqms_document_version version
                  JOIN sqms_document document ON document.id = version.document_id
                 WHERE version.id IN %s
                """,
                tuple(image),
            )
        )
        for id_, *values in rows:
            image[id_].update({n: v for n, v in zip(OF_DOCUMENT, values, strict=True) if n in names})
        return image

    def _signature_asked(self, meaning):
        if meaning == "author":
            return {version.id: version.author_id for version in self}
        if meaning == "reviewer":
            return {
                version.id: version.reviewer_id for version in self if version.reviewer_id and not version.reviewed_at
            }
        return {version.id: version.approver_id for version in self}

    def _check_approve(self):
        """Nothing is approved on a signature that is void; the way on is back to the author."""
        refusals = super()._check_approve()
        given = self.filtered(lambda version: version.id not in refusals)._signature_given()
        for id_, rows in given.items():
            newest = {row["meaning"]: row for row in sorted(rows, key=lambda row: row["id"])}
            for row in newest.values():
                if row["meaning"] in ("author", "reviewer") and row["state"] == "void":
                    refusals[id_] = self.env._(
                        "the signature of %(name)s is void (%(reason)s); please return it to its author",
                        name=row["name"],
                        reason=row["reason"],
                    )
        return refusals

    def _signature_facts(self):
        return {
            version.id: " · ".join(
                filter(
                    None,
                    [
                        version.file_ids and self.env._("%(count)s files", count=len(version.file_ids)),
                        version.date_effective
                        and self.env._("effective %(date)s", date=self._signature_day(version.date_effective)),
                        self.env._("author %(name)s", name=version.sudo().author_id.name),
                    ],
                )
            )
            for version in self
        }

    def _signature_statement(self, meaning):
        statements = super()._signature_statement(meaning)
        for version in self:
            edition = self.env._("edition %(edition)s", edition=version.edition)
            if meaning == "approver" and version.date_effective:
                statements[version.id] = self.env._(
                    "I approve %(edition)s to come into force on %(date)s.",
                    edition=edition,
                    date=self._signature_day(version.date_effective),
                )
            else:
                statements[version.id] = version._signature_sentence(meaning, edition)
        return statements
