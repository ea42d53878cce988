from odoo import fields, models


class ResConfigSettingsReview(models.TransientModel):
    _inherit = "res.config.settings"

    sqms_review_months = fields.Integer(related="company_id.sqms_review_months", readonly=False)
