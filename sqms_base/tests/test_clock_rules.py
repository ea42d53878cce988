import doctest
from datetime import date, datetime, timedelta

import pytz

from odoo.tests import BaseCase, tagged

from ..lib import clock_explain, clock_fold, clock_timetable
from ..lib.clock import Event, Terms, derive
from ..lib.clock_explain import explain
from ..lib.clock_rungs import next_instant, next_rung, rung_instants
from ..lib.clock_timetable import Timetable, local_ordinal, midnight
from .clock_twin import ALWAYS, PARIS_NIGHT, Pattern, every, spans_of

HOUR = 3600
WEEK = every((0, 1, 2, 3, 4), (9, 12), (13, 18))
GOLDEN = tuple(date(2026, 10, day) for day in range(1, 8))
SHANGHAI = Pattern("Asia/Shanghai", WEEK, GOLDEN, (), ((date(2026, 10, 10), 4),))
# A shop that is closed for lunch, and a half holiday.
HALF = Pattern("Asia/Shanghai", WEEK, (), ((date(2026, 9, 22), 12 * 60),), ())
PARIS = Pattern("Europe/Paris", every((0, 1, 2, 3, 4), (9, 17)))


def table(pattern=SHANGHAI):
    return Timetable(pattern.tz, spans_of(pattern, date(2026, 1, 1), date(2027, 1, 1)))


def at(text, zone="Asia/Shanghai"):
    return int(pytz.timezone(zone).localize(datetime.strptime(text, "%Y-%m-%d %H:%M")).timestamp())


class Story:
    """What happened, told in local times; `due` comes back as local time."""

    def __init__(self, unit, target, start, pattern=SHANGHAI, **options):
        self.zone, self.table = pattern.tz, table(pattern)
        self.events, self.terms = [], Terms(unit, target, self.table, **options)
        self.add("start", start, terms=self.terms)

    def add(self, kind, when, reason="", terms=None, voids=0, entered=None):
        when = at(when, self.zone)
        entered = at(entered, self.zone) if entered else when
        self.events.append(Event(len(self.events) + 1, when, kind, reason, terms, voids, entered))
        return self

    def state(self, now="2026-12-01 00:00", known=None):
        return derive(self.events, at(now, self.zone), at(known, self.zone) if known else None)

    def due(self, now="2026-12-01 00:00"):
        due = self.state(now).due
        if due is None:
            return None
        moment = datetime.fromtimestamp(due, pytz.timezone(self.zone))
        return moment.strftime("%Y-%m-%d %H:%M:%S" if moment.second else "%Y-%m-%d %H:%M")


