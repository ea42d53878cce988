"""Working time as sorted whole seconds, and days as the instants at which they close."""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, time
from functools import lru_cache
from itertools import accumulate

import pytz

DAY = 86_400
_LAST_DAY = date(9998, 12, 31).toordinal()
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


@lru_cache(maxsize=200_000)
def midnight(tz, ordinal):
    """The instant at which a local day begins.

    >>> day = date(2026, 3, 29).toordinal()
    >>> midnight("Europe/Paris", day + 1) - midnight("Europe/Paris", day)
    82800
    """
    zone = pytz.timezone(tz)
    naive = datetime.combine(date.fromordinal(ordinal), time.min)
    try:
        moment = zone.localize(naive, is_dst=None)
    except pytz.AmbiguousTimeError:
        moment = zone.localize(naive, is_dst=True)
    except pytz.NonExistentTimeError:
        moment = zone.localize(naive, is_dst=False)
    return int(moment.timestamp())


def local_ordinal(tz, instant):
    """The local day of an instant, as `date.toordinal()`.

    >>> date.fromordinal(local_ordinal("Asia/Shanghai", 1_000_000_000))
    datetime.date(2001, 9, 9)
    """
    ordinal = instant // DAY + _EPOCH_ORDINAL
    if instant < midnight(tz, ordinal):
        return ordinal - 1
    return ordinal + 1 if instant >= midnight(tz, ordinal + 1) else ordinal


class Timetable:
    """The working time of one calendar between two instants, ready to be asked by bisection.

    :param tz: name of the time zone in which days are counted
    :param spans: `[(open, close)]`, sorted, apart or touching, none of them across local midnight
    :param lo, hi: what is known; outside there is no working time
    :param flexible: the calendar has no fixed hours, so that nothing can be due by it
    """

    def __init__(self, tz, spans=(), lo=0, hi=0, flexible=False):
        self.tz, self.lo, self.hi, self.flexible = tz, lo, hi, flexible
        self.spans = spans
        self.opens = [start for start, _end in spans]
        self.closes = [end for _start, end in spans]
        self.sums = [0, *accumulate(end - start for start, end in spans)]
        last = {}  # local day -> end of its last interval; spans are sorted
        day, until = None, 0
        for start, end in spans:
            if start >= until:
                day = local_ordinal(tz, start)
                until = midnight(tz, day + 1)
            last[day] = end
        self.dates = list(last)
        self.midnights = [midnight(tz, day + 1) - 1 for day in last]
        self.closings = [min(pair) for pair in zip(last.values(), self.midnights, strict=True)]

    @classmethod
    def of(cls, working_time):
        return cls(working_time.tz, working_time.spans, working_time.lo, working_time.hi)

    def worked(self, instant):
        """Seconds of working time before this instant."""
        index = bisect_right(self.opens, instant)
        if not index:
            return 0
        return self.sums[index] - max(0, self.closes[index - 1] - instant)

    def when_worked(self, amount):
        """The earliest instant before which there is this much working time (more than none), or nothing."""
        index = bisect_left(self.sums, amount)
        if index >= len(self.sums):
            return None
        return self.closes[index - 1] - (self.sums[index] - amount)

    def next_working(self, instant):
        """The first working second from this instant on."""
        index = bisect_right(self.closes, instant)
        return max(instant, self.opens[index]) if index < len(self.opens) else None

    def works_on(self, day):
        index = bisect_left(self.dates, day)
        return index < len(self.dates) and self.dates[index] == day

    def splice(self, later, instant):
        """This timetable up to the local midnight after the instant, another one from there on and before it begins."""
        border = midnight(self.tz, local_ordinal(self.tz, instant) + 1)
        own = [span for span in self.spans if span[0] < border]
        spans = [s for s in later.spans if s[0] < self.lo] + own + [s for s in later.spans if s[0] >= border]
        return Timetable(self.tz, spans, min(self.lo, later.lo), later.hi)

    def cut(self, start, end):
        """`{tz, lo, hi, spans}` of the whole local days from start to end, for keeping."""
        lo = midnight(self.tz, local_ordinal(self.tz, start))
        hi = midnight(self.tz, local_ordinal(self.tz, end) + 1)
        kept = self.spans[bisect_left(self.opens, lo) : bisect_left(self.opens, hi)]
        return {"tz": self.tz, "lo": lo, "hi": hi, "spans": [list(span) for span in kept]}


class WorkDays:
    """Dates with working time, numbered in order."""

    def __init__(self, timetable, ends_at):
        self.timetable = timetable
        self.closings = timetable.midnights if ends_at == "midnight" else timetable.closings

    def closed(self, instant):
        """Number of the last day that has closed by this instant."""
        return bisect_right(self.closings, instant) - 1

    def closing(self, number):
        return self.closings[number] if number < len(self.closings) else None

    def up_to(self, day):
        """Number of the last day that is not after this date."""
        return bisect_right(self.timetable.dates, day) - 1

    def date(self, number):
        return self.timetable.dates[number]


class AllDays:
    """Every date, numbered by its ordinal."""

    def __init__(self, timetable, ends_at):
        self.timetable, self.ends_at = timetable, ends_at

    def closing(self, day):
        if day >= _LAST_DAY:
            return None
        if self.ends_at == "close":
            index = bisect_left(self.timetable.dates, day)
            if index < len(self.timetable.dates) and self.timetable.dates[index] == day:
                return self.timetable.closings[index]
        return midnight(self.timetable.tz, day + 1) - 1

    def closed(self, instant):
        day = local_ordinal(self.timetable.tz, instant)
        return day if self.closing(day) <= instant else day - 1

    def up_to(self, day):
        return day

    def date(self, number):
        return number
