"""Clocks: what happened goes in, what is due comes out. Plain data, whole numbers, no database.

A clock is a list of events (`Event`); everything else is derived by `derive` from the events, the terms that
hold (`Terms`) and the working time (`Timetable`, built from `working_time.WorkingTime`). All instants are UTC seconds
since 1970, all amounts whole seconds (units "work_hours", "hours") or whole days ("work_days", "days").

The rules of counting, in short:

1.  Events are ordered by (time, order of entry). Voided events are dropped first. What lies after the moment
    asked for is not looked at; `known_at` leaves out what had not been entered by then.
2.  A state holds from its event (included) to the next (excluded).
3.  Pauses are named by reason. The clock runs when no reason is left that its terms honour; `resume` without a
    reason ends all, so does a stop. A second pause with the same reason, a resume without a pause, a pause while
    stopped, a stop while stopped, a reopen while running, anything before the start: no effect.
4.  Hours: time counts that is running and (work_hours) working. Due is the earliest instant at which the
    counted time reaches the target; with target zero the first instant that counts.
5.  Days: the local date of the start is day 0 and never counts (late_start "next_day": received after closing or
    on a free day, the next working day is day 0). A day counts when the clock is running at its closing, and an event
    exactly at closing comes after it. work_days: dates with working time; days: all dates.
6.  The closing of a day is the end of its last working interval (ends_at "close") or its last second, 23:59:59
    ("midnight"). A calendar day without working time closes at midnight; nothing closes later than 23:59:59, so that a
    due date is shown on its own day. Due is the closing of day n; of day 0 or the next one for a target of zero.
7.  roll "next_work_day" (days): the last day must be a working day at whose closing the clock is running.
8.  On time: stopped at or before due. Breached: due lies before the stop, or before now.
9.  Stopped and reopened: continues with the rest. Due of a paused clock that has not reached it is empty.
10. A change of terms counts anew from the start (recount "start"); "now" keeps what was counted and is heeded
    within the same hours unit only. It never makes due earlier than change + grace, nor (by the grace) later than
    due was before the change. A change while stopped has no effect.
11. No due before the end of the known working time: due is empty and says so.

What `explain` returns (all of it JSON), drawn by the popover and printed in letters:

    {"title", "policy", "step": str, "unit": "work_hours"|"work_days"|"hours"|"days",
     "target", "elapsed", "remaining": int (seconds or days; remaining is never negative),
     "late": int (counted beyond the target, seconds or days; 0 when stopped late in closed time),
     "start": UTC iso, "due": UTC iso or null,
     "due_reason": why it is null ("paused", "stopped", "horizon", "flexible"),
     "met_at": UTC iso or null, "tz": str, "paused", "met", "breached": bool,
     "rows": [{"from", "to": UTC iso, "kind", "label", "reason": str, "counted": int, "date": local ISO date}],
     "moved_by": [{"at", "entered_at": UTC iso, "kind", "reason", "user": str, "seconds_late": int}],
     "now": UTC iso}

    kind of a row: "counted"; "closed" (no working time); "paused"; "stopped"; "start_day" (day 0); "before" (today, its
    closing not reached when the clock was stopped or the explanation ends); "open" (still to come until due); "moved"
    (due moved by `roll` or by the grace of a change: `reason` is "roll" or "grace", `to` the due that came out; 0).
    Rows do not overlap, in the order of time; one row never crosses local midnight. Long on purpose: the
    screen folds them. The sum of `counted` over the rows of kind "counted" is `elapsed`, over "open" it is `remaining`
    (over "open" it is 0 while paused, stopped, or without due: nothing is known to come).

UTC iso is `2026-11-23T04:00:00Z`. `label` is for people, in their language (the model fills it in).
"""

from bisect import bisect_right
from typing import NamedTuple

from .clock_timetable import AllDays, Timetable, WorkDays, local_ordinal, midnight

UNITS = ("work_hours", "work_days", "hours", "days")
IN_HOURS = ("work_hours", "hours")
EVER = 1 << 62
JOINED = "joined"  # the reason of a change by which the clock came to its record later than it counts from


class Terms(NamedTuple):
    """What a clock is held to.

    :param target: seconds for hours, days for days
    :param pauses: the reasons that pause it; None for all
    :param grace: seconds that remain at least after a change to these terms
    """

    unit: str
    target: int
    timetable: Timetable
    ends_at: str = "close"
    late_start: str = "same_day"
    roll: str = "none"
    recount: str = "start"
    grace: int = 0
    pauses: object = None


class Event(NamedTuple):
    """Something that happened.

    :param id: order of entry
    :param kind: "start", "pause", "resume", "stop", "reopen", "policy" (a change of terms), "void"; others are
        ignored by the count
    :param terms: of "start" and "policy"
    :param voids: id of the event that a "void" takes back
    """

    id: int
    at: int
    kind: str
    reason: str = ""
    terms: Terms = None
    voids: int = 0
    entered_at: int = 0
    user: str = ""


