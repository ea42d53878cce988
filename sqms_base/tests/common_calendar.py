from datetime import date, datetime, timedelta

import pytz

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

SHANGHAI = "Asia/Shanghai"
PARIS = "Europe/Paris"


class CalendarCase(TransactionCase):
    """Two companies; a calendar in Shanghai from nine to twelve and one to six, Monday to Friday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, lang="en_US"))
        cls.company = cls.env["res.company"].create({"name": "Qinghe"})
        cls.other_company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.calendar = cls._create_calendar("Shanghai")

    @classmethod
    def _create_calendar(cls, name, zone=SHANGHAI, hours=((9, 12), (13, 18)), days=range(5), company=None, **values):
        """A calendar with these hours on these weekdays; `company=False` for one that all companies share."""
        lines = [
            {
                "name": "Working",
                "dayofweek": str(day),
                "hour_from": start,
                "hour_to": end,
                "day_period": "morning" if end <= 13 else "afternoon",
            }
            for day in days
            for start, end in hours
        ]
        calendar = cls.env["resource.calendar"].create(
            {
                "name": name,
                "tz": zone,
                "company_id": cls.company.id if company is None else company and company.id,
                "attendance_ids": [Command.clear()] + [Command.create(line) for line in lines],
                **values,
            }
        )
        calendar.global_leave_ids.unlink()
        return calendar

    @classmethod
    def _create_leave(cls, calendar, start, end, zone=SHANGHAI, company=None, **values):
        """A general leave between two local moments."""
        leave = (
            cls.env["resource.calendar.leaves"]
            .with_company(company or cls.company)
            .create(
                {
                    "name": "Closed",
                    "calendar_id": calendar and calendar.id,
                    "date_from": cls._utc(start, zone),
                    "date_to": cls._utc(end, zone),
                    **values,
                }
            )
        )
        # Odoo computes the company of a leave without company late, in the environment of whoever comes first.
        leave.flush_recordset()
        return leave

    @classmethod
    def _create_user(cls, login, groups, companies=None):
        companies = companies or cls.company
        return new_test_user(
            cls.env,
            login=f"sqms_calendar_{login}",
            groups=groups,
            tz=SHANGHAI,
            company_id=companies[0].id,
            company_ids=[Command.set(companies.ids)],
        )

    @staticmethod
    def _utc(moment, zone=SHANGHAI):
        """The naive UTC of a naive local moment."""
        return pytz.timezone(zone).localize(moment).astimezone(pytz.utc).replace(tzinfo=None)

    @staticmethod
    def _aware(moment, zone=SHANGHAI):
        return pytz.timezone(zone).localize(moment)

    @classmethod
    def _hours_on(cls, calendar, day, company=None):
        """The spans of one local date as (from, to) in local hours."""
        year = calendar._sqms_working_time(company or cls.company, day.year, day.year)
        zone = pytz.timezone(calendar.tz)
        found = []
        for opening, closing in year.spans:
            start, end = (datetime.fromtimestamp(one, zone) for one in (opening, closing))
            if start.date() == day:
                found.append((_hour(start, day), _hour(end, day)))
        return found

    @classmethod
    def _working_dates(cls, calendar, start, end, company=None):
        """The local dates of [start, end] with working time."""
        days = (start + timedelta(days=shift) for shift in range((end - start).days + 1))
        return [day for day in days if cls._hours_on(calendar, day, company)]


def _hour(moment, day):
    return (moment.date() - day).days * 24 + moment.hour + moment.minute / 60 + moment.second / 3600


def oct_2026(day):
    return date(2026, 10, day)
