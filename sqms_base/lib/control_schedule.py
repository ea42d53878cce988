"""When a check that comes back is due next. No database.

A period is counted from the first day (the anchor), never from the day somebody got round to it: the 31st of January is
followed by the last of February and by the 31st of March.
"""

import calendar
from datetime import date, timedelta

UNITS = ("days", "weeks", "months")


def occurrence(anchor, unit, every, number):
    """The day of the occurrence with this number; number 0 is the anchor.

    >>> [occurrence(date(2026, 1, 31), "months", 1, number).isoformat() for number in range(3)]
    ['2026-01-31', '2026-02-28', '2026-03-31']
    >>> occurrence(date(2026, 1, 5), "weeks", 2, 3)
    datetime.date(2026, 2, 16)
    """
    if every < 1:
        raise ValueError("every")
    if unit == "months":
        months = anchor.year * 12 + anchor.month - 1 + every * number
        year, month = divmod(months, 12)
        return date(year, month + 1, min(anchor.day, calendar.monthrange(year, month + 1)[1]))
    return anchor + timedelta(days=every * number * (7 if unit == "weeks" else 1))


def due_and_next(anchor, unit, every, today):
    """The last occurrence up to today, and the first one after it. None and the anchor where it has not begun.

    After a standstill there is one check, not one for each period that was missed:

    >>> due_and_next(date(2026, 1, 1), "days", 1, date(2026, 1, 20))
    (datetime.date(2026, 1, 20), datetime.date(2026, 1, 21))
    >>> due_and_next(date(2026, 1, 1), "weeks", 1, date(2026, 1, 20))
    (datetime.date(2026, 1, 15), datetime.date(2026, 1, 22))
    >>> due_and_next(date(2026, 1, 1), "days", 1, date(2025, 12, 31))
    (None, datetime.date(2026, 1, 1))
    """
    if today < anchor:
        return None, anchor
    if unit == "months":
        number = ((today.year - anchor.year) * 12 + today.month - anchor.month) // every
        if occurrence(anchor, unit, every, number) > today:
            number -= 1
    else:
        number = (today - anchor).days // (every * (7 if unit == "weeks" else 1))
    return occurrence(anchor, unit, every, number), occurrence(anchor, unit, every, number + 1)
