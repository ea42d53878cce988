from collections import defaultdict
from datetime import timedelta

from odoo import models
from odoo.fields import Domain

from ..lib import chinese_year
from ..lib.local_time import local_midnight
from ..lib.working_time import epoch, first_second, normalised


class SqmsHolidayFill(models.TransientModel):
    _inherit = "sqms.holiday.fill"

    # ------------------------------------------------------------
    # What is there already
    # ------------------------------------------------------------

    def _existing(self):
        """(closings, extra days) as ({calendar: [(from, to, name)]} cut at local midnight, {(calendar, date)})."""
        start, end = f"{self.year - 1}-12-30", f"{self.year + 1}-01-03"
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                Domain("resource_id", "=", False)
                & Domain("time_type", "=", "leave")
                & Domain("calendar_id", "in", [False, *self.calendar_ids.ids])
                & Domain("date_from", "<", end)
                & Domain("date_to", ">=", start)
            )
        )
        closings = defaultdict(list)
        for calendar in self.calendar_ids:
            company = self._company_of(calendar)
            for leave in leaves:
                if leave.calendar_id in (calendar, leave.calendar_id.browse()) and leave.company_id in (
                    company,
                    company.browse(),
                ):
                    spans = normalised([(epoch(leave.date_from), epoch(leave.date_to))], calendar.tz)
                    closings[calendar] += [(*span, leave.name) for span in spans]
        extra = self.env["sqms.extra.day"].search(
            Domain("calendar_id", "in", self.calendar_ids.ids) & Domain("date", ">=", start) & Domain("date", "<", end)
        )
        return closings, {(day.calendar_id, day.date) for day in extra}

    def _company_of(self, calendar):
        """A shared schedule is filled for the company one works in: general time off always has one."""
        return calendar.company_id or self.env.company

    def _judge(self, calendar, date, kind, existing):
        """(result, remark) of one day in one schedule."""
        closings, extra = existing
        start, end = first_second(date, calendar.tz), first_second(date + timedelta(days=1), calendar.tz)
        touching = [closing for closing in closings[calendar] if closing[0] < end and closing[1] > start]
        if kind == "holiday":
            if any(closing[0] <= start and closing[1] >= end for closing in touching):
                return "there", False
            if touching:
                return "left", self.env._(
                    "Closed for a part of the day already (%s): change that first.", touching[0][2]
                )
            return "new", False
        if (calendar, date) in extra:
            return "there", False
        if not calendar._sqms_lines_like(date, self.dayofweek):
            weekday = dict(self.env["sqms.extra.day"]._weekdays())[self.dayofweek]
            return "left", self.env._("Nobody works on %s here: choose another day to work like.", weekday)
        if touching:
            return "new", self.env._("Stays closed: the general time off “%s” wins.", touching[0][2])
        return "new", False

    # ------------------------------------------------------------
    # Doing it
    # ------------------------------------------------------------

    def _make_leaves(self, lines):
        """General time off; in higher rights, for Odoo leaves it to administrators, while HR keeps the schedules."""
        by_company = defaultdict(list)
        for line in lines:
            calendar = self.env["resource.calendar"].browse(line["calendar_id"])
            by_company[self._company_of(calendar)].append(
                {
                    "name": line["name"],
                    "calendar_id": calendar.id,
                    "resource_id": False,
                    "time_type": "leave",
                    "date_from": local_midnight(line["date_from"], calendar.tz),
                    "date_to": local_midnight(line["date_to"] + timedelta(days=1), calendar.tz) - timedelta(seconds=1),
                }
            )
        for company, vals_list in by_company.items():
            leaves = self.env["resource.calendar.leaves"].with_company(company).sudo().create(vals_list)
            # Odoo computes the company late, in the environment of whoever comes first.
            leaves.flush_recordset()

    def _make_extra_days(self, lines):
        self.env["sqms.extra.day"].create(
            [
                {
                    "calendar_id": line["calendar_id"],
                    "date": line["date_from"],
                    "dayofweek": self.dayofweek,
                    "name": line["name"],
                    "source": line["source"],
                }
                for line in lines
            ]
        )

    def _make_rows(self, _days):
        """What the package knows and this system does not becomes unverified rows, in all languages."""
        if self.source != "package":
            return
        known = set(self._rows().mapped("date"))
        missing = [day for day in chinese_year.days_of(self.year) if day.date not in known]
        rows = (
            self.env["sqms.holiday"]
            .sudo()
            .with_context(lang="en_US")
            .create(
                [
                    {
                        "country_id": self.country_id.id,
                        "date": day.date,
                        "kind": day.kind,
                        "name": day.name,
                        "taken_from": self._package(),
                    }
                    for day in missing
                ]
            )
        )
        for code, _name in self.env["res.lang"].get_installed():
            names = self.with_context(lang=code)._names()
            for row, day in zip(rows, missing, strict=True):
                if code != "en_US":
                    row.update_field_translations("name", {code: names.get(day.name, day.name)})
