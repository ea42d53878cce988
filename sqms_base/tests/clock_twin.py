"""A second clock, for tests only: it walks through time tick by tick and knows nothing of the first one.

Written from the rules of counting alone. A tick is a minute, or a second; whatever happens happens on a whole
tick. Working time is asked of the wall clock of each tick: its weekday, its minute, the holidays.
"""

import random
from bisect import bisect_left
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple

import pytz

WEEKDAYS = (0, 1, 2, 3, 4)
FAR = date(2100, 1, 1)


class Pattern(NamedTuple):
    """A calendar as a person would say it: hours in minutes of the day by weekday, free days, extra days."""

    tz: str
    hours: tuple  # of (weekday, from minute, to minute)
    free: tuple = ()  # dates
    half: tuple = ()  # (date, from this minute on free)
    extra: tuple = ()  # (date, works like this weekday)

    def of(self, day):
        """The hours of a date."""
        if day in self.free:
            return []
        weekday = dict(self.extra).get(day, day.weekday())
        end = dict(self.half).get(day, 1440)
        return [(a, min(b, end)) for on, a, b in self.hours if on == weekday and a < end]


def every(days, *hours):
    return tuple((day, int(a * 60), int(b * 60)) for day in days for a, b in hours)


GOLDEN_WEEK = tuple(date(2026, 10, day) for day in range(1, 8))
SHANGHAI = Pattern(
    "Asia/Shanghai", every(WEEKDAYS, (9, 12), (13, 18)), GOLDEN_WEEK, ((date(2026, 9, 24), 12 * 60),),
    ((date(2026, 9, 20), 2), (date(2026, 10, 10), 3)),
)  # fmt: skip
PARIS = Pattern("Europe/Paris", every(WEEKDAYS, (8.5, 12.5), (13.5, 17.5)), (date(2026, 11, 11),))
PARIS_NIGHT = Pattern("Europe/Paris", every((6,), (1, 6)) + every((0,), (22, 24)) + every((1,), (0, 6)))
ALWAYS = Pattern("Asia/Shanghai", every(range(7), (0, 24)), GOLDEN_WEEK[:1])
PATTERNS = (SHANGHAI, PARIS, PARIS_NIGHT, ALWAYS)


def spans_of(pattern, first, last):
    """What the product is given: intervals in whole UTC seconds, built from wall times, apart."""
    zone, spans = pytz.timezone(pattern.tz), []
    for number in range((last - first).days):
        day = first + timedelta(number)
        for a, b in pattern.of(day):
            edges = [datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute) for minute in (a, b)]
            start, end = (int(zone.localize(edge, is_dst=False).timestamp()) for edge in edges)
            if spans and spans[-1][1] == start and a:
                start = spans.pop()[0]
            spans.append((start, end))
    return spans


