from odoo import fields, models


class ResConfigSettingsDuplicate(models.TransientModel):
    _inherit = "res.config.settings"

    complaint_duplicate_days = fields.Integer(related="company_id.complaint_duplicate_days", readonly=False)
    complaint_repeat_days = fields.Integer(related="company_id.complaint_repeat_days", readonly=False)
    complaint_systemic_count = fields.Integer(related="company_id.complaint_systemic_count", readonly=False)
