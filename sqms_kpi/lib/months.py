"""Months as dates of their first day, and their borders as a database compares them. Plain Python."""

from datetime import date


def month_of(day):
    """The first day of a day's month.

    >>> month_of(date(2026, 11, 23))
    datetime.date(2026, 11, 1)
    """
    return day.replace(day=1)


def shift(month, count):
    """The month so many months later, or earlier.

    >>> shift(date(2026, 11, 1), 2), shift(date(2026, 1, 1), -1)
    (datetime.date(2027, 1, 1), datetime.date(2025, 12, 1))
    """
    years, index = divmod(month.month - 1 + count, 12)
    return date(month.year + years, index + 1, 1)


def months_between(first, last):
    """All months from the first to the last, both included; none if they are the wrong way round.

    >>> [month.month for month in months_between(date(2026, 11, 5), date(2027, 1, 31))]
    [11, 12, 1]
    """
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [shift(month_of(first), number) for number in range(count)]


def borders(months, midnight=None):
    """Where each month begins and the last one ends: days, or the instants that `midnight` makes of days.

    >>> borders([date(2026, 1, 1)])
    [datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)]
    >>> from datetime import datetime, time, timedelta
    >>> borders([date(2026, 1, 1)], lambda day: datetime.combine(day, time.min) - timedelta(hours=8))
    [datetime.datetime(2025, 12, 31, 16, 0), datetime.datetime(2026, 1, 31, 16, 0)]
    """
    days = [*months, shift(months[-1], 1)]
    return [midnight(day) for day in days] if midnight else days
