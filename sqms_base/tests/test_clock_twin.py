from functools import cache

from odoo.tests import BaseCase, tagged

from ..lib.clock import Event, Terms, derive
from ..lib.clock_explain import explain
from ..lib.clock_timetable import Timetable
from . import clock_twin as twin

HISTORIES = 10_000


@cache
def timetable(pattern, first, last):
    place = twin.world(pattern, first, last, 60)
    whole = [pattern.of(day[0]) and day[0] for day in place.days]
    assert whole
    return Timetable(pattern.tz, twin.spans_of(pattern, place.days[0][0], place.days[-1][0] + twin.timedelta(1)))


def both_sides(seed):
    """The same random history, once for the product and once for the twin."""
    (first, last, step), raw, now = twin.random_history(seed)
    events, rules = [], {}
    for number, kind, at, reason, terms, voids in raw:
        own = None
        if terms:
            other = dict(terms)
            pattern = other.pop("pattern")
            own = Terms(timetable=timetable(pattern, first, last), **other)
            rules[number] = twin.Rule(world=twin.world(pattern, first, last, step), **other)
        events.append(Event(number, at, kind, reason, own, voids, at))
    return events, rules, now


def compare(seed, derive=derive):
    """What the two say differently of a history, or nothing."""
    events, rules, now = both_sides(seed)
    mine = derive(events, now)
    theirs = twin.simulate(events, lambda event: rules[event.id], now)
    if theirs is None:
        return None if mine.start is None else "started"
    found = (mine.due, mine.elapsed, mine.remaining, mine.met_at is not None, mine.breached, mine.paused)
    return None if found == tuple(theirs) else f"seed {seed}: {found} and by the twin {tuple(theirs)}"


def sums(seed):
    """What is wrong with the explanation of a history, or nothing."""
    events, _rules, now = both_sides(seed)
    state, told = derive(events, now), explain(events, now)
    rows = told["rows"]
    counted = sum(row["counted"] for row in rows if row["kind"] == "counted")
    to_come = sum(row["counted"] for row in rows if row["kind"] == "open")
    going = state.due is not None and not state.paused and state.met_at is None
    if counted != state.elapsed or sum(row["counted"] for row in rows) != counted + to_come:
        return f"seed {seed}: {counted} told, {state.elapsed} elapsed"
    if to_come != (state.remaining if going else 0):
        return f"seed {seed}: {to_come} to come, {state.remaining} remaining"
    edges = [(row["from"], row["to"]) for row in rows]
    if any(a > b for a, b in edges) or any(x[1] > y[0] for x, y in zip(edges, edges[1:], strict=False) if y[0] != y[1]):
        return f"seed {seed}: rows overlap"
    return None


@tagged("post_install", "-at_install", "sqms_alone")
class TestClockTwin(BaseCase):
    def test_ten_thousand_histories_equal_the_twin(self):
        different = [found for found in map(compare, range(HISTORIES)) if found]
        self.assertFalse(different[:10], f"{len(different)} of {HISTORIES}")

    def test_the_explanation_sums_exactly(self):
        wrong = [found for found in map(sums, range(HISTORIES, HISTORIES + 3000)) if found]
        self.assertFalse(wrong[:10], f"{len(wrong)}")
