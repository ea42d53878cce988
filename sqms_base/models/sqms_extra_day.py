from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache


class SqmsExtraDay(models.Model):
    """A day on which people work although the week says otherwise (调休).

    1. It belongs to one named calendar: a make-up Sunday in China opens no team elsewhere.
    2. It works like a day of the week: those hours, with that break, take the place of its own.
    3. In a calendar of two weeks the week it lies in says which hours these are.
    4. A general closing wins over it: what is closed stays closed.
    5. Odoo itself serves it, to leaves, planning and presence as to deadlines; leaves and work entries that exist
       already are not computed again.
    """

    _name = "sqms.extra.day"
    _description = "Extra Working Day"
    _order = "date desc, calendar_id"

    calendar_id = fields.Many2one(
        "resource.calendar", string="Working Schedule", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="calendar_id.company_id", store=True, index=True)
    date = fields.Date(required=True)
    dayofweek = fields.Selection(
        selection="_weekdays",
        string="Works Like",
        required=True,
        default="0",
        help="The hours and the break of this day of the week are worked.",
    )
    name = fields.Char(string="Reason", required=True)
    source = fields.Char(help="Where this is laid down, for example the notice of the State Council.")
    closed_by = fields.Char(
        compute="_compute_closed_by",
        help="A general closing that holds this day: it wins, nobody works.",
    )

    _one_per_calendar = models.Constraint(
        "UNIQUE(calendar_id, date)", "A working schedule has each extra working day only once."
    )

    @api.model
    def _weekdays(self):
        """The weekdays in Odoo's own words."""
        return self.env["resource.calendar.attendance"]._fields["dayofweek"]._description_selection(self.env)

    # ------------------------------------------------------------
    # Constraints and computes
    # ------------------------------------------------------------

    @api.constrains("calendar_id", "dayofweek", "date")
    def _check_hours(self):
        names = dict(self._weekdays())
        for day in self:
            if day.calendar_id.flexible_hours:
                raise ValidationError(
                    self.env._(
                        "“%(calendar)s” has flexible hours: an extra working day would change nothing there.",
                        calendar=day.calendar_id.name,
                    )
                )
            if not day.calendar_id._sqms_lines_like(day.date, day.dayofweek):
                raise ValidationError(
                    self.env._(
                        "Nobody works on %(weekday)s in “%(calendar)s”. Let %(date)s work like a day that has hours.",
                        weekday=names[day.dayofweek],
                        calendar=day.calendar_id.name,
                        date=fields.Date.to_string(day.date),
                    )
                )

    @api.depends("date", "calendar_id.tz", "calendar_id.company_id")
    def _compute_closed_by(self):
        leaves = self._general_leaves()
        for day in self:
            day.closed_by = False
            if not (day.date and day.calendar_id):
                continue
            start, end = day._bounds()
            for leave in leaves:
                concerned = not leave.calendar_id or leave.calendar_id == day.calendar_id._origin
                foreign = day.company_id and leave.company_id and leave.company_id != day.company_id
                if concerned and not foreign and leave.date_from < end and leave.date_to > start:
                    day.closed_by = leave.name or self.env._("General closing")
                    break

    def _general_leaves(self):
        """The general leaves around these days, in one query."""
        dates = [day.date for day in self if day.date]
        if not dates:
            return self.env["resource.calendar.leaves"]
        return (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                [
                    ("resource_id", "=", False),
                    ("time_type", "=", "leave"),
                    ("calendar_id", "in", [False, *self.calendar_id._origin.ids]),
                    ("date_from", "<=", fields.Date.add(max(dates), days=2)),
                    ("date_to", ">=", fields.Date.subtract(min(dates), days=2)),
                ]
            )
        )

    def _bounds(self):
        """First and last instant of the day in the zone of its calendar, naive in UTC."""
        zone = pytz.timezone(self.calendar_id.tz or "UTC")
        return [
            zone.localize(datetime.combine(self.date, hour)).astimezone(pytz.utc).replace(tzinfo=None)
            for hour in (time.min, time.max)
        ]

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        days = super().create(vals_list)
        days._tell_calendars()
        return days

    def write(self, values):
        self._tell_calendars()
        result = super().write(values)
        self._tell_calendars()
        return result

    def unlink(self):
        calendars, bounds = self.calendar_id, [day._bounds() for day in self]
        result = super().unlink()
        for_all = [moment for pair in bounds for moment in pair]
        if for_all:
            calendars._sqms_working_time_changed(min(for_all), max(for_all))
        return result

    def _tell_calendars(self):
        if self:
            moments = [moment for day in self for moment in day._bounds()]
            self.calendar_id._sqms_working_time_changed(min(moments), max(moments))

    # ------------------------------------------------------------
    # What resource.calendar asks
    # ------------------------------------------------------------

    @api.model
    @ormcache()
    def _by_calendar(self):
        """{calendar id: {date: weekday}} of all extra days, one query in the life of the cache: a database without them
        is not asked again, whoever reads working time."""
        found = {}
        for day in self.sudo().search_fetch(Domain.TRUE, ["calendar_id", "date", "dayofweek"]):
            found.setdefault(day.calendar_id.id, {})[day.date] = int(day.dayofweek)
        return found
