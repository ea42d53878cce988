from odoo import fields, models


class ResCompanyAnswer(models.Model):
    _inherit = "res.company"

    complaint_answer_days = fields.Integer(
        "Answer to the decision within (days)",
        default=14,
        help="Customers are asked to accept a decision or to object within so many calendar days; without an answer it "
        "stands. 0 names no day.",
    )
