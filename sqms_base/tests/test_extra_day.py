from datetime import date, datetime, timedelta

import psycopg2
import pytz

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_calendar import PARIS, SHANGHAI, CalendarCase

SATURDAY = date(2026, 10, 10)
SUNDAY = date(2026, 9, 20)


@tagged("post_install", "-at_install", "sqms_alone")
class TestExtraDay(CalendarCase):
    """Make-up working days: Odoo's own working time serves them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_leave(cls.calendar, datetime(2026, 10, 1), datetime(2026, 10, 7, 23, 59, 59), name="National Day")
        cls.saturday = cls._create_day(SATURDAY)

    @classmethod
    def _create_day(cls, day, calendar=None, **values):
        return cls.env["sqms.extra.day"].create(
            {"calendar_id": (calendar or cls.calendar).id, "date": day, "name": "National Day", **values}
        )

    def _batch(self, calendar, day, zone=SHANGHAI, end=None, **arguments):
        """Odoo's attendances of local days, as (start, end, attendance)."""
        start = self._aware(datetime.combine(day, datetime.min.time()), zone)
        end = self._aware(datetime.combine((end or day) + timedelta(days=1), datetime.min.time()), zone)
        return calendar._attendance_intervals_batch(start, end, **arguments)

    # ------------------------------------------------------------
    # Odoo follows
    # ------------------------------------------------------------

    def test_a_make_up_saturday_has_the_hours_of_a_monday(self):
        self.assertEqual(self._hours_on(self.calendar, SATURDAY), [(9, 12), (13, 18)])
        self.assertEqual(self._hours_on(self.calendar, SATURDAY + timedelta(days=7)), [])

    def test_the_payload_is_a_real_attendance_of_that_monday(self):
        intervals = self._batch(self.calendar, SATURDAY)[False]
        lines = [attendance for _start, _end, attendance in intervals]
        mondays = self.calendar.attendance_ids.filtered(lambda line: line.dayofweek == "0").sorted("hour_from")
        self.assertEqual(lines, list(mondays))

    def test_odoos_plan_hours_goes_through_it(self):
        done = self.calendar.plan_hours(4, self._aware(datetime(2026, 10, 9, 16)), compute_leaves=True)
        self.assertEqual(done.astimezone(pytz.timezone(SHANGHAI)).replace(tzinfo=None), datetime(2026, 10, 10, 11))

    def test_odoos_duration_counts_it_as_a_day(self):
        # From a Monday to a Sunday: Thursday and Friday after the holiday, and the Saturday.
        data = self.calendar.get_work_duration_data(
            self._aware(datetime(2026, 10, 5)), self._aware(datetime(2026, 10, 12))
        )
        self.assertEqual((data["days"], data["hours"]), (3, 24))
        without = self.calendar.get_work_duration_data(
            self._aware(datetime(2026, 10, 5)), self._aware(datetime(2026, 10, 12)), compute_leaves=False
        )
        self.assertEqual((without["days"], without["hours"]), (6, 48))

    def test_odoos_unavailability_and_unusual_days_leave_it_out(self):
        start, end = self._aware(datetime(2026, 10, 10)), self._aware(datetime(2026, 10, 11))
        closed = self.calendar._unavailable_intervals(start, end)
        local = [
            tuple(moment.astimezone(pytz.timezone(SHANGHAI)).hour for moment in (opening, closing))
            for opening, closing in closed
        ]
        self.assertEqual(local, [(0, 9), (12, 13), (18, 0)])
        unusual = self.calendar._get_unusual_days(
            self._aware(datetime(2026, 10, 9)), self._aware(datetime(2026, 10, 11, 12))
        )
        self.assertEqual(unusual, {"2026-10-09": False, "2026-10-10": False, "2026-10-11": True})

    def test_the_break_is_served_too(self):
        self.env["resource.calendar.attendance"].create(
            {
                "name": "Lunch",
                "dayofweek": "0",
                "hour_from": 12,
                "hour_to": 13,
                "day_period": "lunch",
                "calendar_id": self.calendar.id,
            }
        )
        breaks = [
            (start.hour, end.hour) for start, end, _line in self._batch(self.calendar, SATURDAY, lunch=True)[False]
        ]
        self.assertEqual(breaks, [(12, 13)])
        work = [(start.hour, end.hour) for start, end, _line in self._batch(self.calendar, SATURDAY)[False]]
        self.assertEqual(work, [(9, 12), (13, 18)])

    def test_an_employee_works_on_it_and_takes_leave_on_it(self):
        employee = self.env["hr.employee"].create(
            {"name": "Zhao", "company_id": self.company.id, "resource_calendar_id": self.calendar.id, "tz": SHANGHAI}
        )
        data = employee._get_work_days_data_batch(datetime(2026, 10, 9, 16), datetime(2026, 10, 10, 16))
        self.assertEqual(data[employee.id], {"days": 1, "hours": 8})

    def test_a_resource_in_another_zone_has_the_hours_of_its_own_clock(self):
        resource = self.env["resource.resource"].create({"name": "Far", "calendar_id": self.calendar.id, "tz": PARIS})
        result = self._batch(self.calendar, SATURDAY, zone=PARIS, resources=resource)
        start = result[resource.id]._items[0][0]
        self.assertEqual((start.hour, start.tzinfo.zone), (9, PARIS))
        self.assertEqual([one[0].hour for one in result[False]], [9, 13][: len(result[False])])

    def test_the_zone_asked_for_wins(self):
        start = self._batch(self.calendar, SATURDAY, zone=PARIS, tz=pytz.timezone(PARIS))[False]._items[0][0]
        self.assertEqual((start.hour, start.tzinfo.zone), (9, PARIS))

    def test_the_bounds_cut_it(self):
        start, end = self._aware(datetime(2026, 10, 10, 10)), self._aware(datetime(2026, 10, 10, 14))
        intervals = self.calendar._attendance_intervals_batch(start, end)[False]
        self.assertEqual([(one[0].hour, one[1].hour) for one in intervals], [(10, 12), (13, 14)])

    def test_bounds_in_another_zone_find_it(self):
        start = pytz.utc.localize(datetime(2026, 10, 9, 20))
        intervals = self.calendar._attendance_intervals_batch(start, start + timedelta(hours=6))[False]
        self.assertEqual(sum((one[1] - one[0]).total_seconds() for one in intervals), 3600)

    def test_a_domain_filters_the_attendances(self):
        intervals = self._batch(self.calendar, SATURDAY, domain=[("hour_from", ">=", 12)])[False]
        self.assertEqual([(one[0].hour, one[1].hour) for one in intervals], [(13, 18)])

    # ------------------------------------------------------------
    # Odd cases
    # ------------------------------------------------------------

    def test_it_takes_the_place_of_the_hours_of_its_own(self):
        """A Saturday of half a day does not count twice, and its other hours go."""
        self.calendar.attendance_ids = [
            Command.create({"name": "Short", "dayofweek": "5", "hour_from": 8, "hour_to": 11, "day_period": "morning"})
        ]
        self.assertEqual(self._hours_on(self.calendar, SATURDAY), [(9, 12), (13, 18)])
        self.assertEqual(self._hours_on(self.calendar, date(2026, 10, 17)), [(8, 11)])
        hours = self.calendar.get_work_hours_count(
            self._aware(datetime(2026, 10, 10)), self._aware(datetime(2026, 10, 11))
        )
        self.assertEqual(hours, 8)

    def test_two_lines_that_touch_stay_two_payloads(self):
        calendar = self._create_calendar("No lunch", hours=((9, 13), (13, 18)))
        self._create_day(SATURDAY, calendar)
        self.assertEqual([len(one[2]) for one in self._batch(calendar, SATURDAY)[False]], [1, 1])

    def test_a_general_closing_wins_and_a_warning_names_it(self):
        self.assertFalse(self.saturday.closed_by)
        leave = self._create_leave(
            self.calendar, datetime(2026, 10, 10), datetime(2026, 10, 10, 23, 59, 59), name="Audit"
        )
        self.assertEqual(self._hours_on(self.calendar, SATURDAY), [])
        self.saturday.invalidate_recordset(["closed_by"])
        self.assertEqual(self.saturday.closed_by, "Audit")
        leave.calendar_id = False
        leave.flush_recordset()
        self.saturday.invalidate_recordset(["closed_by"])
        self.assertEqual(self.saturday.closed_by, "Audit")

    def test_a_closing_of_another_company_warns_nobody_here(self):
        self._create_leave(False, datetime(2026, 10, 10), datetime(2026, 10, 10, 20), company=self.other_company)
        self.assertFalse(self.saturday.closed_by)

    def test_another_calendar_stays_closed(self):
        paris = self._create_calendar("Paris", zone=PARIS)
        self.assertEqual(self._hours_on(paris, SATURDAY), [])

    def test_in_two_weeks_the_week_of_the_day_says_the_hours(self):
        calendar = self._create_calendar("Two weeks")
        calendar.two_weeks_calendar = True
        calendar.attendance_ids = [
            Command.clear(),
            Command.create({"name": "1st", "dayofweek": "0", "hour_from": 8, "hour_to": 10, "week_type": "0"}),
            Command.create({"name": "2nd", "dayofweek": "0", "hour_from": 14, "hour_to": 18, "week_type": "1"}),
        ]
        week = self.env["resource.calendar.attendance"].get_week_type
        for day in (SATURDAY, SATURDAY + timedelta(days=7)):
            self._create_day(day, calendar)
            expected = [(8, 10)] if week(day) == 0 else [(14, 18)]
            self.assertEqual(self._hours_on(calendar, day), expected)
            self.assertEqual(calendar._get_hours_for_date(day), expected[0])

    def test_flexible_calendars_and_resources_keep_what_odoo_gives_them(self):
        free = self.env["resource.resource"].create({"name": "Free", "calendar_id": False, "tz": SHANGHAI})
        whole = self._batch(self.calendar, SATURDAY, resources=free)[free.id]
        self.assertEqual([(one[1] - one[0]) for one in whole], [timedelta(days=1)])
        flexible = self._create_calendar("Flexible")
        flexible.write({"schedule_type": "flexible", "hours_per_day": 8, "full_time_required_hours": 40})
        with self.assertRaisesRegex(ValidationError, "flexible hours"):
            self._create_day(SATURDAY, flexible)
        expected = [one[:2] for one in self._batch(self.calendar, SATURDAY)[False]]
        self.calendar.write({"schedule_type": "flexible", "hours_per_day": 6, "full_time_required_hours": 40})
        self.assertNotEqual([one[:2] for one in self._batch(self.calendar, SATURDAY)[False]], expected)

    def test_a_weekday_without_hours_is_no_example(self):
        with self.assertRaisesRegex(ValidationError, "Nobody works on Sunday in “Shanghai”"):
            self._create_day(SUNDAY, dayofweek="6")

    def test_each_day_once_in_a_calendar(self):
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._create_day(SATURDAY)

    def test_the_answers_by_weekday_know_it(self):
        self.assertTrue(self.calendar._works_on_date(SATURDAY))
        self.assertFalse(self.calendar._works_on_date(SATURDAY + timedelta(days=7)))
        lines = self.calendar.attendance_ids.filtered(lambda line: line.dayofweek == "0").sorted("hour_from")
        lines[0].hour_from = 10
        self.assertEqual(self.calendar._get_hours_for_date(SATURDAY), (10, 18))

    def test_the_week_of_the_calendar_stays_as_it_is(self):
        before = self.calendar.hours_per_week, self.calendar.hours_per_day
        self._create_day(SUNDAY)
        self.assertEqual((self.calendar.hours_per_week, self.calendar.hours_per_day), before)

    def test_a_copy_of_the_calendar_has_them_too(self):
        copy = self.calendar.copy()
        self.assertEqual(copy.sqms_extra_day_ids.mapped("date"), [SATURDAY])

    # ------------------------------------------------------------
    # What is remembered, and what it costs
    # ------------------------------------------------------------

    def test_every_change_is_seen_at_once(self):
        hours = lambda day: self._hours_on(self.calendar, day)  # noqa: E731
        self.assertEqual(hours(SUNDAY), [])
        self.saturday.date = SUNDAY
        self.assertEqual((hours(SUNDAY), hours(SATURDAY)), ([(9, 12), (13, 18)], []))
        self.saturday.unlink()
        self.assertEqual(hours(SUNDAY), [])
        self._create_day(SUNDAY)
        self.assertEqual(hours(SUNDAY), [(9, 12), (13, 18)])

    def test_calendars_without_extra_days_cost_no_query_more(self):
        plain = self._create_calendar("Plain")

        def cost(calendar, day):
            self._batch(calendar, day)
            before = self.cr.sql_log_count
            self._batch(calendar, day)
            return self.cr.sql_log_count - before

        # One query is Odoo's own for the attendances. Outside its dates an extra day costs nothing either.
        self.assertEqual([cost(plain, SATURDAY), cost(self.calendar, date(2027, 1, 4))], [1, 1])
        self.assertEqual(cost(self.calendar, SATURDAY), 2)

    def test_many_extra_days_cost_as_many_queries_as_one(self):
        for day in range(8, 29, 7):
            self._create_day(date(2026, 11, day))
        start, end = self._aware(datetime(2026, 9, 1)), self._aware(datetime(2026, 12, 31))
        self.calendar._attendance_intervals_batch(start, end)
        with self.assertQueryCount(2):
            self.calendar._attendance_intervals_batch(start, end)

    # ------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------

    def test_people_read_and_hr_and_settings_change(self):
        plain = self._create_user("plain", "base.group_user")
        officer = self._create_user("officer", "sqms_base.group_sqms_manager")
        for user in (plain, officer):
            mine = self.saturday.with_user(user)
            self.assertEqual(mine.name, "National Day")
            with self.assertRaises(AccessError):
                mine.copy({"date": SUNDAY})
            with self.assertRaises(AccessError):
                mine.write({"date": SUNDAY})
            with self.assertRaises(AccessError):
                mine.unlink()
        portal = self._create_user("portal", "base.group_portal")
        with self.assertRaises(AccessError):
            self.saturday.with_user(portal).read(["name"])
        for login, group in (("hr", "hr.group_hr_user"), ("settings", "base.group_system")):
            day = self.saturday.with_user(self._create_user(login, group)).copy({"date": SUNDAY})
            day.name = "Changed"
            day.unlink()

    def test_another_company_sees_and_changes_nothing(self):
        stranger = self._create_user("hr2", "hr.group_hr_user", self.other_company)
        Day = self.env["sqms.extra.day"].with_user(stranger)
        self.assertFalse(Day.search([("calendar_id", "=", self.calendar.id)]))
        with self.assertRaises(AccessError):
            self.saturday.with_user(stranger).write({"date": SUNDAY})
        with self.assertRaises(AccessError):
            Day.create({"calendar_id": self.calendar.id, "date": SUNDAY, "name": "Not mine"})

    def test_working_time_is_right_for_those_who_may_not_read_the_day(self):
        stranger = self._create_user("plain2", "base.group_user", self.other_company)
        self.env.registry.clear_cache()
        calendar = self.calendar.with_user(stranger)
        self.assertEqual(len(self._batch(calendar, SATURDAY)[False]), 2)
