from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sqms_sector_telecom = fields.Boolean(related="company_id.sqms_sector_telecom", readonly=False)
    sqms_sector_retail = fields.Boolean(related="company_id.sqms_sector_retail", readonly=False)
