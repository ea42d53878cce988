from odoo import fields, models


class ResCompanyFeedback(models.Model):
    _inherit = "res.company"

    sqms_feedback_page = fields.Boolean(
        string="Public Feedback Page", default=True,
        help="Anybody can leave feedback on the page /quality/feedback without an account.",
    )  # fmt: skip
    sqms_feedback_days = fields.Integer(
        string="Feedback Is Answered Within", default=10,
        help="Days from the day it comes in; the page promises it. 0: nothing is promised.",
    )  # fmt: skip

    _sqms_feedback_days_positive = models.Constraint("CHECK(sqms_feedback_days >= 0)", "The days cannot be negative.")
