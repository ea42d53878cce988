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

    Where they are put back to midnight the day begins at the first of the two:

    >>> local_midnight(date(2026, 10, 25), "Atlantic/Azores")
    datetime.datetime(2026, 10, 25, 0, 0)
    """
    zone = pytz.timezone(zone)
    moments = [
        zone.localize(datetime.combine(day, time.min), is_dst=summer).astimezone(pytz.utc) for summer in (True, False)
    ]
    return min(moment for moment in moments if moment.astimezone(zone).date() == day).replace(tzinfo=None)


def local_day(instant, zone):
    """The local day of an instant given naive in UTC.

    >>> local_day(datetime(2026, 12, 5, 16, 0), "Asia/Shanghai")
    datetime.date(2026, 12, 6)
    """
    return pytz.utc.localize(instant).astimezone(pytz.timezone(zone)).date()
