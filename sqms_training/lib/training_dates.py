"""First and last day of a certificate that a course grants. No database."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta


def granted_from(old_valid_to, today, grace_days=0):
    """The first day of the certificate that follows one that ends on `old_valid_to`.

    1. Whoever passes before the end, or at most `grace_days` days after it, goes on from the day after the end:
       being early costs no day, being a little late wins none.
    2. Whoever is later starts today: the gap stays visible.
    3. After a certificate without end, or none, it starts today.

    >>> from datetime import date
    >>> today = date(2026, 3, 10)
    >>> granted_from(date(2026, 6, 30), today), granted_from(date(2026, 3, 1), today, grace_days=9)
    (datetime.date(2026, 7, 1), datetime.date(2026, 3, 2))
    >>> granted_from(date(2026, 3, 1), today, grace_days=8), granted_from(None, today)
    (datetime.date(2026, 3, 10), datetime.date(2026, 3, 10))
    """
    if old_valid_to and today <= old_valid_to + timedelta(days=grace_days):
        return old_valid_to + timedelta(days=1)
    return today


def granted_until(first, months):
    """The last day of a certificate that holds for so many months from its first day on; None without an end.

    >>> from datetime import date
    >>> granted_until(date(2026, 7, 1), 12), granted_until(date(2024, 2, 29), 12), granted_until(date(2026, 7, 1), 0)
    (datetime.date(2027, 6, 30), datetime.date(2025, 2, 27), None)
    """
    return first + relativedelta(months=months) - timedelta(days=1) if months else None
