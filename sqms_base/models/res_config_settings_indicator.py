from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sqms_indicator_owner_id = fields.Many2one(related="company_id.sqms_indicator_owner_id", readonly=False)
