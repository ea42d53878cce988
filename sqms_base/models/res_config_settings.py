from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sqms_acknowledge_days = fields.Integer(related="company_id.sqms_acknowledge_days", readonly=False)
    sqms_remind_readers = fields.Boolean(related="company_id.sqms_remind_readers", readonly=False)
