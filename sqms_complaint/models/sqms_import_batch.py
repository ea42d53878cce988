from odoo import fields, models


class SqmsImportBatch(models.Model):
    """What one committed step of an import did. Written by the import, never changed.

    1. Each row of the file is in exactly one batch, and there in exactly one of created, known, refused.
    2. An import that was cut off goes on behind its last batch: batch and complaints are one transaction.
    """

    _name = "sqms.import.batch"
    _description = "Import Step"
    _order = "run_id, id"
    _rec_name = "first_line"

    run_id = fields.Many2one("sqms.import.run", required=True, index=True, ondelete="cascade")
    first_line = fields.Integer("From line")
    last_line = fields.Integer("To line")
    row_count = fields.Integer("Rows")
    created_count = fields.Integer("Created")
    known_count = fields.Integer("Known already")
    refused_count = fields.Integer("Refused")
    known_lines = fields.Text("Lines known already")

    _nothing_lost = models.Constraint(
        "CHECK (row_count = created_count + known_count + refused_count)",
        "Every row of a file is created, known already or refused.",
    )
