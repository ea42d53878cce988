"""Availability of equipment and the time its repairs take. No database.

Source: requirements Q-01 and Q-02; terms as in IEC 60050-192 (availability, mean time to repair). An instant is a whole
number of seconds since 1970 in UTC, a span a pair (from, to) with from < to; a breakdown that lasts has no end (None).
"""

from typing import NamedTuple

HOUR = 3600.0


class Availability(NamedTuple):
    """The time a piece of equipment should have run in a period, and how much of that it did not; in seconds."""

    planned: int
    down: int

    @property
    def share(self):
        """Between 0 and 1, or None where no time was planned.

        >>> Availability(100, 25).share, Availability(0, 0).share
        (0.75, None)
        """
        return (self.planned - self.down) / self.planned if self.planned else None


def mean_time_to_repair(hours):
    """The mean of the hours of the repairs that were made, or None without any.

    >>> mean_time_to_repair([3, 5]), mean_time_to_repair([])
    (4.0, None)
    """
    hours = list(hours)
    return sum(hours) / len(hours) if hours else None


def merged(spans):
    """The same time as sorted spans that neither overlap nor touch.

    >>> merged([(5, 9), (1, 3), (2, 4), (4, 5)])
    [(1, 9)]
    """
    result = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def overlap(spans, others):
    """The seconds that two lists of merged spans have in common.

    >>> overlap([(0, 10), (20, 30)], [(5, 25)])
    10
    """
    total = here = there = 0
    while here < len(spans) and there < len(others):
        start, end = max(spans[here][0], others[there][0]), min(spans[here][1], others[there][1])
        total += max(0, end - start)
        if spans[here][1] <= others[there][1]:
            here += 1
        else:
            there += 1
    return total


def availability(breakdowns, start, end, planned=None):
    """How much of its planned time a piece of equipment was there, from `start` to `end`.

    1. Breakdowns are cut to the period; those that overlap count once; one without an end lasts until `end`.
    2. Planned is the working time given, cut to the period; None is round the clock.
    3. What is down outside of the planned time takes nothing away.

    >>> availability([(10, 20), (15, 30), (90, None)], 0, 100)
    Availability(planned=100, down=30)
    >>> availability([(10, 30)], 0, 100, planned=[(0, 20), (50, 70)])
    Availability(planned=40, down=10)
    """
    if start >= end:
        return Availability(0, 0)
    window = [(start, end)]
    plan = window if planned is None else merged(_cut(planned, start, end))
    down = merged(_cut(((begun, end if ended is None else ended) for begun, ended in breakdowns), start, end))
    return Availability(overlap(plan, window), overlap(plan, down))


def _cut(spans, start, end):
    return [(max(begun, start), min(ended, end)) for begun, ended in spans if begun < end and ended > start]
