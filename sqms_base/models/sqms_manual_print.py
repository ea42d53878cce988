import io
import itertools

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.pdf import PdfFileReader

from ..lib import pdf_layers
from ..lib.manual_pages import find_pages, mark_of

# Two prints are enough unless a number in the contents moves a line.
MAX_PRINTS = 4


class SqmsManualPrint(models.AbstractModel):
    """The manual on paper.

    1. Every page says which edition it is, whether it is approved, and of which moment it is.
    2. The page numbers of its contents are those of the pages on which the chapters begin: it is printed again until
       they are.
    """

    _inherit = "sqms.manual"

    @api.model
    def _manual_pdf(self):
        """The manual as PDF for the user at hand: (content, `{chapter: page}`, what was printed)."""
        manual = self._manual()
        pages = {}
        for _attempt in range(MAX_PRINTS):
            marked = self._manual_content(manual, pages, marks=True)
            pages = self._manual_find_pages(manual, marked)
            content = self._manual_content(manual, pages)
            if pdf_layers.page_count(content) == pdf_layers.page_count(marked):
                content = pdf_layers.bookmarks(content, self._manual_bookmarks(manual, pages))
                return self.env["sqms.print"]._stamp(content, self._manual_stamp(manual)), pages, manual
        raise UserError(self.env._("The contents of the manual did not come to rest. Please try again."))

    def _manual_content(self, manual, pages, marks=False):
        """One print of what is to be read.

        :param pages: `{chapter: page}` for the contents
        :param marks: whether each heading carries its mark
        """
        values = {
            "manual": manual,
            "company": manual["company"],
            "pages": pages,
            "mark_of": mark_of if marks else None,
            "on_screen": False,
        }
        return self.env["sqms.print"]._content("sqms_base.manual_print", values)

    def _manual_find_pages(self, manual, marked):
        texts = [page.extract_text() for page in PdfFileReader(io.BytesIO(marked)).pages]
        return find_pages(texts, [section["key"] for section in manual["sections"]])

    def _manual_bookmarks(self, manual, pages):
        """The chapters in the side bar of PDF readers."""
        return [
            (1, pages[section["key"]] - 1, f"{section['number']} {section['title']}")
            for section in manual["sections"]
            if section["key"] in pages
        ]

    def _manual_stamp(self, manual):
        """What stands on every page."""
        edition = manual["edition"]
        status = self.env._("In force") if manual["in_force"] else self.env._("Not approved")
        approval = ""
        if manual["in_force"]:
            approval = self.env._("Approved by %(name)s", name=edition.approver_name)
        return {
            "watermark": "" if manual["in_force"] else self.env._("NOT APPROVED"),
            "head": [
                (manual["title"], edition.number or ""),
                (
                    manual["company"].name,
                    " · ".join(
                        itertools.chain(
                            [self.env._("edition %(edition)s", edition=edition.edition)] if edition else [], [status]
                        )
                    ),
                ),
            ],
            "foot": [
                (self.env._("From the records as of %(instant)s", instant=manual["as_of"]), ""),
                (approval, (edition.content_digest or "")[:19]),
            ],
        }

    @api.model
    def _manual_file_name(self, manual):
        edition = manual["edition"]
        name = " ".join(filter(None, (edition.number, manual["title"], edition.edition and str(edition.edition))))
        return f"{name.replace('/', '-')}.pdf"
