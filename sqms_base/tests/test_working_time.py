from datetime import date, datetime
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..lib.working_time import WorkingTime, first_second
from .common_calendar import PARIS, SHANGHAI, CalendarCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestWorkingTime(CalendarCase):
    """The working time that deadlines are counted in, and when it is asked anew."""

    # ------------------------------------------------------------
    # Shape
    # ------------------------------------------------------------

    def test_a_year_is_given_in_whole_utc_seconds(self):
        year = self.calendar._sqms_working_time(self.company, 2026, 2026)
        self.assertIsInstance(year, WorkingTime)
        self.assertEqual((year.tz, year.lo), (SHANGHAI, first_second(date(2026, 1, 1), SHANGHAI)))
        self.assertEqual(year.hi, first_second(date(2027, 1, 1), SHANGHAI))
        self.assertTrue(all(type(one) is int for span in year.spans for one in span))
        self.assertEqual(list(year.spans), sorted(year.spans))
        self.assertEqual(sum(closing - opening for opening, closing in year.spans), 261 * 8 * 3600)

    def test_years_follow_each_other_without_gap(self):
        three = self.calendar._sqms_working_time(self.company, 2025, 2027)
        parts = [self.calendar._sqms_working_time(self.company, year, year) for year in (2025, 2026, 2027)]
        self.assertEqual(three.spans, sum((part.spans for part in parts), ()))
        self.assertEqual((three.lo, three.hi), (parts[0].lo, parts[2].hi))
        self.assertEqual([parts[0].hi, parts[1].hi], [parts[1].lo, parts[2].lo])

    def test_who_asks_and_in_which_context_changes_nothing(self):
        expected = self.calendar._sqms_working_time(self.company, 2026, 2026)
        stranger = self._create_user("stranger", "base.group_user", self.other_company)
        self.env.registry.clear_cache()
        asked = self.calendar.with_user(stranger).with_context(employee_timezone="Europe/Paris", tz="Europe/Paris")
        self.assertEqual(asked._sqms_working_time(self.company, 2026, 2026), expected)

    def test_flexible_working_time_is_refused_with_a_sentence(self):
        self.calendar.schedule_type = "flexible"
        with self.assertRaisesRegex(UserError, "“Shanghai”: flexible working time has no fixed hours"):
            self.calendar._sqms_working_time(self.company, 2026, 2026)

    # ------------------------------------------------------------
    # Crumbs
    # ------------------------------------------------------------

    def test_a_calendar_of_24_hours_closes_at_midnight_and_stays_two_dates(self):
        calendar = self._create_calendar("Day and night", hours=((0, 24),), days=range(7))
        spans = calendar._sqms_working_time(self.company, 2026, 2026).spans
        self.assertEqual(len(spans), 365)
        self.assertEqual({closing - opening for opening, closing in spans}, {86400})

    def test_a_holiday_to_the_last_second_leaves_no_working_day(self):
        calendar = self._create_calendar("Day and night", hours=((0, 24),), days=range(7))
        self._create_leave(calendar, datetime(2026, 10, 1), datetime(2026, 10, 3, 23, 59, 59))
        self.assertEqual(
            self._working_dates(calendar, date(2026, 9, 30), date(2026, 10, 4)),
            [
                date(2026, 9, 30),
                date(2026, 10, 4),
            ],
        )
        self.assertEqual(self._hours_on(calendar, date(2026, 10, 4)), [(0, 24)])

    def test_half_a_holiday_moves_the_opening(self):
        self._create_leave(self.calendar, datetime(2026, 10, 9), datetime(2026, 10, 9, 14, 59, 59))
        self.assertEqual(self._hours_on(self.calendar, date(2026, 10, 9)), [(15, 18)])

    def test_a_leave_of_a_lunch_break_touches_nothing(self):
        self._create_leave(self.calendar, datetime(2026, 10, 9, 12), datetime(2026, 10, 9, 13))
        self.assertEqual(self._hours_on(self.calendar, date(2026, 10, 9)), [(9, 12), (13, 18)])

    def test_hours_that_touch_are_one(self):
        calendar = self._create_calendar("No lunch", hours=((9, 13), (13, 18)))
        self.assertEqual(self._hours_on(calendar, date(2026, 10, 9)), [(9, 18)])

    def test_a_night_is_two_dates(self):
        calendar = self._create_calendar("Night", hours=())
        calendar.attendance_ids = [
            Command.create({"name": "Evening", "dayofweek": "0", "hour_from": 22, "hour_to": 24}),
            Command.create({"name": "Morning", "dayofweek": "1", "hour_from": 0, "hour_to": 6}),
        ]
        self.assertEqual(self._hours_on(calendar, date(2026, 10, 5)), [(22, 24)])
        self.assertEqual(self._hours_on(calendar, date(2026, 10, 6)), [(0, 6)])

    # ------------------------------------------------------------
    # Daylight saving, weeks
    # ------------------------------------------------------------

    def test_a_night_in_paris_is_4_hours_in_march_and_6_in_october(self):
        calendar = self._create_calendar("Paris", zone=PARIS, hours=((1, 6),), days=(6,))
        spans = calendar._sqms_working_time(self.company, 2026, 2026).spans
        lengths = {
            day: next(
                closing - opening
                for opening, closing in spans
                if first_second(day, PARIS) <= opening < first_second(day, PARIS) + 86400
            )
            for day in (date(2026, 3, 22), date(2026, 3, 29), date(2026, 10, 18), date(2026, 10, 25))
        }
        self.assertEqual([length // 3600 for length in lengths.values()], [5, 4, 5, 6])

    def test_a_calendar_of_two_weeks_follows_odoos_weeks_over_the_turn_of_the_year(self):
        calendar = self._create_calendar("Two weeks")
        calendar.two_weeks_calendar = True
        calendar.attendance_ids = [
            Command.clear(),
            Command.create({"name": "1st", "dayofweek": "0", "hour_from": 8, "hour_to": 10, "week_type": "0"}),
            Command.create({"name": "2nd", "dayofweek": "0", "hour_from": 14, "hour_to": 18, "week_type": "1"}),
        ]
        mondays = [date(2026, 12, 21), date(2026, 12, 28), date(2027, 1, 4), date(2027, 1, 11)]
        week = self.env["resource.calendar.attendance"].get_week_type
        expected = [[(8, 10)] if week(monday) == 0 else [(14, 18)] for monday in mondays]
        self.assertEqual([self._hours_on(calendar, monday) for monday in mondays], expected)
        self.assertEqual(expected[0], expected[2])
        self.assertNotEqual(expected[0], expected[1])

    # ------------------------------------------------------------
    # Leaves of others
    # ------------------------------------------------------------

    def test_a_closing_of_another_company_is_not_ours(self):
        friday = date(2026, 10, 9)
        self._create_leave(False, datetime(2026, 10, 9), datetime(2026, 10, 9, 23, 59, 59), company=self.other_company)
        self.assertEqual(self._hours_on(self.calendar, friday), [(9, 12), (13, 18)])
        self._create_leave(False, datetime(2026, 10, 8), datetime(2026, 10, 8, 23, 59, 59))
        self.assertEqual(self._hours_on(self.calendar, date(2026, 10, 8)), [])

    def test_a_shared_calendar_serves_each_company_with_its_own_closings(self):
        shared = self._create_calendar("Shared", company=False)
        self._create_leave(shared, datetime(2026, 10, 9), datetime(2026, 10, 9, 23, 59, 59), company=self.other_company)
        friday = date(2026, 10, 9)
        self.assertEqual(self._hours_on(shared, friday), [(9, 12), (13, 18)])
        self.assertEqual(self._hours_on(shared, friday, self.other_company), [])

    def test_the_leave_of_one_person_is_no_closing(self):
        resource = self.env["resource.resource"].create({"name": "One", "calendar_id": self.calendar.id})
        self._create_leave(self.calendar, datetime(2026, 10, 9), datetime(2026, 10, 9, 20), resource_id=resource.id)
        self.assertEqual(self._hours_on(self.calendar, date(2026, 10, 9)), [(9, 12), (13, 18)])

    def test_training_is_working_time(self):
        self._create_leave(self.calendar, datetime(2026, 10, 9), datetime(2026, 10, 9, 20), time_type="other")
        self.assertEqual(self._hours_on(self.calendar, date(2026, 10, 9)), [(9, 12), (13, 18)])

    # ------------------------------------------------------------
    # What is remembered
    # ------------------------------------------------------------

    def test_a_year_is_asked_once(self):
        self.calendar._sqms_working_time(self.company, 2026, 2026)
        with self.assertQueryCount(0):
            self.calendar._sqms_working_time(self.company, 2026, 2026)

    def test_every_change_of_the_calendar_is_seen_at_once(self):
        friday = date(2026, 10, 9)
        hours = lambda: self._hours_on(self.calendar, friday)  # noqa: E731
        self.assertEqual(hours(), [(9, 12), (13, 18)])
        lines = self.calendar.attendance_ids.filtered(lambda line: line.dayofweek == "4").sorted("hour_from")
        lines[1].hour_to = 17
        self.assertEqual(hours(), [(9, 12), (13, 17)])
        lines[0].unlink()
        self.assertEqual(hours(), [(13, 17)])
        self.env["resource.calendar.attendance"].create(
            {"name": "Early", "dayofweek": "4", "hour_from": 7, "hour_to": 8, "calendar_id": self.calendar.id}
        )
        self.assertEqual(hours(), [(7, 8), (13, 17)])
        leave = self._create_leave(self.calendar, datetime(2026, 10, 9), datetime(2026, 10, 9, 9))
        self.assertEqual(hours(), [(13, 17)])
        leave.date_from = self._utc(datetime(2026, 10, 9, 7, 30))
        self.assertEqual(hours(), [(7, 7.5), (13, 17)])
        leave.unlink()
        self.assertEqual(hours(), [(7, 8), (13, 17)])
        self.calendar.tz = PARIS
        self.assertEqual(hours(), [(7, 8), (13, 17)])
        self.assertEqual(self.calendar._sqms_working_time(self.company, 2026, 2026).tz, PARIS)

    def test_a_leave_that_stops_being_personal_is_seen(self):
        resource = self.env["resource.resource"].create({"name": "One", "calendar_id": self.calendar.id})
        leave = self._create_leave(
            self.calendar, datetime(2026, 10, 9), datetime(2026, 10, 9, 20), resource_id=resource.id
        )
        self.assertEqual(self._hours_on(self.calendar, date(2026, 10, 9)), [(9, 12), (13, 18)])
        leave.resource_id = False
        self.assertEqual(self._hours_on(self.calendar, date(2026, 10, 9)), [])
        leave.resource_id = resource
        self.assertEqual(self._hours_on(self.calendar, date(2026, 10, 9)), [(9, 12), (13, 18)])

    def test_the_leaves_of_persons_keep_the_memory(self):
        resource = self.env["resource.resource"].create({"name": "One", "calendar_id": self.calendar.id})
        self.calendar._sqms_working_time(self.company, 2026, 2026)
        leave = self._create_leave(
            self.calendar, datetime(2026, 10, 9), datetime(2026, 10, 9, 20), resource_id=resource.id
        )
        leave.date_to = self._utc(datetime(2026, 10, 12, 20))
        leave.unlink()
        Calendar = self.env.registry["resource.calendar"]
        with patch.object(Calendar, "_work_intervals_batch", side_effect=AssertionError("asked again")):
            self.calendar._sqms_working_time(self.company, 2026, 2026)
