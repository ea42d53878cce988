from lxml import html
from markupsafe import Markup

from odoo import models


class SqmsDocumentVersion(models.Model):
    """An edition as a page of an evidence pack."""

    _inherit = "sqms.document.version"

    def _evidence_pages(self):
        """`{edition id: (file name, page)}`: the text as it was approved; nothing is fetched from elsewhere."""
        pages = {}
        for version in self:
            values = {
                "version": version,
                "language": (self.env.lang or "en_US").replace("_", "-"),
                "text": Markup(_offline(version.content)),
                "state": version._workflow_state_label(),
            }
            page = self.env["ir.qweb"]._render("sqms_base.evidence_pack_document", values)
            name = f"{version.number}-{version.edition}.html".replace("/", "-")
            pages[version.id] = name, b"<!DOCTYPE html>\n" + str(page).strip().encode()
        return pages


def _offline(content):
    """Rich text without pictures and links that lead out of the pack: their words stay."""
    if not content:
        return ""
    root = html.fragment_fromstring(str(content), create_parent="div")
    for image in list(root.iter("img")):
        if not (image.get("src") or "").startswith("data:image/"):
            image.tail = f"[{image.get('alt') or '…'}]{image.tail or ''}"
            image.drop_tree()
    for element in root.iter():
        for name in ("href", "src", "srcset", "background", "poster"):
            if name in element.attrib and not element.get(name).startswith("data:image/"):
                del element.attrib[name]
    return html.tostring(root, encoding="unicode")
