import re
import unicodedata
from datetime import date, datetime, time
from typing import NamedTuple

import pytz

from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.refusal import Refusal

_lt = LazyTranslate(__name__)

_DAY = {
    "mdy": r"(?P<month>\d{1,2})[/.-](?P<day>\d{1,2})[/.-](?P<year>\d{4})",
    "dmy": r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})",
    "ymd": r"(?P<year>\d{4})[/.-](?P<month>\d{1,2})[/.-](?P<day>\d{1,2})",
    "zh": r"(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日?",
}
_TIME = r"(?:[T\s]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<half>[AaPp][Mm])?)?"
PATTERNS = {name: re.compile(day + _TIME) for name, day in _DAY.items()}
LABELS = {
    "mdy": _lt("month/day/year"),
    "dmy": _lt("day/month/year"),
    "ymd": _lt("year-month-day"),
    "zh": _lt("2026年11月9日"),
}
NOON = time(12)
FIRST_YEAR = 1900


def parse_date(cell, date_format):
    """Read a date, with or without a time, in exactly the one format that was agreed.

    >>> parse_date("7/29/2013", "mdy")
    (datetime.datetime(2013, 7, 29, 0, 0), False)
    >>> parse_date("2026年11月9日 14:05", "zh")
    (datetime.datetime(2026, 11, 9, 14, 5), True)

    :param cell: text, or the date that a workbook holds itself
    :return: (datetime without time zone, whether a time of day was given)
    :raise Refusal: another format, or a day that the calendar does not have
    """
    moment, has_time = _read(cell, date_format)
    if moment.year < FIRST_YEAR:
        raise Refusal(_lt("“%(value)s” lies before the year %(year)s.", value=moment.date(), year=str(FIRST_YEAR)))
    return moment, has_time


def _read(cell, date_format):
    if isinstance(cell, datetime):
        return cell, cell.time() != time()
    text = unicodedata.normalize("NFKC", cell)
    match = PATTERNS[date_format].fullmatch(text.strip())
    if not match:
        raise Refusal(_lt("“%(value)s” is not written as %(format)s.", value=cell[:80], format=LABELS[date_format]))
    parts = match.groupdict()
    try:
        moment = datetime(
            *(int(parts[name]) for name in ("year", "month", "day")),
            hour=_hour(parts),
            minute=int(parts["minute"] or 0),
            second=int(parts["second"] or 0),
        )
    except ValueError as error:
        raise Refusal(
            _lt(
                "“%(value)s” does not exist in the calendar (read as %(format)s).",
                value=cell[:80],
                format=LABELS[date_format],
            )
        ) from error
    return moment, parts["hour"] is not None


def _hour(parts):
    hour = int(parts["hour"] or 0)
    if not parts["half"]:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if parts["half"].lower() == "pm" else 0)


class Moment(NamedTuple):
    """A point in time as a file tells it: the day there, and the instant in UTC as far as it is known."""

    day: date
    utc: datetime
    is_exact: bool

    def told(self):
        """What the file said, independent of what was made of it."""
        return self.utc.isoformat() if self.is_exact else self.day.isoformat()


def to_moment(local, is_exact, zone, now):
    """The instant of a local time.

    1. A day without a time becomes noon in UTC, where that is the same day in the zone of the file: so it is
       the same day, and the same month in every statistic, for readers from Honolulu to Sydney.
    2. Today is not later than now.

    >>> now = datetime(2024, 1, 1)
    >>> to_moment(datetime(2013, 7, 29), False, "America/New_York", now).utc
    datetime.datetime(2013, 7, 29, 12, 0)
    >>> to_moment(datetime(2013, 7, 29, 8), True, "Asia/Shanghai", now).utc
    datetime.datetime(2013, 7, 29, 0, 0)
    >>> to_moment(datetime(2013, 1, 29), False, "Pacific/Auckland", now).utc
    datetime.datetime(2013, 1, 28, 23, 0)
    """
    zone = pytz.timezone(zone)
    day = local.date()
    if is_exact:
        return Moment(day, _utc(local, zone), True)
    noon = datetime.combine(day, NOON)
    if pytz.utc.localize(noon).astimezone(zone).date() != day:
        noon = _utc(noon, zone)
    return Moment(day, min(noon, now) if day <= local_day(now, zone) else noon, False)


def _utc(local, zone):
    return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)


def local_day(utc, zone):
    return pytz.utc.localize(utc).astimezone(zone).date()
