# The longest that one unit can be, in calendar days. Working days have no longest: holidays may lie between.
LONGEST_DAYS = {"days": 1, "months": 31, "years": 366}
SHORTEST_DAYS = {"days": 1, "months": 28, "years": 365}


def exceeds(number, unit, limit, limit_unit):
    """Whether a promised period is surely longer than the one a law allows, whenever it begins.

    Periods in the same unit are compared as numbers. Across units only what holds for every calendar counts: so many
    working days take at least as many calendar days; a month has 28 to 31 days, a year 365 or 366.

    :param number, unit: the promise; hours may be fractions
    :param limit, limit_unit: the period of the law
    :raise KeyError: for a unit that is none of hours, work_hours, work_days, days, months, years

    >>> exceeds(15, "days", 15, "days"), exceeds(16, "days", 15, "days")
    (False, True)
    >>> exceeds(16, "work_days", 15, "days"), exceeds(10, "days", 7, "work_days")
    (True, False)
    >>> exceeds(49, "hours", 48, "hours"), exceeds(3, "days", 48, "hours"), exceeds(40, "days", 1, "months")
    (True, True, True)
    >>> exceeds(30, "work_hours", 24, "hours")
    True
    """
    if unit == limit_unit:
        return number > limit
    if unit == "work_days":
        unit = "days"  # at least as many days
    if unit == "work_hours":
        unit = "hours"  # at least as many hours
    if limit_unit in ("work_days", "work_hours"):
        return False  # how long that is depends on the calendar
    most = limit if limit_unit == "hours" else limit * LONGEST_DAYS[limit_unit] * 24
    least = number if unit == "hours" else number * SHORTEST_DAYS[unit] * 24
    return least > most


def falls_short(number, unit, limit, limit_unit):
    """Whether a period is surely shorter than the one that a law asks for at least.

    >>> falls_short(6, "days", 7, "days"), falls_short(7, "days", 7, "days")
    (True, False)
    >>> falls_short(5, "work_days", 7, "days")
    False
    """
    return exceeds(limit, limit_unit, number, unit)
