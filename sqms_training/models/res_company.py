import pytz

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _certificate_timezone(self):
        """Where the company's day begins and ends."""
        self.ensure_one()
        return pytz.timezone(self.sudo().resource_calendar_id.tz or self.sudo().partner_id.tz or "UTC")

    def _certificate_now(self):
        return pytz.utc.localize(fields.Datetime.now()).astimezone(self._certificate_timezone())

    def _certificate_today(self):
        return self._certificate_now().date()