@tagged("post_install", "-at_install", "sqms_alone")
class TestClockRules(BaseCase):
    """The examples of the rules of counting, one by one. September 2026: the 21st is a Monday."""

    # -- events ----------------------------------------------------------------------------

    def test_the_future_is_not_looked_at(self):
        story = Story("work_hours", 4 * HOUR, "2026-09-21 09:00").add("pause", "2026-09-21 10:00", "a")
        self.assertEqual(story.due("2026-09-21 09:59"), "2026-09-21 14:00")
        self.assertIsNone(story.due("2026-09-21 10:00"), "a state holds from its event on")

    def test_one_reason_left_is_enough(self):
        story = Story("hours", 4 * HOUR, "2026-09-21 09:00")
        story.add("pause", "2026-09-21 10:00", "a").add("pause", "2026-09-21 10:00", "b")
        story.add("resume", "2026-09-21 11:00", "a")
        self.assertTrue(story.state().paused)
        story.add("resume", "2026-09-21 12:00")
        self.assertEqual(story.due(), "2026-09-21 15:00")

    def test_order_of_entry_does_not_matter(self):
        pauses = [("pause", "2026-09-21 10:00", "a"), ("resume", "2026-09-21 15:00", "a")]
        told = Story("hours", 4 * HOUR, "2026-09-21 09:00")
        later = Story("hours", 4 * HOUR, "2026-09-21 09:00")
        for event in pauses:
            told.add(*event)
        for event in reversed(pauses):
            later.add(*event)
        self.assertEqual(told.due(), later.due())

    # -- hours -------------------------------------------------------------------------------

    def test_due_is_the_earliest_instant_at_which_the_target_is_reached(self):
        self.assertEqual(Story("work_hours", 8 * HOUR, "2026-09-21 09:00").due(), "2026-09-21 18:00")

    def test_a_start_after_closing_counts_from_the_next_opening(self):
        self.assertEqual(Story("work_hours", 8 * HOUR, "2026-09-22 18:01").due(), "2026-09-23 18:00")

    def test_a_pause_in_closed_time_costs_nothing(self):
        story = Story("work_hours", 8 * HOUR, "2026-09-21 10:00")
        story.add("pause", "2026-09-21 18:00", "a").add("resume", "2026-09-22 09:00", "a")
        self.assertEqual(story.due(), "2026-09-22 10:00")

    def test_no_time_at_all_is_due_when_time_first_counts(self):
        self.assertEqual(Story("work_hours", 0, "2026-09-26 10:00").due(), "2026-09-28 09:00")
        self.assertEqual(Story("hours", 0, "2026-09-26 10:00").due(), "2026-09-26 10:00")
        self.assertEqual(Story("work_days", 0, "2026-09-26 10:00").due(), "2026-09-28 18:00")
        self.assertEqual(Story("days", 0, "2026-09-26 10:00", ends_at="midnight").due(), "2026-09-26 23:59:59")

    def test_reopened_it_continues_with_the_rest(self):
        story = Story("work_hours", 4 * HOUR, "2026-09-21 09:00")
        story.add("stop", "2026-09-21 11:00").add("reopen", "2026-09-22 09:00")
        self.assertEqual(story.due(), "2026-09-22 11:00")

    # -- days ----------------------------------------------------------------------------------

    def test_five_working_days_over_the_national_day_and_a_make_up_saturday(self):
        self.assertEqual(Story("work_days", 5, "2026-09-28 10:00").due(), "2026-10-10 18:00")
        self.assertEqual(Story("work_days", 5, "2026-09-29 10:00").due(), "2026-10-12 18:00")

    def test_the_day_of_the_start_never_counts(self):
        for start in ("2026-09-21 00:00", "2026-09-21 10:00", "2026-09-21 18:01", "2026-09-20 12:00"):
            self.assertEqual(
                Story("work_days", 1, start).due(), "2026-09-22 18:00" if "-21" in start else "2026-09-21 18:00"
            )

    def test_received_late_the_next_working_day_may_be_day_zero(self):
        self.assertEqual(Story("work_days", 1, "2026-09-21 18:01").due(), "2026-09-22 18:00")
        self.assertEqual(Story("work_days", 1, "2026-09-21 18:01", late_start="next_day").due(), "2026-09-23 18:00")
        self.assertEqual(Story("work_days", 1, "2026-09-21 17:59", late_start="next_day").due(), "2026-09-22 18:00")

    def test_a_half_day_counts_and_closes_at_noon(self):
        self.assertEqual(Story("work_days", 1, "2026-09-21 10:00", HALF).due(), "2026-09-22 12:00")
        self.assertEqual(Story("work_days", 2, "2026-09-21 10:00", HALF).due(), "2026-09-23 18:00")

    def test_a_pause_costs_the_days_whose_closing_it_covers(self):
        def with_pause(start, end):
            return Story("work_days", 3, "2026-09-21 10:00").add("pause", start, "a").add("resume", end, "a").due()

        self.assertEqual(with_pause("2026-09-22 12:00", "2026-09-22 13:00"), "2026-09-24 18:00", "over lunch: none")
        self.assertEqual(
            with_pause("2026-09-22 10:00", "2026-09-23 10:00"), "2026-09-25 18:00", "a day and a night: one"
        )
        self.assertEqual(
            with_pause("2026-09-22 17:00", "2026-09-23 09:00"), "2026-09-25 18:00", "evening to morning: one"
        )
        self.assertEqual(with_pause("2026-09-22 18:00", "2026-09-23 09:00"), "2026-09-24 18:00", "at closing: after it")
        self.assertEqual(
            with_pause("2026-09-22 17:00", "2026-09-22 18:00"), "2026-09-25 18:00", "resumed at closing: too late"
        )

    def test_a_pause_over_the_weekend_costs_nothing(self):
        story = Story("work_days", 3, "2026-09-24 10:00")
        story.add("pause", "2026-09-25 18:30", "a").add("resume", "2026-09-28 08:00", "a")
        self.assertEqual(story.due(), "2026-09-29 18:00")

    def test_calendar_days_end_at_midnight_and_may_roll_over_the_holiday(self):
        story = Story("days", 15, "2026-09-20 10:00", ends_at="midnight")
        self.assertEqual(story.due(), "2026-10-05 23:59:59", "shown on its own day")
        story = Story("days", 15, "2026-09-20 10:00", ends_at="midnight", roll="next_work_day")
        self.assertEqual(story.due(), "2026-10-08 23:59:59")
        story = Story("days", 15, "2026-09-20 10:00", roll="next_work_day")
        self.assertEqual(story.due(), "2026-10-08 18:00")

    def test_a_night_shift_has_two_dates(self):
        story = Story("work_days", 1, "2026-09-20 10:00", PARIS_NIGHT)
        self.assertEqual(story.due(), "2026-09-21 23:59:59")
        story = Story("work_days", 2, "2026-09-20 10:00", PARIS_NIGHT)
        self.assertEqual(story.due(), "2026-09-22 06:00")

    # -- daylight saving ---------------------------------------------------------------------

    def test_a_night_has_four_hours_in_march_and_six_in_october(self):
        for day, hours in (("2026-03-29", 4), ("2026-10-25", 6), ("2026-09-20", 5)):
            spans = table(PARIS_NIGHT)
            seconds = spans.worked(at(f"{day} 12:00", "Europe/Paris")) - spans.worked(
                at(f"{day} 00:30", "Europe/Paris")
            )
            self.assertEqual(seconds, hours * HOUR, day)

    def test_a_calendar_day_is_to_the_next_local_midnight(self):
        for start, end in (("2026-03-28", "2026-03-29"), ("2026-10-24", "2026-10-25")):
            story = Story("days", 1, f"{start} 10:00", PARIS, ends_at="midnight")
            self.assertEqual(story.due(), f"{end} 23:59:59")

    def test_the_zone_is_that_of_the_calendar(self):
        moment = at("2026-09-21 07:00", "Asia/Shanghai")  # still Monday 01:00 in Paris
        due = {
            zone: derive(
                [Event(1, moment, "start", terms=Terms("days", 1, Timetable(zone), ends_at="midnight"))], moment
            ).due
            for zone in ("Asia/Shanghai", "Europe/Paris", "America/New_York")
        }
        self.assertEqual(due["Asia/Shanghai"], at("2026-09-23 00:00") - 1)
        self.assertEqual(due["Europe/Paris"], at("2026-09-23 00:00", "Europe/Paris") - 1)
        self.assertEqual(due["America/New_York"], at("2026-09-22 00:00", "America/New_York") - 1, "Sunday there")

    # -- met and breached -----------------------------------------------------------------------

    def test_stopped_at_due_is_on_time(self):
        on_time = Story("work_hours", 8 * HOUR, "2026-09-25 09:00").add("stop", "2026-09-25 18:00")
        self.assertFalse(on_time.state().breached)

    def test_stopped_on_saturday_is_late_though_nobody_worked(self):
        late = Story("work_hours", 8 * HOUR, "2026-09-25 09:00").add("stop", "2026-09-26 10:00")
        self.assertTrue(late.state().breached)
        told = explain(late.events, at("2026-09-28 09:00"))
        self.assertEqual((told["breached"], told["late"], told["elapsed"]), (True, 0, 8 * HOUR))

    def test_reopening_does_not_erase_a_breach(self):
        story = Story("work_hours", 4 * HOUR, "2026-09-21 09:00")
        story.add("stop", "2026-09-21 16:00").add("reopen", "2026-09-21 16:30").add("stop", "2026-09-21 16:40")
        self.assertEqual((story.due(), story.state().breached), ("2026-09-21 14:00", True))

    def test_a_late_entry_removes_a_breach_and_what_was_known_stays_known(self):
        story = Story("work_hours", 4 * HOUR, "2026-09-21 09:00")
        self.assertTrue(story.state("2026-09-21 16:00").breached)
        story.add("pause", "2026-09-21 10:00", "a", entered="2026-09-21 16:00")
        story.add("resume", "2026-09-21 15:00", "a", entered="2026-09-21 16:00")
        state = story.state("2026-09-21 16:00")
        self.assertEqual(
            (story.due("2026-09-21 16:00"), state.breached, state.elapsed), ("2026-09-21 18:00", False, 2 * HOUR)
        )
        self.assertTrue(story.state("2026-09-21 16:00", known="2026-09-21 15:59").breached)
        moved = explain(story.events, at("2026-09-21 16:00"))["moved_by"]
        self.assertEqual([move["seconds_late"] for move in moved], [6 * HOUR, HOUR])

    # -- other terms --------------------------------------------------------------------------------

    def test_a_change_counts_from_the_start_and_leaves_its_grace(self):
        def changed(grace, when="2026-09-21 14:00"):
            story = Story("work_hours", 8 * HOUR, "2026-09-21 09:00")
            return story.add("policy", when, terms=story.terms._replace(target=2 * HOUR, grace=grace)).due()

        self.assertEqual(changed(HOUR), "2026-09-21 15:00", "by the count it would have been 11:00")
        self.assertEqual(changed(24 * HOUR), "2026-09-21 18:00", "the grace gives no more than there was")
        self.assertEqual(changed(24 * HOUR, "2026-09-21 20:00"), "2026-09-21 18:00", "nor does it heal a breach")

    def test_from_now_on_keeps_what_was_counted_within_the_same_unit(self):
        story = Story("work_hours", 4 * HOUR, "2026-09-21 09:00")
        longer = story.terms._replace(target=6 * HOUR, timetable=table(ALWAYS), recount="now")
        self.assertEqual(story.add("policy", "2026-09-21 18:00", terms=longer).due(), "2026-09-21 16:00")
        story = Story("work_hours", 10 * HOUR, "2026-09-21 09:00")
        other = story.terms._replace(timetable=table(ALWAYS), recount="now")
        self.assertEqual(story.add("policy", "2026-09-21 18:00", terms=other).due(), "2026-09-21 20:00")
        other = story.terms._replace(unit="hours", recount="now")
        self.assertEqual(story.add("policy", "2026-09-21 18:30", terms=other).due(), "2026-09-21 19:00", "another unit")

    # -- limits ---------------------------------------------------------------------------------------

    def test_nothing_is_due_where_no_working_time_is_known(self):
        story = Story("work_days", 5, "2026-12-30 10:00")
        state = story.state("2026-12-31 00:00")
        self.assertEqual((state.due, state.due_reason), (None, "horizon"))
        nothing = derive([Event(1, 0, "start", terms=Terms("work_hours", 1, Timetable("UTC")))], 10)
        self.assertEqual((nothing.due, nothing.due_reason), (None, "horizon"))
        far = derive([Event(1, 0, "start", terms=Terms("days", 10**9, Timetable("UTC")))], 10)
        self.assertIsNone(far.due)

    def test_all_numbers_are_whole(self):
        story = Story("work_hours", 8 * HOUR, "2026-09-21 09:00").add("pause", "2026-09-21 10:00", "a")
        told = explain(story.events, at("2026-09-21 12:00"))
        numbers = [told[name] for name in ("target", "elapsed", "remaining", "late")]
        self.assertTrue(all(type(number) is int for number in [*numbers, *(row["counted"] for row in told["rows"])]))


