from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.cells import fold


class SqmsImportProfileValue(models.Model):
    """A word of the file and the word of ours for it; `*` stands for all that are not listed.

    People read and write the words of their own language; the profile keeps the technical value.
    """

    _name = "sqms.import.profile.value"
    _description = "Import Profile Value"
    _order = "line_id, id"
    _rec_name = "source"

    line_id = fields.Many2one("sqms.import.profile.line", required=True, index=True, ondelete="cascade")
    source = fields.Char("In the file", required=True, help="“*” stands for every value that is not listed.")
    target = fields.Char("Technical value")
    label = fields.Char("Becomes", compute="_compute_label", inverse="_inverse_label", help="Empty: no value.")

    @api.depends("target", "line_id.target")
    @api.depends_context("lang")
    def _compute_label(self):
        for value in self:
            value.label = value.line_id._get_words().get(value.target, value.target)

    def _inverse_label(self):
        for value in self:
            known = {fold(word): key for key, word in value.line_id._get_words().items()}
            value.target = known.get(fold(value.label or ""), value.label) or False

    @api.constrains("source")
    def _check_source_once(self):
        for line in self.line_id:
            folded = [fold(value.source) for value in line.value_ids]
            if len(set(folded)) < len(folded):
                raise ValidationError(self.env._("A value of “%s” is listed twice.", line.column))
