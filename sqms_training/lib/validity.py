"""What a certificate's dates say on a day, and what its successor's dates are. No database."""

from calendar import monthrange
from datetime import date, timedelta

EXPIRING_DAYS = 90


def state_on(day, valid_from, valid_to, revoked):
    """The state of a certificate on `day`.

    1. What is revoked is nothing else any more.
    2. The first and the last day of validity both count.
    3. It is expiring from 90 days before the last day on, that day included.
    """
    if revoked:
        return "revoked"
    if valid_from and valid_from > day:
        return "upcoming"
    if valid_to and valid_to < day:
        return "expired"
    if valid_to and valid_to <= day + timedelta(days=EXPIRING_DAYS):
        return "expiring"
    return "valid"


def add_months(start, months, anchor_day=None):
    """The day so many months later, on the day of the month that is meant.

    A chain that began on a 31st meets short months on their last day and comes back to the 31st.

    >>> add_months(date(2026, 1, 31), 1), add_months(date(2026, 2, 28), 1), add_months(date(2026, 2, 28), 1, 31)
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 28), datetime.date(2026, 3, 31))
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(anchor_day or start.day, monthrange(year, month + 1)[1]))


def last_day(valid_from, months, anchor_day=None):
    """The last day of so many months of validity.

    >>> last_day(date(2026, 7, 1), 24), last_day(date(2024, 2, 29), 12)
    (datetime.date(2028, 6, 30), datetime.date(2025, 2, 27))
    """
    return add_months(valid_from, months, anchor_day) - timedelta(days=1)


def whole_months(valid_from, valid_to, anchor_day=None):
    """How many whole months a certificate is valid, or 0 where it is no whole number.

    >>> whole_months(date(2026, 7, 1), date(2028, 6, 30)), whole_months(date(2026, 7, 1), date(2026, 7, 30))
    (24, 0)
    """
    after = valid_to + timedelta(days=1)
    months = (after.year - valid_from.year) * 12 + after.month - valid_from.month
    for day in (anchor_day, valid_from.day):
        if months > 0 and add_months(valid_from, months, day) == after:
            return months
    return 0


def next_validity(valid_from, valid_to, today, grace_days=0, months=0, anchor_day=None):
    """First and last day of the certificate that follows this one.

    1. A renewal before the end, or at the latest so many days of grace after it, goes on the day after the end:
       nobody loses days by being early, and nobody's dates drift by being a little late.
    2. A later renewal starts today: the gap stays visible.
    3. It lasts the months that are named; where none are, as long as the one before: whole months where that was
       whole months, else as many days. What never ended then goes on without an end.
    4. A chain that goes on keeps the day of the month on which it began (`anchor_day`), over short months too.

    >>> next_validity(date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 20), grace_days=30)
    (datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
    >>> next_validity(date(2025, 1, 1), date(2025, 12, 31), date(2026, 2, 20), grace_days=30)
    (datetime.date(2026, 2, 20), datetime.date(2027, 2, 19))
    """
    if not valid_to:
        return today, last_day(today, months) if months else None
    goes_on = today <= valid_to + timedelta(days=max(grace_days, 1))
    start = valid_to + timedelta(days=1) if goes_on else today
    anchor_day = (anchor_day or (valid_from or start).day) if goes_on else None
    if anchor_day and start != add_months(start, 0, anchor_day):
        # Dates that never were on that day do not come back to it.
        anchor_day = None
    months = months or (whole_months(valid_from, valid_to, anchor_day) if valid_from else 12)
    if months:
        return start, last_day(start, months, anchor_day)
    return start, start + (valid_to - valid_from)
