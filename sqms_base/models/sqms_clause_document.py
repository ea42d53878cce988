from odoo import api, fields, models


class SqmsClauseDocument(models.Model):
    """The documents that answer a clause, as far as the user may read them."""

    _inherit = "sqms.clause"

    document_ids = fields.Many2many("sqms.document", string="Documents", compute="_compute_document_ids")
    document_count = fields.Integer(compute="_compute_document_ids", export_string_translation=False)

    @api.depends_context("uid", "company")
    def _compute_document_ids(self):
        documents = self.env["sqms.document"].search([("clause_ids", "in", self._origin.ids)])
        for clause in self:
            own = documents.filtered(lambda document: clause._origin in document.clause_ids)  # noqa: B023
            clause.document_ids, clause.document_count = own, len(own)
