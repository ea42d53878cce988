import pytz

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    # when the certificates that jobs require were last looked through, and when everybody's were
    certificate_gaps_on = fields.Date(
        readonly=True, copy=False, groups=fields.NO_ACCESS, export_string_translation=False
    )
    certificate_gaps_full_on = fields.Date(
        readonly=True, copy=False, groups=fields.NO_ACCESS, export_string_translation=False
    )

    def _certificate_timezone(self):
        """Where the company's day begins and ends."""
        self.ensure_one()
        return pytz.timezone(self.sudo().resource_calendar_id.tz or self.sudo().partner_id.tz or "UTC")

    def _certificate_now(self):
        return pytz.utc.localize(fields.Datetime.now()).astimezone(self._certificate_timezone())

    def _certificate_today(self):
        return self._certificate_now().date()
