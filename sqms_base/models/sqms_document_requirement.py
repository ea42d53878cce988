from odoo import fields, models

from .res_partner_requirement import READERS

LIVING = ("draft", "reviewed", "approved", "fulfilled")


class SqmsDocumentRequirement(models.Model):
    """The values of the company and the needs of customers that they serve.

    A value that no requirement names is a fine word; the list of those says so.
    """

    _inherit = "sqms.document"

    requirement_count = fields.Integer(
        string="Requirements", compute="_compute_requirement_count", search="_search_requirement_count", groups=READERS
    )

    def _compute_requirement_count(self):
        counts = dict(
            self.env["sqms.requirement"]._read_group(
                [("value_document_ids", "in", self.ids), ("state", "in", LIVING)], ["value_document_ids"], ["__count"]
            )
        )
        for document in self:
            document.requirement_count = counts.get(document._origin, 0)

    def _search_requirement_count(self, operator, value):
        """Whether there is any: `("requirement_count", "=", 0)`."""
        if operator != "in" or set(value) != {0}:
            return NotImplemented
        named = self.env["sqms.requirement"].search([("state", "in", LIVING), ("value_document_ids", "!=", False)])
        return [("id", "not in", named.value_document_ids.ids)]
