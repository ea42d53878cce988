import logging
import os
import tempfile

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import find_in_path

from odoo.addons.base.models import ir_actions_report

from ..lib import pdf_layers
from ..lib.print_html import self_contained

_logger = logging.getLogger(__name__)

MARGINS = {"top": 27, "bottom": 33, "left": 18, "right": 18}  # millimetres; head and foot of the overlay stand there
# The printer orders its fonts by lot unless it is told not to: what is the same is printed in the same bytes.
os.environ.setdefault("QT_HASH_SEED", "0")
NOWHERE = "http://127.0.0.1:9"  # whatever the printer might still want to fetch ends at a closed door


class SqmsPrint(models.AbstractModel):
    """PDF in two layers: what is to be read, and over it the head, foot and watermark of every page.

    1. Number, edition, status and signatures do not depend on the build of wkhtmltopdf: they are drawn, not headers.
    2. The printer gets a page that stands alone: nothing is fetched from the network or the disk, nothing runs.
    """

    _name = "sqms.print"
    _description = "Printing in Two Layers"

    @api.model
    def _render(self, template, values, stamp=None, parts=(), headings=(), margins=None):
        """A QWeb template as PDF.

        :param template: XML id of a template that gives the body, without html and head
        :param stamp: what stands on every page, all keys optional and all plain words:
            `head` and `foot` are lists of lines, each `(left, right)`; `watermark`; page numbers come by themselves
        :param parts: PDFs to append, `[(title, bytes), ...]`: stamped as well, each with a bookmark
        :param headings: `[(level, words), ...]` of the body that become bookmarks
        """
        body = self._content(template, values, margins)
        if headings:
            body = pdf_layers.bookmarks(body, pdf_layers.find_headings(body, headings))
        if parts:
            body = pdf_layers.join([(None, body), *parts])
        return self._stamp(body, stamp or {})

    @api.model
    def _content(self, template, values, margins=None):
        """The first layer alone: to count pages, or to find on which page something stands."""
        body = self.env["ir.qweb"]._render(template, {"env": self.env, **values})
        return self._print(self._page(body), {**MARGINS, **(margins or {})})

    @api.model
    def _stamp(self, pdf, stamp):
        """Any PDF with the second layer over it, upright or broadside as its pages are."""
        shapes = pdf_layers.shapes(pdf)
        layers = {shape: self._overlay(shapes, shape, stamp) for shape in set(shapes)}
        overlay = next(iter(layers.values())) if len(layers) == 1 else pdf_layers.pick(shapes, layers)
        return pdf_layers.stamp(pdf, overlay)

    @api.model
    def _overlay(self, shapes, shape, stamp):
        """As many boxes of a page's height as there are pages."""
        page = self.env._("page %(number)s of %(count)s", number="{}", count=len(shapes))
        body = self.env["ir.qweb"]._render(
            "sqms_base.print_overlay",
            {
                "pages": [page.format(number) for number in range(1, len(shapes) + 1)],
                "shape": shape,
                "head": stamp.get("head") or [],
                "foot": stamp.get("foot") or [],
                "watermark": stamp.get("watermark") or "",
                "size": self._watermark_size(stamp.get("watermark") or ""),
            },
        )
        return self._print(self._page(body), dict.fromkeys(MARGINS, 0), landscape=shape == "landscape")

    @staticmethod
    def _watermark_size(words):
        """Long words are written smaller, so that they stay on the sheet."""
        width = sum(2 if ord(letter) > 0x2E80 else 1.3 for letter in words) or 1
        return min(110, int(1150 / width))

    @api.model
    def _page(self, body):
        body = Markup(self_contained(str(body)))
        lang = (self.env.lang or "en_US").replace("_", "-")
        return str(self.env["ir.qweb"]._render("sqms_base.print_page", {"body": body, "page_lang": lang}))

    @api.model
    def _print(self, page, margins, landscape=False):
        """The bytes of wkhtmltopdf for one page of HTML."""
        try:
            find_in_path("wkhtmltopdf")
        except OSError as error:
            raise UserError(
                self.env._("The PDF cannot be made: wkhtmltopdf is not installed on the server.")
            ) from error
        arguments = [
            "--quiet", "--disable-javascript", "--disable-local-file-access", "--disable-plugins",
            "--proxy", NOWHERE, "--encoding", "utf-8", "--page-size", "A4", "--dpi", "96",
            "--orientation", "Landscape" if landscape else "Portrait",
        ]  # fmt: skip
        for side, width in margins.items():
            arguments += [f"--margin-{side}", str(width)]
        with tempfile.TemporaryDirectory(prefix="sqms_print_") as folder:
            source, target = os.path.join(folder, "page.html"), os.path.join(folder, "page.pdf")
            with open(source, "w", encoding="utf-8") as file:
                file.write(page)
            done = ir_actions_report._run_wkhtmltopdf([*arguments, source, target])
            pdf = b""
            if os.path.exists(target):
                with open(target, "rb") as file:
                    pdf = file.read()
        # A picture that could not be drawn ends in 1 although the PDF is there.
        if done.returncode not in (0, 1) or not pdf:
            _logger.error("wkhtmltopdf ended with %s: %s", done.returncode, (done.stderr or "")[-500:])
            raise UserError(self.env._("The PDF could not be made. Please tell your administrator."))
        return pdf
