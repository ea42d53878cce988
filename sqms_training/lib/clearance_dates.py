"""Until when a clearance holds, and whether it holds on a day."""

from dateutil.relativedelta import relativedelta


def last_day(first, months):
    """The last day of a clearance that holds for so many months; None when it is not looked at again.

    >>> from datetime import date
    >>> last_day(date(2026, 3, 1), 12), last_day(date(2024, 2, 29), 12), last_day(date(2026, 1, 31), 1)
    (datetime.date(2027, 2, 28), datetime.date(2025, 2, 27), datetime.date(2026, 2, 27))
    >>> last_day(date(2026, 3, 1), 0) is None
    True
    """
    return first + relativedelta(months=months, days=-1) if first and months else None


def holds_on(day, verdict, cleared_from, valid_to=None, ended_on=None, condition_until=None, lifted_on=None):
    """Whether a decided clearance holds on a day. The SQL of `sqms.clearance` says the same; a test compares them.

    1. It holds from the day of the decision, or from its first day if that comes later.
    2. It holds to its last day, that day included, and ends on the day of a revocation.
    3. Under a condition it holds while the condition does; from the day on which the condition was lifted it holds
       without.

    >>> from datetime import date
    >>> holds_on(date(2026, 5, 1), "approved", date(2026, 5, 1), valid_to=date(2026, 5, 1))
    True
    >>> holds_on(date(2026, 5, 2), "conditional", date(2026, 1, 1), condition_until=date(2026, 5, 1))
    False
    """
    if verdict not in ("approved", "conditional") or not cleared_from or day < cleared_from:
        return False
    if (valid_to and day > valid_to) or (ended_on and day >= ended_on):
        return False
    return not condition_until or day <= condition_until or bool(lifted_on and day >= lifted_on)