@tagged("post_install", "-at_install", "sqms_alone")
class TestClockRungs(BaseCase):
    LADDER = (
        ("half", "percent", 50),
        ("most", "percent", 80),
        ("soon", "before", 2 * HOUR),
        ("late", "after", 4 * HOUR),
    )

    def _told(self, state, ladder=LADDER):
        return {
            key: datetime.fromtimestamp(instant, pytz.timezone("Asia/Shanghai")).strftime("%d %H:%M")
            for instant, key in rung_instants(state, ladder)
        }

    def test_shares_of_working_hours_lie_in_working_time(self):
        state = Story("work_hours", 8 * HOUR, "2026-09-21 14:00").state("2026-09-21 14:00")
        self.assertEqual(
            self._told(state), {"half": "21 18:00", "most": "22 11:24", "soon": "22 11:00", "late": "22 18:00"}
        )

    def test_shares_of_working_days_are_working_seconds_in_them(self):
        state = Story("work_days", 5, "2026-09-21 22:00").state("2026-09-21 22:00")
        self.assertEqual(
            self._told(state), {"half": "24 14:00", "most": "25 18:00", "soon": "28 16:00", "late": "29 14:00"}
        )

    def test_a_pause_moves_what_is_still_to_come(self):
        story = Story("work_hours", 8 * HOUR, "2026-09-21 09:00")
        story.add("pause", "2026-09-21 10:00", "a")
        self.assertEqual(rung_instants(story.state(), self.LADDER), [], "while it waits nobody is told")
        story.add("resume", "2026-09-21 14:00", "a")
        self.assertEqual(self._told(story.state("2026-09-21 14:00"))["half"], "21 17:00")

    def test_what_would_lie_before_the_start_is_left_out(self):
        state = Story("work_hours", HOUR, "2026-09-21 09:00").state("2026-09-21 09:00")
        self.assertNotIn("soon", self._told(state))

    def test_the_whole_share_is_due_itself(self):
        state = Story("days", 3, "2026-09-21 09:00", ends_at="midnight").state("2026-09-21 09:00")
        for kind, value in (("percent", 100), ("before", 0), ("after", 0)):
            self.assertEqual(rung_instants(state, [("x", kind, value)]), [(state.due, "x")])

    def test_the_next_is_the_earliest_that_was_not_told(self):
        state = Story("work_hours", 8 * HOUR, "2026-09-21 09:00").state("2026-09-21 09:00")
        order = []
        while found := next_rung(state, self.LADDER, order):
            order.append(found[1])
        self.assertEqual(order, ["half", "soon", "most", "late"])
        self.assertEqual(
            next_instant(state, self.LADDER, ("half", "soon", "most")), (state.due + 1, None), "the breach"
        )
        self.assertEqual(next_rung(state, self.LADDER, (), state.due)[1], "late")


