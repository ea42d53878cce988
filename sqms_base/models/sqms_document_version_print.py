from lxml import html

from odoo import fields, models
from odoo.tools import format_date

from ..lib import pdf_layers
from ..lib.local_time import local_day

REPORT = "sqms_base.report_document_version"
MAX_APPENDED_BYTES = 50 * 1024 * 1024


class SqmsDocumentVersionPrint(models.Model):
    """An edition on paper: every page says what it is, who signed it and whether it counts.

    1. The clock decides about the watermark, not the label of the state.
    2. A copy of what is in force says on which day it was printed: a later edition does not reach paper.
    3. PDFs among the files are appended and stamped; what cannot be appended has a page that names it.
    """

    _inherit = "sqms.document.version"

    def _print_pdf(self):
        """The controlled copy, in the language and with the rights of the user."""
        self.ensure_one()
        self.check_access("read")
        return self.env["sqms.print"]._render(
            "sqms_base.document_version_print",
            {"edition": self},
            stamp=self._print_stamp(),
            parts=self._print_parts(),
            headings=self._print_headings(),
        )

    def _print_status(self):
        """`(status in words, watermark or "")` at this moment."""
        self.ensure_one()
        now = fields.Datetime.now()
        if self.is_in_force:
            return self.env._("In force"), ""
        if self.state in ("draft", "review"):
            words = self.env._("Draft") if self.state == "draft" else self.env._("In review")
            return words, self.env._("DRAFT")
        if self.effective_from and self.effective_from > now:
            day = self._signature_day(self.date_effective)
            return self.env._("In force from %(date)s", date=day), self.env._("NOT IN FORCE YET")
        if self.withdrawn_at or self.state == "obsolete" or not self.effective_from:
            return self.env._("Withdrawn"), self.env._("OBSOLETE")
        return self.env._("Replaced by a later edition"), self.env._("SUPERSEDED")

    def _print_stamp(self):
        self.ensure_one()
        status, watermark = self._print_status()
        today = self._signature_day(local_day(fields.Datetime.now(), self._signature_zone()))
        note = (
            self.env._("Not to be worked by; printed on %(date)s.", date=today)
            if watermark
            else self.env._("Valid on the day of print, %(date)s.", date=today)
        )
        since = (
            self.env._("effective %(date)s", date=self._signature_day(self.date_effective))
            if self.date_effective
            else ""
        )
        return {
            "watermark": watermark,
            "head": [
                (self.title or "", self.number or ""),
                (
                    self.company_id.sudo().name,
                    " · ".join(filter(None, [self.env._("edition %(edition)s", edition=self.edition), status, since])),
                ),
            ],
            "foot": [(self._print_signatures(), ""), (note, (self.content_digest or "")[:19])],
        }

    def _print_signatures(self):
        """Who signed, in one line; an edition taken over from elsewhere names its approver."""
        rows = [row for row in self.signature_rows or [] if row.get("id")]
        words = [
            self.env._("%(meaning)s: %(name)s, %(when)s", meaning=row["label"], name=row["name"], when=row["when"])
            + ("" if row["state"] == "valid" else f" ({self.env._('VOID')})")
            for row in rows
        ]
        if self.approved_at and not any(row["meaning"] == "approver" for row in rows):
            day = format_date(self.env, local_day(self.approved_at, self.effective_tz or "UTC"))
            words.append(self.env._("Approved by %(name)s, %(when)s", name=self.approver_name, when=day))
        return " · ".join(words) or self.env._("not signed")

    def _print_headings(self):
        """The headings of the text, for the bookmarks of the PDF."""
        if not self.content:
            return []
        tree = html.fromstring(f"<div>{self.content}</div>")
        return [(int(node.tag[1]), node.text_content()) for node in tree.iter("h1", "h2", "h3", "h4")]

    def _print_parts(self):
        """The appended PDFs, each with its name; a page instead of what cannot be appended."""
        parts, size = [], 0
        for file in self.file_ids:
            if file.mimetype != "application/pdf":
                continue
            size += file.file_size
            parts.append((file.name, self._print_part(file, size)))
        return parts

    def _print_part(self, file, size):
        try:
            if size > MAX_APPENDED_BYTES:
                raise pdf_layers.PdfTrouble("long")
            return pdf_layers.fit(file.raw)
        except pdf_layers.PdfTrouble as trouble:
            reason = {
                "damaged": self.env._("The file is damaged and cannot be printed."),
                "encrypted": self.env._("The file is protected by a password and cannot be printed."),
                "long": self.env._("The file is too long to be printed with the document."),
            }[trouble.reason]
            return self.env["sqms.print"]._content(
                "sqms_base.document_version_print_attached", {"file_name": file.name, "reason": reason}
            )
