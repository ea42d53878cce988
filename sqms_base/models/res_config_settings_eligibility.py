from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sqms_dispatcher_id = fields.Many2one(related="company_id.sqms_dispatcher_id", readonly=False)
    sqms_override_days = fields.Integer(related="company_id.sqms_override_days", readonly=False)
