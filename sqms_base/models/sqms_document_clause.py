from odoo import fields, models


class SqmsDocumentClause(models.Model):
    """Which clauses a document answers."""

    _inherit = "sqms.document"

    clause_ids = fields.Many2many("sqms.clause", string="Clauses", check_company=True)
