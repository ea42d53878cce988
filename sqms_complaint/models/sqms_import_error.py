from odoo import fields, models


class SqmsImportError(models.Model):
    """A row that was not imported, and why: one line for each such row."""

    _name = "sqms.import.error"
    _description = "Import Error"
    _order = "run_id, line, id"
    _rec_name = "sentence"

    run_id = fields.Many2one("sqms.import.run", required=True, index=True, ondelete="cascade")
    line = fields.Integer(help="Line in the file, as a text editor or a spreadsheet counts it.")
    column = fields.Char()
    value = fields.Char()
    sentence = fields.Text("What is wrong")
    cells = fields.Json("Row", export_string_translation=False)
