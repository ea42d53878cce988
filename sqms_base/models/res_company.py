from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sqms_acknowledge_days = fields.Integer(
        string="Days to Read",
        default=14,
        help="A new edition is to be read within this many days from the day it comes into force. "
        "Readings already asked for keep their date.",
    )
    sqms_remind_readers = fields.Boolean(
        string="Remind Readers",
        default=True,
        help="Everybody who has something left to read gets one mail a day that lists it.",
    )

    _sqms_acknowledge_days_positive = models.Constraint(
        "CHECK(sqms_acknowledge_days > 0)", "Give people at least one day to read."
    )

    def _sqms_tz(self):
        """The time zone in which the company counts its days."""
        self.ensure_one()
        return self.sudo().resource_calendar_id.tz or self.sudo().partner_id.tz or "UTC"