class Piece(NamedTuple):
    """A stretch of time in which the clock runs under the same terms; the last one may have no end (`EVER`)."""

    start: int
    end: int
    timetable: object  # None: the time of the clock on the wall

    def amount(self, end=EVER):
        end = min(self.end, end)
        if end <= self.start:
            return 0
        if self.timetable is None:
            return end - self.start
        return self.timetable.worked(end) - self.timetable.worked(self.start)

    def advance(self, amount):
        """The earliest instant at which this much has been counted in it, or nothing."""
        if self.timetable is None:
            instant = self.start + amount
        elif amount:
            instant = self.timetable.when_worked(self.timetable.worked(self.start) + amount)
        else:
            instant = self.timetable.next_working(self.start)
        if instant is None or instant > self.end or (not amount and instant == self.end):
            return None
        return instant


class State(NamedTuple):
    """What has become of a clock. `runs` are the stretches in which it ran; in `course` the last goes on as if
    it were never stopped; `segments` are the terms in force, from when on."""

    start: object = None
    terms: Terms = None
    due: object = None
    due_reason: str = ""
    elapsed: int = 0
    remaining: int = 0
    paused: bool = False
    met_at: object = None
    breached: bool = False
    now: int = 0
    reasons: tuple = ()
    runs: tuple = ()
    course: tuple = ()
    segments: tuple = ()
    counted_due: object = None  # before `roll` and the grace of a change
    history: tuple = ()


def select(events, now, known_at=None):
    """The events up to a moment, as known at another, without those taken back: in the order that counts."""
    if known_at is not None:
        events = [event for event in events if event.entered_at <= known_at]
    if any(event.kind == "void" for event in events):
        dead = set()
        for event in sorted(events, key=lambda event: -event.id):
            if event.kind == "void" and event.id not in dead:
                dead.add(event.voids)
        events = [event for event in events if event.kind != "void" and event.id not in dead]
    return sorted((event for event in events if event.at <= now), key=lambda event: (event.at, event.id))


def derive(events, now, known_at=None):
    """The state of a clock at a moment. A clock that has not started (or whose start was taken back) is empty."""
    return _derive(select(events, now, known_at), now)


def _derive(history, now):
    segments, change = _segments(history)
    if not segments:
        return State(now=now, history=tuple(history))
    start, terms = segments[0][0], segments[-1][1]
    line = timeline(history, segments)
    at, status, reasons = line[-1]
    met_at = at if status == "stopped" else None
    runs = course = _runs(line)
    if met_at is not None and line[-2][1] == "running":
        course = [*runs[:-1], (runs[-1][0], EVER)]
    counted_due, due = _due(start, segments, course)
    if due is not None and change is not None:
        due = _with_grace(history, change, due, course)
    elapsed = _elapsed(start, segments, runs, met_at if met_at is not None else now)
    paused = status == "paused"
    return State(
        start=start,
        terms=terms,
        due=due,
        due_reason="" if due is not None else _why_not_due(terms, paused, met_at, course),
        elapsed=elapsed,
        remaining=max(0, terms.target - elapsed),
        paused=paused,
        met_at=met_at,
        breached=due is not None and due < (now if met_at is None else met_at),
        now=now,
        reasons=reasons,
        runs=tuple(runs),
        course=tuple(course),
        segments=tuple(segments),
        counted_due=counted_due,
        history=tuple(history),
    )


def _why_not_due(terms, paused, met_at, course):
    if course and course[-1][1] == EVER:
        return "flexible" if terms.timetable.flexible else "horizon"
    return "paused" if paused or met_at is None else "stopped"


def _segments(history):
    """[(from, terms)] in force, and the place of the last change of terms in the history."""
    segments, change, stopped = [], None, False
    for place, event in enumerate(history):
        if event.kind == "start" and not segments:
            segments.append((event.at, event.terms))
        elif not segments:
            continue
        elif event.kind == "stop":
            stopped = True
        elif event.kind == "reopen":
            stopped = False
        elif event.kind == "policy" and not stopped:
            change, terms = place, event.terms
            keeps = terms.recount == "now" and terms.unit == segments[-1][1].unit and terms.unit in IN_HOURS
            segments = [*segments, (event.at, terms)] if keeps else [(segments[0][0], terms)]
    return segments, change


def timeline(history, segments):
    """[(from, "running" | "paused" | "stopped", reasons of the pauses that hold)], each until the next."""
    found, paused, stopped = [], {}, False
    pauses, borders = segments[0][1].pauses, list(segments[1:])
    for event in history:
        kind = event.kind
        if not found and kind != "start":
            continue
        if kind == "stop":
            stopped, paused = True, {}
        elif kind == "reopen":
            stopped = False
        elif stopped:
            continue
        elif kind == "pause":
            paused.setdefault(event.reason)
        elif kind == "resume":
            paused = {reason: None for reason in paused if event.reason and reason != event.reason}
        elif kind == "policy" and borders and borders[0][1] is event.terms:
            pauses = borders.pop(0)[1].pauses
        holding = tuple(reason for reason in paused if pauses is None or reason in pauses)
        status = "stopped" if stopped else "paused" if holding else "running"
        if not found or found[-1][1:] != (status, holding):
            found.append((event.at, status, holding))
    return found


