import sys
from datetime import date, datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..lib import chinese_year
from .common_calendar import SHANGHAI, CalendarCase

GOLDEN_WEEK = [date(2026, 10, day) for day in range(1, 8)]


@tagged("post_install", "-at_install", "sqms_alone")
class TestHoliday(CalendarCase):
    """The rows, and who vouches for them."""

    def test_the_shipped_rows_are_what_the_package_knows(self):
        for year in (2025, 2026):
            rows = self.env["sqms.holiday"].search([("year", "=", year), ("taken_from", "!=", False)], order="date")
            self.assertEqual(
                [(row.date, row.kind, row.with_context(lang="en_US").name) for row in rows],
                [tuple(day) for day in chinese_year.days_of(year)],
            )
            self.assertEqual(set(rows.mapped("verification")), {"unverified"})
            self.assertEqual(rows.country_id.code, "CN")
            self.assertTrue(all(str(year) in row.notice for row in rows))

    def _row(self, **values):
        return self.env["sqms.holiday"].create(
            {"date": date(2031, 10, 1), "name": "National Day", "notice": "Notice 1 of 2030", **values}
        )

    def test_a_person_vouches_with_the_button_and_a_change_takes_it_back(self):
        row = self._row()
        hr = self._create_user("hr", "hr.group_hr_user")
        row.with_user(hr).action_verify()
        self.assertEqual((row.verification, row.verified_by_id), ("verified", hr))
        row.with_user(hr).write({"name": "National Day", "taken_from": "the wall"})
        self.assertEqual(row.verification, "verified")
        row.with_user(hr).write({"date": date(2031, 10, 2)})
        self.assertEqual((row.verification, row.verified_by_id.id, row.verified_at), ("unverified", False, False))

    def test_a_verification_names_the_notice(self):
        with self.assertRaisesRegex(UserError, "2031-10-01"):
            self._row(notice=False).action_verify()

    def test_nobody_writes_a_verification(self):
        row = self._row()
        now = datetime(2030, 1, 1)
        for values in ({"verified_at": now}, {"verified_by_id": self.env.uid}, {"verification": "verified"}):
            with self.assertRaises(UserError):
                row.write(values)
            with self.assertRaises(UserError):
                self._row(date=date(2031, 10, 3), **values)
        hostile = self.env["sqms.holiday"].with_context(
            default_verified_at=now, default_verified_by_id=self.env.uid, default_verification="verified"
        )
        made = hostile.create({"date": date(2031, 10, 4), "name": "x", "notice": "y"})
        self.assertEqual((made.verification, made.verified_at), ("unverified", False))
        result = self.env["sqms.holiday"].load(
            ["date", "name", "verified_at"], [["2031-10-05", "x", "2030-01-01 00:00:00"]]
        )
        self.assertFalse(result["ids"])

    def test_who_reads_and_who_changes(self):
        row = self._row()
        for login, group in (("plain", "base.group_user"), ("officer", "sqms_base.group_sqms_officer")):
            mine = row.with_user(self._create_user(login, group))
            self.assertEqual(mine.name, "National Day")
            for refused in (mine.action_verify, mine.unlink, lambda: mine.write({"name": "x"}), mine.copy):  # noqa: B023
                with self.assertRaises(AccessError):
                    refused()
        for login, group in (("manager", "sqms_base.group_sqms_manager"), ("settings", "base.group_system")):
            row.with_user(self._create_user(login, group)).action_verify()
            self.assertEqual(row.verified_by_id.login, f"sqms_calendar_{login}")


