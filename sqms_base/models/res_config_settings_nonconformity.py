from odoo import fields, models


class ResConfigSettingsNonconformity(models.TransientModel):
    _inherit = "res.config.settings"

    sqms_contain_hours_minor = fields.Float(related="company_id.sqms_contain_hours_minor", readonly=False)
    sqms_contain_hours_major = fields.Float(related="company_id.sqms_contain_hours_major", readonly=False)
    sqms_contain_hours_critical = fields.Float(related="company_id.sqms_contain_hours_critical", readonly=False)
