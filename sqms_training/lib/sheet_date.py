"""What a cell of a sheet says about a day; no database, no `self`.

1. A day that the program itself marked as one is a day; the time of day is left out.
2. Text with the year first is a day: 2027-06-30, 2027/6/30, 2027.6.30, 20270630, 2027年6月30日.
3. Text with the year last says which of the other two is the month only if somebody has declared it.
4. A number of five digits is the day of a spreadsheet (1 = 1 January 1900). Other numbers are none.
5. What does not exist (30 February) or lies outside 1950 to 2199 is refused, not guessed.
"""

import re
from datetime import date, datetime, timedelta

ORDERS = ("ymd", "dmy", "mdy")
FIRST, LAST = date(1950, 1, 1), date(2199, 12, 31)
EPOCH = date(1899, 12, 30)

_YEAR_FIRST = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}(?:\.0*)?")


class NoDay(ValueError):
    """The cell is no day; `args[0]` is why: "ambiguous", "unknown" or "range"."""


def day_of(value, order="ymd"):
    """The day in a cell, or None if it is empty.

    :param order: "ymd", or what was declared for text with the year last: "dmy", "mdy"
    :raise NoDay: the cell says something, but no day or not which

    >>> day_of(datetime(2027, 6, 30, 8, 15)), day_of("2027年6月30日"), day_of("20270630")
    (datetime.date(2027, 6, 30), datetime.date(2027, 6, 30), datetime.date(2027, 6, 30))
    >>> day_of(46568), day_of("46568"), day_of("  "), day_of(None)
    (datetime.date(2027, 6, 30), datetime.date(2027, 6, 30), None, None)
    >>> day_of("04/03/2027", "dmy"), day_of("04/03/2027", "mdy")
    (datetime.date(2027, 3, 4), datetime.date(2027, 4, 3))
    >>> [why_no_day(text) for text in ("04/03/2027", "2027-02-30", "soon", 7, "2027-06", True)]
    ['ambiguous', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown']
    >>> why_no_day("1890-01-01"), why_no_day("13/13/2027", "dmy")
    ('range', 'unknown')
    """
    if value is None or isinstance(value, str) and not value.strip():
        return None
    if isinstance(value, datetime):
        return _in_range(value.date())
    if isinstance(value, date):
        return _in_range(value)
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise NoDay("unknown")
    return _in_range(_from_text(str(value).strip(), order))


def why_no_day(value, order="ymd"):
    """The reason for which a cell is no day, or None."""
    try:
        day_of(value, order)
    except NoDay as reason:
        return reason.args[0]
    return None


def _from_text(text, order):
    if _SERIAL.fullmatch(text):
        return EPOCH + timedelta(days=int(float(text)))
    found = _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
    if found:
        return _day(found[1], found[2], found[3])
    found = _YEAR_LAST.fullmatch(text)
    if not found:
        raise NoDay("unknown")
    if order == "dmy":
        return _day(found[3], found[2], found[1])
    if order == "mdy":
        return _day(found[3], found[1], found[2])
    raise NoDay("ambiguous")


def _day(year, month, day):
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise NoDay("unknown") from error


def _in_range(day):
    if not FIRST <= day <= LAST:
        raise NoDay("range")
    return day
