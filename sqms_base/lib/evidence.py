"""What the evidence of a clause says, without the ORM: green, amber or red, and why."""

from datetime import date
from typing import NamedTuple

WORST_FIRST = ("red", "amber", "green")


class Measure(NamedTuple):
    """What a rule asks for.

    :param kind: "exists" (something is there), "none" (nothing of it is wrong), "ratio" (enough of it is right)
    :param minimum: how many records there must be; with a freshness, how many fresh ones
    :param freshness: days after which the newest record no longer counts, 0 for no limit
    :param warning: days after which it is time for the next one, 0 for no warning
    :param green, amber: percent of right ones from which it is green, and below which it is red
    """

    kind: str
    minimum: int = 1
    freshness: int = 0
    warning: int = 0
    green: float = 100.0
    amber: float = 100.0


class Found(NamedTuple):
    """What the database holds: records, fresh ones among them, marked ones among them, day of the newest."""

    total: int
    fresh: int = 0
    marked: int = 0
    newest: date | None = None


def right_ones(measure, found):
    """How many records are right: the marked ones of a ratio, those not marked where nothing may be marked.

    >>> right_ones(Measure("ratio"), Found(210, marked=206)), right_ones(Measure("none"), Found(210, marked=4))
    (206, 206)
    """
    if measure.kind == "exists":
        return found.total
    return found.marked if measure.kind == "ratio" else found.total - found.marked


def judge(measure, found, today):
    """`(state, why)`; why is one of missing, few, old, share, ageing, fine.

    1. Too few records, or none: red. What is not there proves nothing.
    2. The newest is older than the limit: red. Days are whole local days; on the last day it still counts.
    3. The share of right ones is below the red line: red; below the green line: amber.
    4. The newest is older than the warning: amber.

    >>> from datetime import timedelta
    >>> today = date(2026, 11, 23)
    >>> judge(Measure("exists"), Found(0), today)
    ('red', 'missing')
    >>> review = Measure("exists", freshness=365, warning=330)
    >>> [judge(review, Found(1, int(age <= 365), newest=today - timedelta(days=age)), today) for age in (330, 331, 366)]
    [('green', 'fine'), ('amber', 'ageing'), ('red', 'old')]
    >>> certificates = Measure("ratio", green=100, amber=95)
    >>> [judge(certificates, Found(210, marked=marked), today)[0] for marked in (210, 206, 199)]
    ['green', 'amber', 'red']
    >>> judge(Measure("none"), Found(112, marked=1), today), judge(Measure("none", minimum=0), Found(0), today)
    (('red', 'share'), ('green', 'fine'))
    """
    counted = found.fresh if measure.freshness else found.total
    if counted < measure.minimum:
        if not found.total:
            return "red", "missing"
        late = found.newest and age_in_days(found.newest, today) > measure.freshness
        return "red", "old" if measure.freshness and (late or measure.minimum == 1) else "few"
    share = 100.0 * right_ones(measure, found) / found.total if found.total else 100.0
    if share < measure.amber:
        return "red", "share"
    if share < measure.green:
        return "amber", "share"
    if measure.warning and found.newest and age_in_days(found.newest, today) > measure.warning:
        return "amber", "ageing"
    return "green", "fine"


def age_in_days(day, today):
    """Whole days since a day; what lies ahead is not old.

    >>> age_in_days(date(2026, 11, 20), date(2026, 11, 23)), age_in_days(date(2027, 1, 1), date(2026, 11, 23))
    (3, 0)
    """
    return max((today - day).days, 0)


def age_in_months(days):
    """Whole months for people, twelve to 365 days.

    >>> [age_in_months(days) for days in (91, 364, 365, 430)]
    [2, 11, 12, 14]
    """
    return days * 12 // 365


def worst(states):
    """The worst of several states: every rule of a clause is something an auditor asks for.

    >>> worst(["green", "amber", "green"]), worst(["green", "red", "amber"]), worst([])
    ('amber', 'red', None)
    """
    states = set(states)
    return next((state for state in WORST_FIRST if state in states), None)


def roll_up(parents, states):
    """Counts of the clauses that count, for each clause with what stands under it.

    :param parents: `{clause: clause above it, or None}`
    :param states: `{clause: "green" | "amber" | "red" | "excluded"}` of the clauses that count
    :return: `{clause: {"green": n, "amber": n, "red": n, "excluded": n}}`, the clause itself included

    >>> tree = {"7": None, "7.5": "7", "7.5.3": "7.5", "7.2": "7"}
    >>> roll_up(tree, {"7.5.3": "green", "7.2": "red"})["7"]
    {'green': 1, 'amber': 0, 'red': 1, 'excluded': 0}
    """
    counts = {clause: dict.fromkeys((*reversed(WORST_FIRST), "excluded"), 0) for clause in parents}
    for clause, state in states.items():
        for above in path_of(clause, parents):
            counts[above][state] += 1
    return counts


def path_of(clause, parents):
    """The clause and those above it, from itself upwards; a circle, or a clause that is not there, ends it.

    >>> path_of("7.5.3", {"7": None, "7.5": "7", "7.5.3": "7.5"})
    ['7.5.3', '7.5', '7']
    >>> path_of("a", {"a": "b", "b": "a"})
    ['a', 'b']
    """
    path = []
    while clause is not None and clause in parents and clause not in path:
        path.append(clause)
        clause = parents[clause]
    return path


def coverage(counts):
    """Percent of the applicable clauses that are green; 100 means all of them. Nothing if none applies.

    >>> coverage({"green": 24, "amber": 3, "red": 2, "excluded": 1}), coverage({"green": 199, "amber": 1, "red": 0})
    (83, 99)
    >>> coverage({"green": 0, "amber": 0, "red": 0, "excluded": 4})
    """
    applicable = counts["green"] + counts["amber"] + counts["red"]
    if not applicable:
        return None
    percent = (200 * counts["green"] + applicable) // (2 * applicable)
    return percent if counts["green"] == applicable else min(percent, 99)
