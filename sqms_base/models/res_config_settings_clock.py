from odoo import fields, models


class ResConfigSettingsClock(models.TransientModel):
    _inherit = "res.config.settings"

    sqms_backdate_hours = fields.Integer(related="company_id.sqms_backdate_hours", readonly=False)