class World:
    """The ticks between two dates as seen from one calendar: is it working time, which date is it."""

    def __init__(self, pattern, first, last, step):
        zone = pytz.timezone(pattern.tz)
        self.step = step
        self.start = int(pytz.utc.localize(datetime.combine(first, datetime.min.time())).timestamp())
        count = (last - first).days * 86_400 // step
        self.working = bytearray(count)
        self.days = []  # [date, first tick, tick after the last]
        hours = {}
        for minute in range(count * step // 60):
            wall = datetime.fromtimestamp(self.start + minute * 60, zone)
            day = wall.date()
            a, b = minute * 60 // step, (minute + 1) * 60 // step
            if day not in hours:
                hours[day] = pattern.of(day)
                self.days.append([day, a, b])
            self.days[-1][2] = b
            of_day = wall.hour * 60 + wall.minute
            if any(x <= of_day < y for x, y in hours[day]):
                self.working[a:b] = b"\1" * (b - a)
        self.days = self.days[1:-1]  # whole days only
        self.starts = [day[1] for day in self.days]

    def tick(self, instant):
        return (instant - self.start) // self.step

    def instant(self, tick):
        return self.start + tick * self.step

    def number_of(self, instant):
        """Place in `days` of the date of an instant."""
        return bisect_left(self.starts, self.tick(instant) + 1) - 1

    def works(self, number):
        _day, a, b = self.days[number]
        return 1 in self.working[a:b]

    def closes(self, number, ends_at):
        """End of the last working interval of the date, else its last second; never the next day's midnight."""
        _day, a, b = self.days[number]
        last = self.working[a:b].rfind(1)
        end = self.instant(b) - 1
        return end if last < 0 or ends_at == "midnight" else min(end, self.instant(a + last + 1))


@cache
def world(pattern, first, last, step):
    return World(pattern, first, last, step)


class Rule(NamedTuple):
    """Terms, as the twin knows them."""

    unit: str
    target: int
    world: World
    ends_at: str = "close"
    late_start: str = "same_day"
    roll: str = "none"
    recount: str = "start"
    grace: int = 0
    pauses: object = None


class Outcome(NamedTuple):
    due: object
    elapsed: int
    remaining: int
    met: bool
    breached: bool
    paused: bool


def what_counts(events, now):
    """Rule 1 and 2: taken back events out, the future out, in order of time and then of entry."""
    alive = list(events)
    while True:
        voids = [event for event in alive if event.kind == "void"]
        if not voids:
            break
        latest = max(voids, key=lambda event: event.id)
        alive = [event for event in alive if event.id not in (latest.id, latest.voids)]
    return sorted((event for event in alive if event.at <= now), key=lambda event: (event.at, event.id))


def rules_in_force(events, rule_of):
    """Rule 18: [(from, rule)], and the last change."""
    begun, stopped, force, change = None, False, [], None
    for event in events:
        if begun is None:
            if event.kind == "start":
                begun = event.at
                force = [(begun, rule_of(event))]
        elif event.kind in ("stop", "reopen"):
            stopped = event.kind == "stop"
        elif event.kind == "policy" and not stopped:
            new, old = rule_of(event), force[-1][1]
            change = event
            from_now = new.recount == "now" and new.unit == old.unit and new.unit.endswith("hours")
            force = [*force, (event.at, new)] if from_now else [(begun, new)]
    return force, change


def running_ticks(events, force, here):
    """For each tick whether the clock runs (rules 3, 4), the same without the last stop, and its last state."""
    count = len(here.working)
    ticks = bytearray(count)
    begun, stopped, reasons, ran_at_stop, stop = False, False, set(), False, None
    changes = [*events, None]
    state, went_on = "none", None
    for event, following in zip(changes, changes[1:], strict=False):
        was = state
        if not begun:
            begun = event.kind == "start"
        elif event.kind == "stop" and not stopped:
            stopped, stop, ran_at_stop, reasons = True, event.at, was == "running", set()
            went_on = here.tick(stop)
        elif event.kind == "reopen" and stopped:
            stopped, stop, went_on = False, None, None
        elif event.kind == "pause" and not stopped:
            reasons.add(event.reason)
        elif event.kind == "resume" and not stopped:
            reasons = reasons - {event.reason} if event.reason else set()
        rule = [rule for since, rule in force if since <= event.at]
        honoured = reasons if not rule or rule[-1].pauses is None else reasons & rule[-1].pauses
        state = "none" if not begun else "stopped" if stopped else "paused" if honoured else "running"
        if state == "running":
            a, b = here.tick(event.at), here.tick(following.at) if following else count
            ticks[a:b] = b"\1" * (b - a)
    endless = ticks
    if stopped and ran_at_stop:
        endless = bytearray(ticks)
        endless[went_on:] = b"\1" * (count - went_on)
    return ticks, endless, state, stop


def both(a, b):
    return (int.from_bytes(a, "big") & int.from_bytes(b, "big")).to_bytes(len(a), "big")


def working_ticks(force, here):
    """For each tick whether it may count, by the rule in force then."""
    flags = bytearray()
    for number, (_since, rule) in enumerate(force):
        until = here.tick(force[number + 1][0]) if number + 1 < len(force) else len(here.working)
        source = b"\1" * len(here.working) if rule.unit == "hours" else rule.world.working
        flags += source[len(flags) : until]
    return flags


def count_hours(target, ticks, endless, flags, here, until):
    """Rules 5 to 7: (due, elapsed)."""
    due, counted = None, 0
    first = endless.find(1)
    for _day, a, b in here.days:
        if b <= first or first < 0:
            continue
        good = both(endless[a:b], flags[a:b])
        amount = good.count(1) * here.step
        if counted + amount >= max(target, 1):
            for place, flag in enumerate(good):
                if flag:
                    if counted + here.step >= target:
                        due = here.instant(a + place) + (target - counted)
                        break
                    counted += here.step
            break
        counted += amount
    stop = here.tick(until)
    elapsed = both(ticks[:stop], flags[:stop]).count(1) * here.step
    return due, elapsed


def the_day_that_does_not_count(rule, start, here):
    """Rules 8 and 13."""
    zero = here.number_of(start)
    if rule.late_start == "next_day":
        while zero < len(here.days) and not (here.works(zero) and start < here.closes(zero, "close")):
            zero += 1
    return zero


def count_days(rule, start, ticks, endless, here, until):
    """Rules 8 to 14: (due, elapsed)."""
    zero = the_day_that_does_not_count(rule, start, here)

    def runs_at(flags, instant):
        return instant - 1 >= start and flags[here.tick(instant - 1)]

    due, counted, elapsed, reached = None, 0, 0, False
    for number in range(zero, len(here.days)):
        closing = here.closes(number, rule.ends_at)
        if closing <= start:
            continue
        eligible = rule.unit == "days" or here.works(number)
        if number > zero and eligible and closing <= until and runs_at(ticks, closing):
            elapsed += 1
        if due is None and eligible and (number > zero or not rule.target) and runs_at(endless, closing):
            counted += 1
            reached = reached or counted >= max(rule.target, 1)
            rolls = rule.roll == "next_work_day" and rule.unit == "days"
            if reached and (not rolls or here.works(number)):
                due = closing
        if due is not None and closing > until:
            break
    return due, elapsed


def simulate(events, rule_of, now):
    """What has become of a clock at a moment."""
    events = what_counts(events, now)
    force, change = rules_in_force(events, rule_of)
    if not force:
        return None
    start, rule = force[0][0], force[-1][1]
    here = rule.world
    ticks, endless, state, stop = running_ticks(events, force, here)
    until = now if stop is None else stop
    if rule.unit.endswith("hours"):
        due, elapsed = count_hours(rule.target, ticks, endless, working_ticks(force, here), here, until)
    else:
        due, elapsed = count_days(rule, start, ticks, endless, here, until)
    if due is not None and change is not None:
        due = with_grace(events, change, rule, rule_of, due, endless)
    return Outcome(
        due, elapsed, max(0, rule.target - elapsed), stop is not None,
        due is not None and due < until, state == "paused",
    )  # fmt: skip


def with_grace(events, change, rule, rule_of, due, endless):
    """Rule 19: not before change + grace, but the grace gives no more than there was; and not within a pause."""
    earlier = events[: events.index(change)]
    before = simulate([*earlier, change._replace(kind="resume", reason="")], rule_of, change.at)
    floor = change.at + rule.grace
    if before is not None and before.due is not None:
        floor = min(floor, before.due)
    if due >= floor:
        return due
    here = rule.world
    if endless[here.tick(floor - 1)]:
        return floor
    place = endless.find(1, here.tick(floor - 1))
    return here.instant(place) if place >= 0 else None


# -- random histories ------------------------------------------------------------------------

FIRST, LAST = date(2026, 9, 1), date(2027, 1, 10)
FIRST_MARCH, LAST_MARCH = date(2026, 3, 1), date(2026, 6, 20)
REASONS = ("customer", "parts", "test")


def random_history(seed):
    """((first, last date, step), [raw event], now): raw events name their terms as plain data."""
    dice = random.Random(seed)
    seconds = dice.random() < 0.08
    first, last = random_window(dice, seconds)
    step = 1 if seconds else 60
    pattern, begin = random_begin(dice, seconds, first, step)
    moments = random_moments(dice, seconds, pattern, begin, step)
    raw = in_order_of_entry(dice, random_entries(dice, seconds, pattern, moments))
    now = max(moments) + dice.randrange(0, 86_400 * (2 if seconds else 6), step)
    if dice.random() < 0.2:
        now = dice.choice(moments)
    elif dice.random() < 0.2:
        now = min(snap(dice, pattern, now, step), begin + 86_400 * (6 if seconds else 24))
        now = max(now, begin)
    return (first, last, step), raw, now


def random_window(dice, seconds):
    if seconds:
        around = dice.choice([date(2026, 9, 23), date(2026, 9, 30), date(2026, 10, 23), date(2026, 3, 27)])
        return around - timedelta(2), around + timedelta(18)
    return (FIRST_MARCH, LAST_MARCH) if dice.random() < 0.25 else (FIRST, LAST)


def random_begin(dice, seconds, first, step):
    origin = datetime.combine(first, datetime.min.time()) + timedelta(days=2)
    begin = int(pytz.utc.localize(origin).timestamp()) + dice.randrange(0, 86_400 * (2 if seconds else 40), step)
    if dice.random() < 0.2:
        begin -= (begin % 3600) if dice.random() < 0.7 else (begin % 1800)
    pattern = dice.choice(PATTERNS)
    if dice.random() < 0.15:  # exactly when the doors open or close
        begin = min(snap(dice, pattern, begin, step), begin + 86_400)
    if not seconds and dice.random() < 0.25:  # shortly before the clocks change
        change = date(2026, 3, 29) if first == FIRST_MARCH else date(2026, 10, 25)
        begin = int(pytz.utc.localize(datetime.combine(change, datetime.min.time())).timestamp())
        begin -= dice.randrange(0, 6 * 86_400, step)
        pattern = dice.choice((PARIS, PARIS_NIGHT))
    return pattern, begin


def random_moments(dice, seconds, pattern, begin, step):
    moments = [begin]
    for _number in range(dice.choice((0, 1, 2, 3, 4, 6, 8))):
        gap = dice.choice((0, 60, 3600, 7200, 30_000, 86_400, 3 * 86_400))
        gap = int(gap if dice.random() < 0.4 else gap * dice.random())
        moment = min(moments[-1] + gap // step * step, begin + 86_400 * (3 if seconds else 14))
        if dice.random() < 0.4:
            moment = min(snap(dice, pattern, moment, step), begin + 86_400 * (4 if seconds else 16))
        moments.append(max(moment, begin))
    return moments


def random_entries(dice, seconds, pattern, moments):
    yield "start", moments[0], "", random_terms(dice, pattern, seconds)
    kinds = ("pause", "pause", "pause", "resume", "resume", "resume", "stop", "reopen", "reopen", "policy")
    for at in moments[1:]:
        kind = dice.choice(kinds)
        reason = dice.choice(REASONS) if kind == "pause" or (kind == "resume" and dice.random() < 0.7) else ""
        terms = None
        if kind == "policy":
            terms = random_terms(dice, pattern if dice.random() < 0.5 else dice.choice(PATTERNS), seconds)
        yield kind, at, reason, terms


def in_order_of_entry(dice, entries):
    """(order of entry, kind, at, reason, terms, what it takes back): some entered afterwards, some taken back."""
    start, *others = entries
    if dice.random() < 0.3:
        dice.shuffle(others)
    raw = [(number, *entry, 0) for number, entry in enumerate([start, *others], 1)]
    for _number in range(dice.choice((0, 0, 0, 1, 2))):
        if len(raw) > 1:
            target = dice.choice(raw[1:])
            raw.append((len(raw) + 1, "void", target[2], "", None, target[0]))
    return raw


def snap(dice, pattern, moment, step):
    """The next instant at which the doors open or close, or a day ends."""
    edges = edges_of(pattern)
    place = bisect_left(edges, moment)
    found = edges[min(place + dice.randrange(3), len(edges) - 1)]
    return found - dice.choice((0, 1)) if step == 1 else found


@cache
def edges_of(pattern):
    zone, edges = pytz.timezone(pattern.tz), set()
    for a, b in ((FIRST_MARCH, LAST_MARCH), (FIRST, LAST)):
        edges.update(edge for span in spans_of(pattern, a, b) for edge in span)
        for number in range((b - a).days):
            midnight = datetime.combine(a + timedelta(number), datetime.min.time())
            edges.add(int(zone.localize(midnight).timestamp()))
    return sorted(edges)


def random_terms(dice, pattern, seconds):
    unit = dice.choice(("work_hours", "work_days", "hours", "days"))
    if unit.endswith("hours"):
        target = dice.choice((0, 3600, 4 * 3600, 8 * 3600, dice.randrange(1, 20 * 3600), dice.randrange(60, 6000, 60)))
    else:
        target = dice.choice((0, 1, 1, 2, 3)) if seconds else dice.choice((0, 1, 2, 3, 5, 7, 10, 15))
    return {
        "unit": unit,
        "target": target,
        "pattern": pattern,
        "ends_at": dice.choice(("close", "close", "midnight")),
        "late_start": dice.choice(("same_day", "same_day", "next_day")),
        "roll": dice.choice(("none", "next_work_day")),
        "recount": dice.choice(("start", "now")),
        "grace": dice.choice((0, 3600, 4 * 3600, 86_400)),
        "pauses": dice.choice((None, None, frozenset(REASONS[:2]), frozenset())),
    }
