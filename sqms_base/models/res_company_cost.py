from odoo import fields, models


class ResCompanyCost(models.Model):
    _inherit = "res.company"

    sqms_cost_limit = fields.Monetary(
        string="Quality Costs Approved Above",
        help="A quality cost above this amount is approved by somebody else than who wrote it. 0: none is.",
    )

    _sqms_cost_limit_positive = models.Constraint("CHECK(sqms_cost_limit >= 0)", "The amount cannot be negative.")
