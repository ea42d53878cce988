from odoo import fields, models


class SqmsClockStepClause(models.Model):
    """A step may rest on a clause of its own."""

    _inherit = "sqms.clock.step"

    clause_id = fields.Many2one(
        "sqms.clause", string="Basis", index="btree_not_null", ondelete="restrict",
        help="Left empty, the clause of the regime.",
    )  # fmt: skip
