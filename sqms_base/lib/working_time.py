"""Working time as whole UTC seconds: what calendars give with crumbs, made fit for counting. No database.

An instant is a number of seconds since 1970 in UTC, a span is a pair (open, close) with open < close.
"""

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from typing import NamedTuple

import pytz

from .local_time import local_midnight

CRUMB = 60  # seconds; what is shorter is a leftover of two ends that do not quite meet
_EPOCH = datetime(1970, 1, 1)


class WorkingTime(NamedTuple):
    """The working time of one calendar from `lo` (included) to `hi` (excluded).

    1. `tz` is the name of the zone whose dates count.
    2. `spans` are sorted and do not overlap; none is shorter than a minute, none crosses local midnight, and two that
       touch lie on two local dates.
    3. Outside [lo, hi) nothing is known, which is not the same as closed.
    """

    tz: str
    lo: int
    hi: int
    spans: tuple

    def between(self, start, end):
        """The spans within [start, end), cut to it.

        >>> WorkingTime("UTC", 0, 86400, ((3600, 7200), (10800, 14400))).between(5400, 11000)
        [(5400, 7200), (10800, 11000)]
        """
        first = bisect_right(self.spans, start, key=lambda span: span[1])
        last = bisect_left(self.spans, end, key=lambda span: span[0])
        return [(max(span[0], start), min(span[1], end)) for span in self.spans[first:last] if start < end]


def joined(parts):
    """One working time from those of following years; they meet at local midnight, where nothing is merged.

    >>> joined([WorkingTime("UTC", 0, 100, ((0, 90),)), WorkingTime("UTC", 100, 200, ((120, 180),))])
    WorkingTime(tz='UTC', lo=0, hi=200, spans=((0, 90), (120, 180)))
    """
    parts = list(parts)
    return WorkingTime(parts[0].tz, parts[0].lo, parts[-1].hi, tuple(span for part in parts for span in part.spans))


def epoch(moment):
    """Whole seconds of a moment, aware or naive in UTC; a fraction goes up, 23:59:59.999999 is midnight.

    >>> epoch(datetime(1970, 1, 1, 23, 59, 59, 999999))
    86400
    """
    if moment.tzinfo:
        moment = moment.astimezone(pytz.utc).replace(tzinfo=None)
    return -((_EPOCH - moment) // timedelta(seconds=1))


def first_second(day, zone):
    """The first second of a local day.

    >>> from datetime import date
    >>> first_second(date(1970, 1, 2), "Asia/Shanghai")
    57600
    """
    return epoch(local_midnight(day, zone))


def normalised(spans, zone):
    """Spans that may be counted, from the raw ones of a calendar (moments or seconds, in any order).

    1. Ends are whole seconds. An end at second :59 is the next minute: leaves are entered to 23:59:59.

    >>> from datetime import datetime as at
    >>> normalised([(at(2026, 10, 1, 11, 59, 59), at(2026, 10, 1, 18))], "UTC") == (
    ...     (epoch(at(2026, 10, 1, 12)), epoch(at(2026, 10, 1, 18))),)
    True

    2. Nothing crosses local midnight, nothing is merged across it: a night has two dates.

    >>> len(normalised([(at(2026, 10, 1, 22), at(2026, 10, 2, 6))], "UTC"))
    2

    3. On one date, what touches or overlaps is one.

    >>> len(normalised([(at(2026, 10, 1, 9), at(2026, 10, 1, 12)), (at(2026, 10, 1, 12), at(2026, 10, 1, 18))], "UTC"))
    1

    4. What is then shorter than a minute goes: the second that a holiday to 23:59:59 leaves over is no working day.

    >>> normalised([(at(2026, 10, 1, 23, 59, 59), at(2026, 10, 1, 23, 59, 59, 999999))], "UTC")
    ()
    """
    pieces = sorted(piece for opening, closing in spans for piece in _by_date(_end(opening), _end(closing), zone))
    merged = []
    for opening, closing in pieces:
        if merged and opening <= merged[-1][1] and local_date(opening, zone) == local_date(merged[-1][0], zone):
            merged[-1][1] = max(merged[-1][1], closing)
        else:
            merged.append([opening, closing])
    return tuple((opening, closing) for opening, closing in merged if closing - opening >= CRUMB)


def local_date(instant, zone):
    """The local date of an instant in seconds.

    >>> local_date(57600, "Asia/Shanghai")
    datetime.date(1970, 1, 2)
    """
    return datetime.fromtimestamp(instant, pytz.timezone(zone)).date()


def _end(moment):
    """Whole seconds of an end, the last second of a minute being its end."""
    seconds = moment if isinstance(moment, int) else epoch(moment)
    return seconds + 1 if seconds % 60 == 59 else seconds


def _by_date(opening, closing, zone):
    """The pieces of a span, one for each local date it touches."""
    while opening < closing:
        midnight = first_second(local_date(opening, zone) + timedelta(days=1), zone)
        yield opening, min(closing, midnight)
        opening = midnight
