from odoo import fields, models


class ResConfigSettingsSatisfaction(models.TransientModel):
    _inherit = "res.config.settings"

    satisfaction_is_on = fields.Boolean(related="company_id.satisfaction_is_on", readonly=False)
    satisfaction_percent = fields.Integer(related="company_id.satisfaction_percent", readonly=False)
    satisfaction_at_least = fields.Integer(related="company_id.satisfaction_at_least", readonly=False)
    satisfaction_cooldown_days = fields.Integer(related="company_id.satisfaction_cooldown_days", readonly=False)
    satisfaction_deadline_days = fields.Integer(related="company_id.satisfaction_deadline_days", readonly=False)
    satisfaction_reminders = fields.Integer(related="company_id.satisfaction_reminders", readonly=False)
    satisfaction_reminder_days = fields.Integer(related="company_id.satisfaction_reminder_days", readonly=False)
