from odoo import api, fields, models
from odoo.fields import Domain


class SqmsDocumentDelegation(models.Model):
    """A delegate reads the document whose edition he may be asked to decide on."""

    _inherit = "sqms.document"

    is_open_to_delegate = fields.Boolean(
        compute="_compute_is_open_to_delegate", search="_search_is_open_to_delegate", export_string_translation=False
    )

    @api.depends_context("uid")
    def _compute_is_open_to_delegate(self):
        found = self._open_versions().document_id
        for document in self:
            document.is_open_to_delegate = document._origin.id in found.ids

    def _search_is_open_to_delegate(self, operator, value):
        if operator != "in":
            return NotImplemented
        own = Domain("id", "in", self._open_versions().document_id.ids)
        return Domain.OR([own if wanted else ~own for wanted in value])

    @api.model
    def _open_versions(self):
        versions = self.env["sqms.document.version"]
        if not versions._standing_readers():
            return versions.sudo()
        return versions.sudo().search(versions._search_is_open_to_delegate("in", [True]))
