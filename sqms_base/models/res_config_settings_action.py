from odoo import fields, models


class ResConfigSettingsAction(models.TransientModel):
    _inherit = "res.config.settings"

    sqms_action_days_before = fields.Char(related="company_id.sqms_action_days_before", readonly=False)
    sqms_action_days_after = fields.Char(related="company_id.sqms_action_days_after", readonly=False)
