"""Which course closes a gap, by when, and how people are shared out over sessions. No database."""

from datetime import timedelta
from math import ceil

# Whoever lacks a certificate cannot be given work that needs it: he is trained first.
URGENT_DAYS = 30


def best_course(courses, needed):
    """The id of the course that closes a gap, or nothing.

    1. It grants the level that is needed, or a higher one.
    2. Of several the cheapest; of equally cheap ones the one that is held first; one without a date comes last.

    :param courses: tuples (id, progress granted, cost, day of its next session or nothing)
    :param needed: progress that is needed (0 to 100)

    >>> from datetime import date
    >>> best_course([(1, 50, 10, None), (2, 100, 90, None), (3, 100, 90, date(2026, 3, 1))], 80)
    3
    >>> best_course([(1, 50, 10, None), (2, 100, 90, None)], 50)
    1
    >>> best_course([(1, 50, 10, None)], 80)
    """
    fitting = [
        (cost or 0, starts is None, starts.toordinal() if starts else 0, id_)
        for id_, progress, cost, starts in courses
        if progress >= needed
    ]
    return min(fitting)[-1] if fitting else None


def due_day(is_certification, valid_to, today, period_end):
    """The last day by which the training must be over.

    1. What is held and ends within the period: the day it ends.
    2. A certificate that is missing now: within 30 days, for nobody works without it.
    3. A skill without certificate: any time in the period.
    4. Never before today, nor after the period, unless the period is over.

    >>> from datetime import date
    >>> today, end = date(2026, 3, 1), date(2026, 12, 31)
    >>> due_day(True, date(2026, 6, 30), today, end)
    datetime.date(2026, 6, 30)
    >>> due_day(True, date(2025, 6, 30), today, end)
    datetime.date(2026, 3, 31)
    >>> due_day(False, None, today, end)
    datetime.date(2026, 12, 31)
    >>> due_day(True, None, date(2026, 12, 20), end)
    datetime.date(2026, 12, 31)
    """
    if valid_to and valid_to >= today:
        day = valid_to
    elif is_certification:
        day = today + timedelta(days=URGENT_DAYS)
    else:
        day = period_end
    return max(today, min(day, period_end))


def share_out(count, free, size):
    """How many people go into each session that is there, and how large new ones are.

    1. Sessions that are there are filled first, in their order.
    2. Who finds no seat there goes into new sessions, as few as possible and as even as possible.

    :param count: how many people
    :param free: free seats of the sessions that are there; nothing means: as many as come
    :param size: seats of a new session; 0 means: as many as come
    :return: (people for each session that is there, people for each new session)

    >>> share_out(13, [], 12)
    ([], [7, 6])
    >>> share_out(13, [4, 0], 12)
    ([4, 0], [9])
    >>> share_out(13, [4, None, 2], 12)
    ([4, 9, 0], [])
    >>> share_out(30, [], 0)
    ([], [30])
    >>> share_out(0, [3], 12)
    ([0], [])
    """
    there = []
    for seats in free:
        taken = count if seats is None else min(count, max(seats, 0))
        there.append(taken)
        count -= taken
    if not count:
        return there, []
    groups = ceil(count / size) if size else 1
    return there, [count // groups + (number < count % groups) for number in range(groups)]


def percent_met(met, planned):
    """Completed of planned in percent, rounded down: 100 is said only when all is done. Nothing without a plan.

    >>> percent_met(2, 3), percent_met(199, 200), percent_met(3, 3), percent_met(0, 0)
    (66, 99, 100, None)
    """
    return 100 * met // planned if planned else None
