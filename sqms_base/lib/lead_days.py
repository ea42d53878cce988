"""Notices ahead of a day: 90 days before, and again 30 days before, each of them once."""

MOST = 1000


def parse(text):
    """The days ahead of a day, as somebody has written them; the earliest notice first.

    :raise ValueError: not a list of different whole numbers from 1 to 1000

    >>> parse("30, 90"), parse("60"), parse("90，30")
    ((90, 30), (60,), (90, 30))
    >>> parse("90, soon")
    Traceback (most recent call last):
    ValueError: Not a list of days: 90, soon
    """
    parts = [part.strip() for part in str(text or "").replace("，", ",").replace("、", ",").split(",")]
    if not all(part.isascii() and part.isdecimal() and 0 < int(part) <= MOST for part in parts):
        raise ValueError(f"Not a list of days: {text}")
    days = sorted({int(part) for part in parts}, reverse=True)
    if len(days) != len(parts):
        raise ValueError(f"Not a list of days: {text}")
    return tuple(days)


def due(days_left, days, told):
    """Which notices are due now and were not given yet; given together they are one notice.

    :param days_left: until the day; negative when it has passed
    :param days: of `parse`
    :param told: days for which a notice was given already

    >>> due(91, (90, 30), set()), due(90, (90, 30), set()), due(30, (90, 30), {90}), due(5, (90, 30), {90, 30})
    ([], [90], [30], [])
    >>> due(20, (90, 30), set())
    [90, 30]
    """
    return [day for day in days if days_left <= day and day not in told]
