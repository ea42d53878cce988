"""Which days coverage is counted for, and how people are added up. No database."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

# Months before the running one that are counted anew, and those that a first count goes back.
OPEN_MONTHS = 3
FIRST_MONTHS = 12


def days_to_take(today, is_first=False):
    """The months that are counted on `today`, each with the day it is counted as of, oldest first.

    A month that is over counts as of its last day, the running one as of today.

    >>> from datetime import date
    >>> [day.isoformat() for month, day in days_to_take(date(2026, 3, 9))]
    ['2025-12-31', '2026-01-31', '2026-02-28', '2026-03-09']
    >>> len(days_to_take(date(2026, 3, 9), is_first=True))
    13
    """
    first = today.replace(day=1)
    months = [first - relativedelta(months=back) for back in range(FIRST_MONTHS if is_first else OPEN_MONTHS, -1, -1)]
    return [(month, min(month + relativedelta(months=1) - timedelta(days=1), today)) for month in months]


def count_people(rows):
    """`{key: (how many have it, how many need it)}` of `(key, has it)` for each person.

    >>> count_people([("north", True), ("north", False), ("south", True)])
    {'north': (1, 2), 'south': (1, 1)}
    """
    counts = {}
    for key, has in rows:
        met, needed = counts.get(key, (0, 0))
        counts[key] = met + bool(has), needed + 1
    return counts