@tagged("post_install", "-at_install", "sqms_alone")
class TestHolidayFill(CalendarCase):
    """Filling a year: by name, with a preview, only once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paris = cls._create_calendar("Paris", zone="Europe/Paris")
        cls.hr = cls._create_user("filler", "hr.group_hr_user")

    def _fill(self, calendars=None, user=None, **values):
        calendars = self.calendar if calendars is None else calendars
        return (
            self.env["sqms.holiday.fill"]
            .with_user(user or self.hr)
            .create({"year": 2026, "calendar_ids": [Command.set(calendars.ids)], **values})
        )

    def _leaves(self, calendar):
        return self.env["resource.calendar.leaves"].search([("calendar_id", "=", calendar.id)])

    def _filled(self, fill):
        fill.action_preview()
        fill.confirmed = True
        fill.action_fill()
        return fill

    def test_a_year_is_filled_by_an_hr_officer(self):
        fill = self._filled(self._fill())
        leaves = self._leaves(self.calendar)
        self.assertEqual(len(leaves), 7)
        golden = leaves.filtered(lambda leave: leave.name == "National Day")
        self.assertEqual(golden.date_from, self._utc(datetime(2026, 10, 1)))
        self.assertEqual(golden.date_to, self._utc(datetime(2026, 10, 7, 23, 59, 59)))
        self.assertEqual((golden.company_id, golden.resource_id.id, golden.time_type), (self.company, False, "leave"))
        days = self.calendar.sqms_extra_day_ids
        self.assertEqual(
            sorted(days.mapped("date")),
            [date(2026, *day) for day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))],
        )
        self.assertIn("2026", days[0].source)
        self.assertEqual(set(fill.line_ids.mapped("result")), {"made"})
        self.assertEqual(len(fill.line_ids), 13)

    def test_deadlines_follow(self):
        """Five working days from Monday 28 September end on the make-up Saturday, from Tuesday one Monday later."""
        self._filled(self._fill())
        days = self._working_dates(self.calendar, date(2026, 9, 28), date(2026, 10, 12))
        self.assertEqual(
            [str(day) for day in days],
            [
                "2026-09-28",
                "2026-09-29",
                "2026-09-30",
                "2026-10-08",
                "2026-10-09",
                "2026-10-10",
                "2026-10-12",
            ],
        )
        self.assertEqual(self._hours_on(self.calendar, date(2026, 9, 20)), [(9, 12), (13, 18)])

    def test_no_other_calendar_is_touched(self):
        self._filled(self._fill())
        self.assertFalse(self._leaves(self.paris) or self.paris.sqms_extra_day_ids)

    def test_pressed_twice_the_second_time_changes_nothing(self):
        self._filled(self._fill())
        before = self._leaves(self.calendar), self.calendar.sqms_extra_day_ids
        fill = self._filled(self._fill())
        self.assertEqual((self._leaves(self.calendar), self.calendar.sqms_extra_day_ids), before)
        self.assertEqual(set(fill.line_ids.mapped("result")), {"there"})
        self.assertFalse(fill.new_count)

    def test_the_preview_changes_nothing(self):
        fill = self._fill()
        fill.action_preview()
        self.assertEqual((fill.state, fill.new_count), ("preview", 13))
        self.assertFalse(self._leaves(self.calendar) or self.calendar.sqms_extra_day_ids)

    def test_what_a_person_entered_is_kept(self):
        own = self._create_leave(self.calendar, datetime(2026, 10, 1), datetime(2026, 10, 3, 23, 59, 59), name="Ours")
        half = self._create_leave(self.calendar, datetime(2026, 6, 19, 12), datetime(2026, 6, 19, 23), name="Half")
        everywhere = self._create_leave(False, datetime(2026, 1, 1), datetime(2026, 1, 3, 23, 59, 59), name="New Year")
        fill = self._filled(self._fill())
        lines = {(line.name, line.date_from): (line.date_to, line.result) for line in fill.line_ids}
        self.assertEqual(lines["National Day", date(2026, 10, 1)], (date(2026, 10, 3), "there"))
        self.assertEqual(lines["National Day", date(2026, 10, 4)], (date(2026, 10, 7), "made"))
        self.assertEqual(lines["Dragon Boat Festival", date(2026, 6, 19)], (date(2026, 6, 19), "left"))
        self.assertEqual(lines["Dragon Boat Festival", date(2026, 6, 20)], (date(2026, 6, 21), "made"))
        self.assertEqual(lines["New Year's Day", date(2026, 1, 1)], (date(2026, 1, 3), "there"))
        self.assertTrue((own | half | everywhere).exists())

    def test_a_closing_of_another_company_does_not_stand_in(self):
        self._create_leave(False, datetime(2026, 10, 1), datetime(2026, 10, 7, 23, 59, 59), company=self.other_company)
        fill = self._fill()
        fill.action_preview()
        self.assertEqual(set(fill.line_ids.mapped("result")), {"new"})

    def test_a_make_up_day_in_a_closing_carries_a_warning(self):
        self._create_leave(
            self.calendar, datetime(2026, 10, 10), datetime(2026, 10, 10, 23, 59, 59), name="Stocktaking"
        )
        fill = self._fill()
        fill.action_preview()
        line = fill.line_ids.filtered(lambda line: line.date_from == date(2026, 10, 10))
        self.assertIn("Stocktaking", line.note)

    def test_a_weekday_without_hours_is_left_out_with_its_reason(self):
        fill = self._filled(self._fill(dayofweek="6"))
        lines = fill.line_ids.filtered(lambda line: line.kind == "workday")
        self.assertEqual(set(lines.mapped("result")), {"left"})
        self.assertIn("Nobody works on Sunday", lines[0].note)
        self.assertFalse(self.calendar.sqms_extra_day_ids)

    def test_the_days_are_local_to_each_calendar(self):
        self._filled(self._fill(self.calendar + self.paris))
        golden = self._leaves(self.paris).filtered(lambda leave: leave.name == "National Day")
        self.assertEqual(golden.date_from, self._utc(datetime(2026, 10, 1), "Europe/Paris"))

    def test_a_shared_schedule_is_closed_for_the_company_at_hand(self):
        shared = self._create_calendar("Shared", company=False)
        self._filled(self._fill(shared))
        self.assertEqual(self._leaves(shared).company_id, self.company)
        self.assertEqual(self._hours_on(shared, GOLDEN_WEEK[0]), [])
        self.assertEqual(self._hours_on(shared, GOLDEN_WEEK[0], self.other_company), [(9, 12), (13, 18)])

    # ------------------------------------------------------------
    # Verified or confirmed
    # ------------------------------------------------------------

    def test_unverified_days_want_a_confirmation(self):
        fill = self._fill()
        fill.action_preview()
        self.assertTrue(fill.needs_confirmation)
        with self.assertRaisesRegex(UserError, "unverified"):
            fill.action_fill()
        self.assertFalse(self._leaves(self.calendar))

    def test_verified_days_want_none(self):
        self.env["sqms.holiday"].search([("year", "=", 2026)]).action_verify()
        fill = self._fill()
        fill.action_preview()
        self.assertFalse(fill.needs_confirmation)
        fill.action_fill()
        self.assertTrue(self._leaves(self.calendar))

    # ------------------------------------------------------------
    # The package
    # ------------------------------------------------------------

    def test_the_package_fills_a_year_and_leaves_unverified_rows(self):
        self.env["sqms.holiday"].search([("year", "=", 2024)]).unlink()
        self._filled(self._fill(year=2024, source="package"))
        rows = self.env["sqms.holiday"].search([("year", "=", 2024)])
        self.assertEqual(len(rows), len(chinese_year.days_of(2024)))
        self.assertEqual(set(rows.mapped("verification")), {"unverified"})
        self.assertIn("chinesecalendar", rows[0].taken_from)
        self.assertEqual(self._hours_on(self.calendar, date(2024, 10, 1)), [])
        self.assertEqual(self._hours_on(self.calendar, date(2024, 10, 12)), [(9, 12), (13, 18)])
        self.assertIn("chinesecalendar", self.calendar.sqms_extra_day_ids[0].source)

    def test_the_package_does_not_touch_rows_that_are_there(self):
        rows = self.env["sqms.holiday"].search([("year", "=", 2026)])
        rows.action_verify()
        fill = self._fill(source="package")
        fill.action_preview()
        self.assertFalse(fill.needs_confirmation)
        fill.action_fill()
        self.assertEqual(self.env["sqms.holiday"].search([("year", "=", 2026)]), rows)
        self.assertEqual(set(rows.mapped("verification")), {"verified"})

    def test_a_year_the_package_does_not_know_is_said(self):
        with self.assertRaisesRegex(UserError, r"does not know 2090, its last year is \d{4}"):
            self._fill(year=2090, source="package").action_preview()

    def test_a_year_without_rows_is_said(self):
        with self.assertRaisesRegex(UserError, "No public holidays of China are known for 2090"):
            self._fill(year=2090).action_preview()

    def test_the_package_knows_china_only(self):
        with self.assertRaisesRegex(UserError, "China only"):
            self._fill(source="package", country_id=self.env.ref("base.fr").id).action_preview()

    def test_without_the_package_a_sentence_says_so(self):
        with (
            patch.dict(sys.modules, {"chinese_calendar": None}),
            self.assertRaisesRegex(UserError, "not installed on this server"),
        ):
            self._fill(source="package").action_preview()
        with patch.dict(sys.modules, {"chinese_calendar": None}):
            self._filled(self._fill())
        self.assertTrue(self._leaves(self.calendar))

    # ------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------

    def test_settings_may_fill_too(self):
        self._filled(self._fill(user=self._create_user("settings", "base.group_system")))
        self.assertTrue(self._leaves(self.calendar))

    def test_nobody_else_fills(self):
        for login, group in (
            ("plain", "base.group_user"),
            ("manager", "sqms_base.group_sqms_manager"),
            ("certifier", "sqms_base.group_sqms_certifier"),
            ("portal", "base.group_portal"),
        ):
            user = self._create_user(login, group)
            with self.assertRaises(AccessError):
                self._fill(user=user)
            fill = self._fill(confirmed=True)
            for refused in (fill.with_user(user).action_preview, fill.with_user(user).action_fill):
                with self.assertRaises(AccessError):
                    refused()

    def test_schedules_are_named(self):
        with self.assertRaisesRegex(UserError, "one by one"):
            self._fill(self.env["resource.calendar"]).action_preview()

    def test_the_schedule_of_another_company_is_refused_at_every_step(self):
        theirs = self._create_calendar("Theirs", company=self.other_company)
        with self.assertRaisesRegex(AccessError, "belongs to Elsewhere"):
            self._fill(theirs).action_preview()
        fill = self._fill()
        fill.action_preview()
        fill.write({"calendar_ids": [Command.link(theirs.id)], "confirmed": True})
        with self.assertRaisesRegex(AccessError, "belongs to Elsewhere"):
            fill.action_fill()
        self.assertFalse(self._leaves(theirs) or self._leaves(self.calendar))

    def test_flexible_schedules_are_refused(self):
        flexible = self._create_calendar("Flexible")
        flexible.schedule_type = "flexible"
        with self.assertRaisesRegex(UserError, "flexible hours"):
            self._fill(flexible).action_preview()

    def test_lines_that_somebody_invents_are_not_carried_out(self):
        fill = self._fill()
        fill.action_preview()
        fill.line_ids.write({"date_from": date(2026, 3, 2), "date_to": date(2026, 3, 2)})
        fill.confirmed = True
        fill.action_fill()
        self.assertEqual(self._hours_on(self.calendar, date(2026, 3, 2)), [(9, 12), (13, 18)])

    def test_twice_the_schedules_cost_the_same_searches(self):
        def cost(calendars):
            fill = self._fill(calendars)
            calendars.mapped("attendance_ids.name")
            fill._plan(fill._days())
            before = self.cr.sql_log_count
            fill._plan(fill._days())
            return self.cr.sql_log_count - before

        calendars = [self._create_calendar(f"Calendar {number}") for number in range(4)]
        empty = self.env["resource.calendar"]
        self.assertLessEqual(cost(empty.union(*calendars)), cost(empty.union(*calendars[:2])))
        self.assertEqual(calendars[0].tz, SHANGHAI)