def _runs(course):
    """[(from, to)] in which the clock runs; the last may go on for ever."""
    runs, since = [], None
    for at, status, _reasons in course:
        if status == "running":
            since = at
        elif since is not None:
            runs.append((since, at))
            since = None
    if since is not None:
        runs.append((since, EVER))
    return runs


# -- due -----------------------------------------------------------------------------


def _due(start, segments, course):
    """(due as counted, due), each an instant or nothing."""
    terms = segments[-1][1]
    if terms.unit in IN_HOURS:
        due = reach(pieces(segments, course), terms.target)
        return due, due
    return _due_day(start, terms, course)


def pieces(segments, runs, since=0):
    """The running stretches cut where the terms change, each with the timetable it is measured by."""
    if len(segments) == 1:
        timetable = _measure(segments[0][1])
        return [Piece(max(a, since), b, timetable) for a, b in runs if b > a and b > since]
    found = []
    for number, (begin, terms) in enumerate(segments):
        end = segments[number + 1][0] if number + 1 < len(segments) else EVER
        begin = max(begin, since)
        for a, b in runs:
            if max(a, begin) < min(b, end):
                found.append(Piece(max(a, begin), min(b, end), _measure(terms)))
    return sorted(found, key=lambda piece: piece.start)


def _measure(terms):
    return None if terms.unit == "hours" else terms.timetable


def reach(course, amount):
    """The earliest instant at which the pieces have counted this much; for none the first that counts."""
    for piece in course:
        instant = piece.advance(amount)
        if instant is not None:
            return instant
        amount -= piece.amount()
    return None


def days_of(terms):
    return (WorkDays if terms.unit == "work_days" else AllDays)(terms.timetable, terms.ends_at)


def day_zero(start, terms):
    """The local date (ordinal) that does not count, or nothing when no working day follows."""
    timetable = terms.timetable
    if terms.late_start == "same_day":
        return local_ordinal(timetable.tz, start)
    number = bisect_right(timetable.closings, start)
    return timetable.dates[number] if number < len(timetable.dates) else None


def _due_day(start, terms, course):
    zero = day_zero(start, terms)
    if zero is None:
        return None, None
    days = days_of(terms)
    if terms.target:
        last, need = days.up_to(zero), terms.target
    else:
        last, need = max(days.closed(start), days.up_to(zero - 1)), 1
    for a, b in course:
        first = max(last, days.closed(a))
        number = first + need
        closing = days.closing(number)
        if closing is None:
            return None, None
        if closing <= b:
            rolled = closing
            if terms.roll == "next_work_day" and terms.unit == "days":
                rolled = _roll(days.date(number), terms, course)
            return closing, rolled
        need -= max(0, days.closed(b) - first)
    return None, None


def _roll(day, terms, course):
    """The closing of the first working day from this day on at whose closing the clock is running."""
    days = WorkDays(terms.timetable, terms.ends_at)
    last = days.up_to(day - 1)
    for a, b in course:
        closing = days.closing(max(last, days.closed(a)) + 1)
        if closing is not None and closing <= b:
            return closing
    return None


def _with_grace(history, change, due, course):
    """A change gives its grace, but no more time than there was before it (before a “joined” one nothing was)."""
    event = history[change]
    floor = event.at + event.terms.grace
    if due >= floor:
        return due
    before = [*history[:change], Event(event.id, event.at, "resume")]
    due_before = None if event.reason == JOINED else _derive(before, event.at).due
    if due_before is not None:
        floor = min(floor, due_before)
    if due >= floor:
        return due
    for a, b in course:
        if floor <= b and a < b:
            return max(a, floor)
    return None


# -- what has been counted ---------------------------------------------------------------


def _elapsed(start, segments, runs, until):
    terms = segments[-1][1]
    if terms.unit in IN_HOURS:
        return sum(piece.amount(until) for piece in pieces(segments, runs))
    zero = day_zero(start, terms)
    if zero is None:
        return 0
    days = days_of(terms)
    last = days.up_to(zero)
    return sum(max(0, days.closed(min(b, until)) - max(last, days.closed(a))) for a, b in runs)


def base_of(state):
    """The instant from which a clock counts: its start, or the end of day 0."""
    if state.terms.unit in IN_HOURS or not state.terms.target:
        return state.start
    zero = day_zero(state.start, state.terms)
    return state.start if zero is None else midnight(state.terms.timetable.tz, zero + 1)
