"""What a certificate's dates say on a day, and what its successor's dates are. No database."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

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


def next_validity(valid_from, valid_to, today):
    """First and last day of the certificate that follows this one.

    1. A renewal before the end goes on the day after it: nobody loses days by being early.
    2. A renewal after the end starts today: the gap stays visible.
    3. It lasts as long as the one before: whole months where that was whole months, else as many days.
    4. What never ended goes on without an end.
    """
    if not valid_to:
        return today, None
    day_after = valid_to + timedelta(days=1)
    start = max(day_after, today)
    span = relativedelta(day_after, valid_from or day_after)
    if span.days:
        return start, start + (valid_to - valid_from)
    return start, start + (span or relativedelta(years=1)) - timedelta(days=1)
