from odoo import fields, models


class ResConfigSettingsFeedback(models.TransientModel):
    _inherit = "res.config.settings"

    sqms_feedback_page = fields.Boolean(related="company_id.sqms_feedback_page", readonly=False)
    sqms_feedback_days = fields.Integer(related="company_id.sqms_feedback_days", readonly=False)
