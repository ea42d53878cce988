from odoo import api, fields, models
from odoo.exceptions import ValidationError

LONGEST = 365


class ResCompanyAction(models.Model):
    _inherit = "res.company"

    sqms_action_days_before = fields.Char(
        string="Reminders Before an Action Is Due", default="7, 1",
        help="Days before, separated by commas. The owner gets a mail on each of them.",
    )  # fmt: skip
    sqms_action_days_after = fields.Char(
        string="Reminders When an Action Is Late", default="1, 7, 14, 28",
        help="Days after, separated by commas. The owner gets a mail on each of them.",
    )  # fmt: skip

    @api.constrains("sqms_action_days_before", "sqms_action_days_after")
    def _check_sqms_action_days(self):
        for company in self:
            company._sqms_action_offsets()

    def _sqms_action_offsets(self):
        """The days of the ladder, counted from the day an action is due."""
        self.ensure_one()
        before, after = (
            self._sqms_days_of(text) for text in (self.sqms_action_days_before, self.sqms_action_days_after)
        )
        return sorted({*(-day for day in before), *after})

    def _sqms_days_of(self, text):
        days = [part.strip() for part in (text or "").replace("，", ",").split(",") if part.strip()]
        if not all(day.isascii() and day.isdigit() and int(day) <= LONGEST for day in days):
            raise ValidationError(
                self.env._("Please give whole days from 0 to %(most)s, separated by commas.", most=LONGEST)
            )
        return [int(day) for day in days]
