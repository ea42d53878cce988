from odoo import api, fields, models

from ..lib.workflow_pass import workflow_fields
from .sqms_document import SEES_COVERAGE


class SqmsDocumentLanguage(models.Model):
    """In which language a document is written; its editions take that over when they are begun."""

    _inherit = "sqms.document"

    source_lang = fields.Selection(
        selection="_source_languages",
        string="Written In",
        required=True,
        default=lambda self: self.env.lang or "en_US",
        tracking=True,
        help="The language that is reviewed and approved. Other languages are translations with an own approval.",
    )
    translation_ids = fields.One2many(
        "sqms.document.translation", "document_id", string="Translations", groups=SEES_COVERAGE
    )
    current_translation_note = fields.Char(
        related="current_version_id.translation_note", string="Note on the Language", related_sudo=False
    )

    @api.model
    def _source_languages(self):
        return self.env["res.lang"].get_installed()

    def write(self, vals):
        result = super().write(vals)
        if "source_lang" in vals:
            drafts = self.sudo().version_ids.filtered(lambda version: version.state == "draft")
            with workflow_fields(drafts, "source_lang"):
                drafts.write({"source_lang": vals["source_lang"]})
        return result
