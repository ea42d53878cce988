from odoo import fields, models

from .optional_float import OptionalFloat


class SqmsMeasureRestatement(models.Model):
    """A final figure that changed: what it was, what it became, when and why.

    Written together with the change, in one statement; nobody adds, changes or removes one.
    """

    _name = "sqms.measure.restatement"
    _description = "Restatement of a Measure"
    _order = "id desc"
    _rec_name = "measure_id"
    _check_company_auto = True

    measure_id = fields.Many2one("sqms.measure", required=True, readonly=True, ondelete="cascade", index=True)
    indicator_id = fields.Many2one("sqms.indicator", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    period = fields.Date(string="Month", required=True, readonly=True)
    month = fields.Char(related="measure_id.month")
    reason = fields.Selection(
        [("data", "Late or Changed Records"), ("definition", "New Version of the Definition")],
        required=True, readonly=True,
    )  # fmt: skip
    old_numerator = fields.Integer(readonly=True)
    old_denominator = fields.Integer(readonly=True)
    old_n = fields.Integer(string="Old n", readonly=True)
    old_value = OptionalFloat(readonly=True, aggregator=None)
    old_version = fields.Integer(readonly=True)
    new_numerator = fields.Integer(readonly=True)
    new_denominator = fields.Integer(readonly=True)
    new_n = fields.Integer(string="New n", readonly=True)
    new_value = OptionalFloat(readonly=True, aggregator=None)
    new_version = fields.Integer(readonly=True)
    create_date = fields.Datetime(string="Restated On", readonly=True)
