from odoo import fields, models


class ResConfigSettingsManagementReview(models.TransientModel):
    _inherit = "res.config.settings"

    sqms_management_review_months = fields.Integer(related="company_id.sqms_management_review_months", readonly=False)
