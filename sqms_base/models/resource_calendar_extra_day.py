from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools.date_utils import float_to_time
from odoo.tools.intervals import Intervals


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    sqms_extra_day_ids = fields.One2many("sqms.extra.day", "calendar_id", string="Extra Working Days", copy=True)

    def _sqms_extra_days(self):
        """{date: weekday it works like} of this calendar."""
        self.ensure_one()
        if not self.id or self.flexible_hours:
            return {}
        return self.env["sqms.extra.day"]._by_calendar().get(self.id, {})

    def _sqms_lines_like(self, date, dayofweek):
        """The attendances of a weekday, without the break; in two weeks those of the week that the date lies in."""
        self.ensure_one()
        week = str(self.env["resource.calendar.attendance"].get_week_type(date))
        return self.attendance_ids.filtered(
            lambda line: (
                line.dayofweek == dayofweek
                and line._is_work_period()
                and (not self.two_weeks_calendar or line.week_type == week)
            )
        )

    def _attendance_intervals_batch(self, start_dt, end_dt, resources=None, domain=None, tz=None, lunch=False):
        """Extra working days, for whatever in Odoo asks for working time.

        1. The hours of the weekday that a day works like take the place of its own, and so does the break.
        2. Each interval carries the real attendance it comes from: durations in days and work entries are read from it.
        3. A resource without calendar, or with a flexible one, keeps what Odoo gives it.
        4. A calendar without extra days in these bounds costs nothing.
        """
        result = super()._attendance_intervals_batch(start_dt, end_dt, resources, domain=domain, tz=tz, lunch=lunch)
        days = {
            day: weekday
            for day, weekday in self._sqms_extra_days().items()
            # The bounds may lie a day apart in another zone.
            if start_dt.date() - timedelta(days=1) <= day <= end_dt.date() + timedelta(days=1)
        }
        if not days:
            return result
        lines = self._sqms_template_lines(days, domain, lunch)
        resources = resources or self.env["resource.resource"]
        calendars = resources._get_calendar_at(start_dt, tz)
        for resource in [*resources, self.env["resource.resource"]]:
            calendar = calendars.get(resource) if resource else self
            if resource.id not in result or not calendar or calendar.flexible_hours:
                continue
            zone = tz or pytz.timezone((resource or self).tz)
            result[resource.id] = self._sqms_with_extra_days(result[resource.id], lines, start_dt, end_dt, zone)
        return result

    def _sqms_template_lines(self, days, domain, lunch):
        """{day: the attendances it works with}, in one query."""
        Attendance = self.env["resource.calendar.attendance"]
        found = Attendance.search(
            Domain.AND(
                [
                    Domain(domain or Domain.TRUE),
                    Domain("calendar_id", "=", self.id),
                    Domain("display_type", "=", False),
                    Domain("day_period", "=" if lunch else "!=", "lunch"),
                    Domain("dayofweek", "in", [str(weekday) for weekday in set(days.values())]),
                ]
            )
        )
        by_weekday = defaultdict(Attendance.browse)
        for line in found:
            by_weekday[int(line.dayofweek), self.two_weeks_calendar and int(line.week_type)] |= line
        return {
            day: by_weekday[weekday, self.two_weeks_calendar and Attendance.get_week_type(day)]
            for day, weekday in days.items()
        }

    def _sqms_with_extra_days(self, intervals, lines, start_dt, end_dt, zone):
        """These intervals, with the hours of the extra days in place of their own, within the bounds."""
        start, end = start_dt.astimezone(zone), end_dt.astimezone(zone)
        none = self.env["resource.calendar.attendance"]
        whole_days, hours = [], []
        for day, attendances in lines.items():
            whole_days.append((_local(day, time.min, zone), _local(day + timedelta(days=1), time.min, zone), none))
            for line in attendances:
                opening = max(start, _local(day, float_to_time(line.hour_from), zone))
                closing = min(end, _local(day, float_to_time(line.hour_to), zone))
                if opening < closing:
                    hours.append((opening, closing, line))
        kept = intervals - Intervals(whole_days, keep_distinct=True)
        return Intervals([*kept, *hours], keep_distinct=True)

    def _works_on_date(self, date):
        """Odoo answers this one by weekday alone; some countries count leaves by it."""
        return super()._works_on_date(date) or date in self._sqms_extra_days()

    def _get_hours_for_date(self, target_date, day_period=None):
        """The hours of an extra day are those of the day of the same week that it works like."""
        weekday = self._sqms_extra_days().get(fields.Date.to_date(target_date))
        if isinstance(weekday, int):
            target_date += timedelta(days=weekday - target_date.weekday())
        return super()._get_hours_for_date(target_date, day_period)


def _local(day, hour, zone):
    return zone.localize(datetime.combine(day, hour))
