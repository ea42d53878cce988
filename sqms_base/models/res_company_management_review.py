from odoo import fields, models


class ResCompanyManagementReview(models.Model):
    _inherit = "res.company"

    sqms_management_review_months = fields.Integer(
        string="Management Review Every", default=12,
        help="Months from one management review to the next. 0: the next one is not planned by itself.",
    )  # fmt: skip

    _sqms_management_review_months_range = models.Constraint(
        "CHECK(sqms_management_review_months BETWEEN 0 AND 36)",
        "A management review is held every 1 to 36 months; 0 plans none.",
    )
