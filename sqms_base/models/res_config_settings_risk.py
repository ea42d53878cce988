from odoo import fields, models


class ResConfigSettingsRisk(models.TransientModel):
    _inherit = "res.config.settings"

    sqms_risk_medium_from = fields.Integer(related="company_id.sqms_risk_medium_from", readonly=False)
    sqms_risk_high_from = fields.Integer(related="company_id.sqms_risk_high_from", readonly=False)
    sqms_risk_extreme_from = fields.Integer(related="company_id.sqms_risk_extreme_from", readonly=False)
    sqms_cost_limit = fields.Monetary(
        related="company_id.sqms_cost_limit", readonly=False, currency_field="sqms_currency_id"
    )
    sqms_renewal_days = fields.Char(related="company_id.sqms_renewal_days", readonly=False)
    sqms_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency of the Amount")
