from odoo import fields, models


class ResCompanyReview(models.Model):
    _inherit = "res.company"

    sqms_review_months = fields.Integer(
        string="Documents Are Reviewed Every",
        help="Months from one review of a document to the next, for documents that are made from now on. 0: by the "
        "type of the document (policies and manuals 12 months, procedures 24, vision and values 36).",
    )

    _sqms_review_months_positive = models.Constraint("CHECK(sqms_review_months >= 0)", "The months cannot be negative.")
