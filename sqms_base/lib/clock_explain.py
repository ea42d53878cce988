"""`explain`: every interval of a clock, counted or not, and why; see `clock` for the shape of the answer."""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, timezone

from .clock import IN_HOURS, day_zero, days_of, derive, timeline
from .clock_timetable import local_ordinal, midnight

MOVES = ("pause", "resume", "reopen", "policy", "calendar", "void")


def iso(instant):
    """
    >>> iso(0)
    '1970-01-01T00:00:00Z'
    """
    if instant is None:
        return None
    return datetime.fromtimestamp(instant, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def explain(events, now, known_at=None, label=None, **words):
    """Why a clock is due when it is.

    :param label: `label(kind, reason, date)` -> the words for a row
    :param words: "title", "policy", "step"
    """
    state = derive(events, now, known_at)
    known = [event for event in events if known_at is None or event.entered_at <= known_at]
    answer = {
        "title": "", "policy": "", "step": "", **words,
        "unit": "", "target": 0, "elapsed": 0, "remaining": 0, "late": 0,
        "start": iso(state.start), "due": None, "due_reason": "stopped", "met_at": None, "tz": "", "paused": False,
        "met": False, "breached": False, "rows": [], "moved_by": _moved_by(known, now), "now": iso(now),
    }  # fmt: skip
    if state.start is None:
        return answer
    terms = state.terms
    rows = (_rows_of_hours if terms.unit in IN_HOURS else _rows_of_days)(state) + _rows_moved(state)
    rows.sort(key=lambda row: (row[0], row[1]))
    answer.update(
        unit=terms.unit, target=terms.target, elapsed=state.elapsed, remaining=state.remaining,
        late=max(0, state.elapsed - terms.target) if state.breached else 0,
        due=iso(state.due), due_reason=state.due_reason or None, met_at=iso(state.met_at), tz=terms.timetable.tz,
        paused=state.paused, met=state.met_at is not None, breached=state.breached,
        rows=[_row(row, terms.timetable.tz, label) for row in rows],
    )  # fmt: skip
    return answer


def _row(row, tz, label):
    start, end, kind, reason, counted = row
    day = date.fromordinal(local_ordinal(tz, start))
    return {
        "from": iso(start), "to": iso(end), "kind": kind, "label": label(kind, reason, day) if label else reason,
        "reason": reason, "counted": counted, "date": day.isoformat(),
    }  # fmt: skip


def _moved_by(events, now):
    return [
        {
            "at": iso(event.at), "entered_at": iso(event.entered_at), "kind": event.kind, "reason": event.reason,
            "user": event.user, "seconds_late": max(0, event.entered_at - event.at),
        }
        for event in sorted(events, key=lambda event: (event.at, event.id))
        if event.kind in MOVES and event.at <= now
    ]  # fmt: skip


def _until(state):
    """Where the past ends: at the stop, or now."""
    return state.now if state.met_at is None else state.met_at


def _to_come(state):
    """Until when counting will go on, or nothing when it is not known or over."""
    going = state.met_at is None and not state.paused and state.due is not None
    return state.counted_due if going and state.counted_due > state.now else None


def _statuses(state):
    """`status(instant)` and `status_before(instant)`: (status, reason) from an instant on, or just before it."""
    line = timeline(state.history, state.segments)
    instants = [at for at, _status, _reasons in line]

    def at(index):
        return (line[index][1], ", ".join(line[index][2])) if index >= 0 else ("running", "")

    return (lambda when: at(bisect_right(instants, when) - 1)), (lambda when: at(bisect_left(instants, when) - 1))


# -- hours -------------------------------------------------------------------------------


def _rows_of_hours(state):
    until, to_come = _until(state), _to_come(state)
    end = to_come or until
    status, _before = _statuses(state)
    rows = []
    for start, stop in _elementary(state, end):
        kind, reason = status(start)
        terms = _terms_at(state, start)
        working = terms.unit == "hours" or terms.timetable.worked(stop) > terms.timetable.worked(start)
        if kind != "stopped" and not working:
            kind, reason = "closed", ""
        elif kind == "running":
            kind = "counted" if start < until else "open"
        amount = stop - start if kind in ("counted", "open") else 0
        last = rows[-1] if rows else None
        day = local_ordinal(state.terms.timetable.tz, start)
        if last and last[2:4] == (kind, reason) and local_ordinal(state.terms.timetable.tz, last[0]) == day:
            rows[-1] = (last[0], stop, kind, reason, last[4] + amount)
        else:
            rows.append((start, stop, kind, reason, amount))
    return rows


def _terms_at(state, instant):
    return [terms for start, terms in state.segments if start <= instant][-1]


def _elementary(state, end):
    """The stretches from the start to an end within which nothing changes."""
    cuts = {state.start, end, state.now, *(event.at for event in state.history)}
    if state.due is not None and state.due != state.counted_due:
        cuts.add(state.due)
    for begin, terms in state.segments:
        cuts.add(begin)
        if terms.unit == "work_hours":
            table = terms.timetable
            first, last = bisect_left(table.closes, state.start), bisect_right(table.opens, end)
            cuts.update(edge for span in table.spans[first:last] for edge in span)
    tz = state.terms.timetable.tz
    cuts.update(midnight(tz, day) for day in range(local_ordinal(tz, state.start), local_ordinal(tz, end) + 1))
    cuts = sorted(cut for cut in cuts if state.start <= cut <= end)
    return list(zip(cuts, cuts[1:], strict=False))


# -- days ----------------------------------------------------------------------------------


def _rows_of_days(state):
    tz = state.terms.timetable.tz
    until, to_come = _until(state), _to_come(state)
    zero = day_zero(state.start, state.terms)
    _status, before = _statuses(state)
    left, rows = state.remaining if to_come else 0, []
    for day in range(local_ordinal(tz, state.start), local_ordinal(tz, to_come or until) + 1):
        kind, reason, counted = _day(state, zero, day, until, before, left)
        left -= counted if kind == "open" else 0
        end = to_come if kind == "open" or (to_come and midnight(tz, day) > until) else until
        rows.append((max(midnight(tz, day), state.start), min(midnight(tz, day + 1), end), kind, reason, counted))
    return rows


def _day(state, zero, day, until, before, left):
    """(kind, reason, counted) of a local date."""
    if zero is None or day <= zero:
        return "start_day", "", 0
    if state.terms.unit == "work_days" and not state.terms.timetable.works_on(day):
        return "closed", "", 0
    days = days_of(state.terms)
    number = days.up_to(day)
    closing = days.closing(number)
    if closing > until:
        if left:
            return "open", "", 1
        return ("paused", ", ".join(state.reasons), 0) if state.paused else ("before", "", 0)
    if any(a < closing <= b for a, b in state.runs):
        return "counted", "", 1
    kind, reason = before(closing)
    return kind, reason, 0


def _rows_moved(state):
    """By what due lies later than what was counted: the grace of a change, a last day that is no working day."""
    if state.due is None or state.due == state.counted_due:
        return []
    terms = state.terms
    rolls = terms.unit == "days" and terms.roll == "next_work_day" and state.counted_due < state.due
    on_work_day = rolls and terms.timetable.works_on(local_ordinal(terms.timetable.tz, state.counted_due))
    reason = "roll" if rolls and not on_work_day else "grace"
    until = max(_until(state), state.counted_due)
    return [(min(until, state.due), state.due, "moved", reason, 0)]
