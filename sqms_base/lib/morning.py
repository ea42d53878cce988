"""What a person begins the day with, without the ORM: how urgent a thing is, and where a day of his ends."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from .local_time import local_midnight


class Source(NamedTuple):
    """Where the rows of a section come from.

    :param model: an empty recordset with the rights of the reader
    :param domain: which of its records wait
    :param show: takes the records found, returns an item for each of them, in their order
    :param order: the most urgent first
    :param today: domain of those that are due today or late; nothing when none of them has a date
    """

    model: object
    domain: object
    show: object
    order: str
    today: object = None


def last_instant(due, zone):
    """When a thing becomes late, naive in UTC: a moment by itself, a day at its end in the zone.

    >>> last_instant(datetime(2026, 11, 5, 9, 0), "Asia/Shanghai")
    datetime.datetime(2026, 11, 5, 9, 0)
    >>> last_instant(date(2026, 11, 5), "Asia/Shanghai")
    datetime.datetime(2026, 11, 5, 16, 0)

    The day on which the clocks go back has 25 hours:

    >>> last_instant(date(2026, 10, 24), "Europe/Lisbon"), last_instant(date(2026, 10, 25), "Europe/Lisbon")
    (datetime.datetime(2026, 10, 24, 23, 0), datetime.datetime(2026, 10, 26, 0, 0))

    >>> last_instant(None, "UTC")
    """
    if isinstance(due, datetime):
        return due
    if isinstance(due, date):
        return local_midnight(due + timedelta(days=1), zone)
    return None


def urgency(instant):
    """A key to sort by: what is longest late, then what is due next, then what has no date.

    >>> sorted([None, datetime(2026, 11, 6), datetime(2026, 11, 3)], key=urgency)[0]
    datetime.datetime(2026, 11, 3, 0, 0)
    """
    return (instant is None, instant or datetime.max)


def part_of_day(hour):
    """
    >>> [part_of_day(hour) for hour in (3, 7, 12, 18, 23)]
    ['evening', 'morning', 'afternoon', 'evening', 'evening']
    """
    if 4 <= hour < 12:
        return "morning"
    return "afternoon" if 12 <= hour < 18 else "evening"


def plain_domain(domain):
    """A domain as lists that travel to the browser, whatever it was built from.

    >>> plain_domain(["|", ("id", "in", {3}), ("line_ids", "any", [("day", "<", date(2026, 11, 5))])])
    ['|', ['id', 'in', [3]], ['line_ids', 'any', [['day', '<', '2026-11-05']]]]
    """
    return [leaf if isinstance(leaf, str) else [*leaf[:2], _plain_value(*leaf[1:])] for leaf in domain]


def _plain_value(operator, value):
    if operator in ("any", "not any"):
        return plain_domain(value)
    if isinstance(value, (date, datetime)):
        return str(value)
    return value if isinstance(value, (str, int, float, bool, type(None))) else list(value)