@tagged("post_install", "-at_install", "sqms_alone")
class TestTimetable(BaseCase):
    def test_seconds_and_instants_are_each_others_inverse(self):
        spans = table()
        for start in range(at("2026-09-20 00:00"), at("2026-10-12 00:00"), 7 * HOUR + 13):
            before = spans.worked(start)
            for amount in (1, HOUR, 8 * HOUR, 8 * HOUR + 1, 40 * HOUR):
                instant = spans.when_worked(before + amount)
                self.assertEqual(spans.worked(instant), before + amount)
                self.assertEqual(spans.worked(instant - 1), before + amount - 1)

    def test_days_with_another_length_begin_at_their_own_midnight(self):
        for zone, day in (("Europe/Paris", date(2026, 3, 29)), ("America/Havana", date(2026, 11, 1)),
                          ("Asia/Beirut", date(2026, 3, 29))):  # fmt: skip
            for shift in range(-1, 3):
                number = (day + timedelta(shift)).toordinal()
                start = midnight(zone, number)
                self.assertEqual(local_ordinal(zone, start), number)
                self.assertEqual(local_ordinal(zone, start - 1), number - 1)

    def test_examples_in_the_docstrings_hold(self):
        for module in (clock_timetable, clock_explain, clock_fold):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 0)
            self.assertEqual(result.failed, 0)
