from odoo import api, fields, models


class SqmsDocumentHeader(models.Model):
    """What stands in the head of a document: the clauses it answers, and for whom it is, in a few words."""

    _inherit = "sqms.document"

    clause_words = fields.Char(string="Answers", compute="_compute_clause_words")
    audience_words = fields.Char(string="For", compute="_compute_audience_words")

    @api.depends("clause_ids")
    def _compute_clause_words(self):
        """“ISO 9001 8.7 · ISO 10002 8.7”; more than four are counted."""
        for document in self:
            clauses = document.sudo().clause_ids
            words = [
                f"{(clause.standard_id.code or '').split(':')[0]} {clause.number or ''}".strip() for clause in clauses
            ]
            more = [f"+{len(words) - 4}"] if len(words) > 4 else []
            document.clause_words = " · ".join(words[:4] + more)

    @api.depends("audience", "department_ids", "job_ids", "category_ids", "employee_ids")
    @api.depends_context("lang")
    def _compute_audience_words(self):
        """The first group by name, the rest counted: “Customer Service +2”."""
        kinds = dict(self._fields["audience"]._description_selection(self.env))
        for document in self:
            if document.audience != "chosen":
                document.audience_words = kinds.get(document.audience)
                continue
            all_of = document.sudo()
            names = [
                *all_of.department_ids.mapped("name"), *all_of.job_ids.mapped("name"),
                *all_of.category_ids.mapped("name"), *all_of.employee_ids.mapped("name"),
            ]  # fmt: skip
            more = f" +{len(names) - 1}" if len(names) > 1 else ""
            document.audience_words = f"{names[0]}{more}" if names else kinds["chosen"]
