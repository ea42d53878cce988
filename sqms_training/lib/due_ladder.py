"""When somebody is reminded of what he owes."""

from datetime import timedelta

OFFSETS = (-3, 0, 7, 14)


def rung_reached(due, today, told=None, offsets=OFFSETS):
    """Whether a day of the ladder has come since somebody was last told; of several that were missed only one counts.

    :param due: day until which he was to act
    :param offsets: days before (negative) and after it
    :param told: day of the last reminder, or nothing

    >>> from datetime import date
    >>> due = date(2026, 11, 20)
    >>> [day for day in range(15, 30) if rung_reached(due, date(2026, 11, day), date(2026, 11, day - 1))]
    [17, 20, 27]
    >>> rung_reached(due, date(2026, 12, 30)), rung_reached(due, date(2026, 12, 30), date(2026, 12, 4))
    (True, False)
    >>> rung_reached(due, date(2026, 11, 20), date(2026, 11, 20))
    False
    """
    days = [due + timedelta(days=offset) for offset in offsets]
    reached = [day for day in days if day <= today]
    return bool(reached) and (not told or max(reached) > told)
