"""Lean figures of a process. Plain Python; times in minutes, money in the currency of the company, shares in percent.

Source: the usual arithmetic of value stream maps (process cycle efficiency = value-added time / lead time). `None`
means: there is no such figure, which is not zero.
"""

MONTHS = 12
WHOLE = 100.0
# The eight wastes, in the order in which they are usually told.
WASTES = (
    "defects", "overproduction", "waiting", "unused_talent", "transport", "inventory", "motion", "extra_processing",
)  # fmt: skip


def cycle_efficiency(value_minutes, lead_minutes):
    """Process cycle efficiency in percent: how much of the time from start to end does something for the customer.

    :param value_minutes: minutes of one go that the customer would pay for
    :param lead_minutes: minutes of one go from its start to its end, waiting included
    :return: between 0 and 100, or `None` when no lead time is known
    :raise ValueError: negative minutes, or more value-added than lead time

    >>> cycle_efficiency(30, 240), cycle_efficiency(0, 10), cycle_efficiency(10, 10)
    (12.5, 0.0, 100.0)
    >>> cycle_efficiency(0, 0) is None
    True
    >>> cycle_efficiency(31, 30)
    Traceback (most recent call last):
    ValueError: more value-added than lead time
    """
    if value_minutes < 0 or lead_minutes < 0:
        raise ValueError("minutes are not negative")
    if value_minutes > lead_minutes:
        raise ValueError("more value-added than lead time")
    return WHOLE * value_minutes / lead_minutes if lead_minutes else None


def pooled_efficiency(processes):
    """Process cycle efficiency of several processes together: all value-added time of all lead time, in percent.

    Not the mean of their shares: a process that runs a thousand times a month weighs a thousand times as much.

    :param processes: `[(value-added minutes, lead minutes, times per month), ...]`; what is not known to run (no
        times) counts as running once
    :return: percent, or `None` when no lead time is known

    >>> pooled_efficiency([(30, 240, 1), (10, 10, 1)])
    16.0
    >>> pooled_efficiency([(30, 240, 10), (10, 10, 0)])
    12.863070539419088
    >>> pooled_efficiency([]) is None
    True
    """
    weighed = [(value * (times or 1), lead * (times or 1)) for value, lead, times in processes]
    return cycle_efficiency(sum(value for value, _lead in weighed), sum(lead for _value, lead in weighed))


def minutes_saved(lead_before, lead_after, times_per_month):
    """Minutes of lead time saved in a year; negative when it takes longer than before.

    >>> minutes_saved(240, 180, 20)
    14400
    """
    return (lead_before - lead_after) * times_per_month * MONTHS


def saving(lead_before, lead_after, times_per_month, cost_per_minute, other=0.0, one_off=0.0):
    """What an improvement saves in its first twelve months, in the currency of the costs.

    Rule: lead minutes saved each time x times per month x 12 x what one of these minutes costs, and what else is saved
    in the year, less what it costs once. It may be negative: then it costs more than it saves.

    :param cost_per_minute: what one minute of lead time costs, waiting included; zero where time costs nothing
    :param other: what else is saved in a year (material, fees, compensations)
    :param one_off: what it costs to put it into effect

    >>> saving(240, 180, 20, 0.5, other=1000, one_off=2000)
    6200.0
    >>> saving(10, 10, 500, 2, one_off=300)
    -300.0
    """
    return float(minutes_saved(lead_before, lead_after, times_per_month) * cost_per_minute + other - one_off)


def payback_months(yearly, one_off):
    """After how many months what it cost once has come back, or `None` when it never does.

    :param yearly: what is saved in a year, before the one-off cost

    >>> payback_months(6000, 1500), payback_months(6000, 0), payback_months(0, 10) is None
    (3.0, 0.0, True)
    """
    if not one_off:
        return 0.0
    return MONTHS * one_off / yearly if yearly > 0 else None
