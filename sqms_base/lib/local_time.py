"""Days of a time zone as instants in UTC, without the ORM."""

from datetime import datetime, time

import pytz


def local_midnight(day, zone):
    """The first instant of a local day, naive in UTC.

    >>> from datetime import date
    >>> local_midnight(date(2026, 12, 6), "Asia/Shanghai")
    datetime.datetime(2026, 12, 5, 16, 0)

    Where the clocks are put forward at midnight the day begins at one o'clock:

    >>> local_midnight(date(2026, 3, 29), "Asia/Beirut")
    datetime.datetime(2026, 3, 28, 22, 0)
    """
    moment = pytz.timezone(zone).localize(datetime.combine(day, time.min))
    return moment.astimezone(pytz.utc).replace(tzinfo=None)


def local_day(instant, zone):
    """The local day of an instant given naive in UTC.

    >>> local_day(datetime(2026, 12, 5, 16, 0), "Asia/Shanghai")
    datetime.date(2026, 12, 6)
    """
    return pytz.utc.localize(instant).astimezone(pytz.timezone(zone)).date()
