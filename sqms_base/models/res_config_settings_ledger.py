from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.mail import email_normalize, email_split_and_format

from .sqms_ledger_anchor import ADDRESSES, HOURS


class ResConfigSettingsLedger(models.TransientModel):
    _inherit = "res.config.settings"

    sqms_ledger_anchor_addresses = fields.Char(string="Send Anchors To", config_parameter=ADDRESSES)
    sqms_ledger_anchor_hours = fields.Integer(string="Hours between Anchors", default=6, config_parameter=HOURS)

    @api.constrains("sqms_ledger_anchor_addresses", "sqms_ledger_anchor_hours")
    def _check_sqms_ledger(self):
        for settings in self:
            if not 1 <= settings.sqms_ledger_anchor_hours <= 24:
                raise ValidationError(self.env._("An anchor is made at least once a day: choose 1 to 24 hours."))
            wanted = [part for part in (settings.sqms_ledger_anchor_addresses or "").split(",") if part.strip()]
            good = email_split_and_format(settings.sqms_ledger_anchor_addresses or "")
            if len(good) != len(wanted) or not all(map(email_normalize, good)):
                raise ValidationError(self.env._("Write mail addresses, separated by commas."))

    def set_values(self):
        result = super().set_values()
        cron = self.env.ref("sqms_base.ir_cron_ledger_anchor", raise_if_not_found=False)
        if cron and (cron.interval_number, cron.interval_type) != (self.sqms_ledger_anchor_hours, "hours"):
            cron.sudo().write({"interval_number": self.sqms_ledger_anchor_hours, "interval_type": "hours"})
        return result
