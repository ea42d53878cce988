"""How a figure stands: against its target, against the period before, and how sure that is."""

import math

Z95 = 1.959963984540054


def wilson(numerator, denominator):
    """The 95 % interval of a share (Wilson's score interval), both ends between 0 and 1; None without observations.

    Source: E. B. Wilson, 1927; holds near 0 and 1 and for few observations, where the plain interval does not.

    >>> [round(end, 3) for end in wilson(264, 306)]
    [0.82, 0.897]
    >>> wilson(0, 0) is None
    True

    :raise ValueError: more hits than observations, or negative numbers
    """
    if numerator < 0 or denominator < numerator:
        raise ValueError("a share has no more hits than observations")
    if not denominator:
        return None
    share = numerator / denominator
    square = Z95 * Z95
    centre = (share + square / (2 * denominator)) / (1 + square / denominator)
    reach = Z95 / (1 + square / denominator)
    reach *= math.sqrt(share * (1 - share) / denominator + square / (4 * denominator**2))
    return max(0.0, centre - reach), min(1.0, centre + reach)


def judge(value, target, better, low=None, high=None):
    """“on”, “below” (the target is missed), “unclear”, or "" where nothing is judged.

    1. Without value, target or direction nothing is judged.
    2. Where there is an interval, a figure counts as on or below only when all of it lies on one side of the target.
    3. A full count has no interval and is judged as it stands.

    >>> judge(86.3, 90, "higher", 82.0, 89.7), judge(84.6, 85, "higher", 82.9, 86.2), judge(0, 0, "lower")
    ('below', 'unclear', 'on')
    >>> judge(None, 90, "higher"), judge(5, None, "lower")
    ('', '')
    """
    if value is None or target is None or better not in ("higher", "lower"):
        return ""
    sign = 1 if better == "higher" else -1
    if low is None or high is None:
        return "on" if sign * value >= sign * target else "below"
    worst, best = (low, high) if sign > 0 else (high, low)
    if sign * worst >= sign * target:
        return "on"
    return "below" if sign * best < sign * target else "unclear"


def trend(value, before, better, decimals=0):
    """`(direction, difference, meaning)` against the period before: "up", "down" or "same", the difference as it is
    written, and "better", "worse" or "" for what has no direction; ("", None, "") where one of both is unknown.

    >>> trend(86.3, 85.9, "higher", 1)
    ('up', 0.4, 'better')
    >>> trend(3, 3, "lower"), trend(3, None, "lower")
    (('same', 0.0, ''), ('', None, ''))
    """
    if value is None or before is None:
        return "", None, ""
    difference = round(round(value, decimals) - round(before, decimals), decimals)
    if not difference:
        return "same", 0.0, ""
    direction = "up" if difference > 0 else "down"
    if better not in ("higher", "lower"):
        return direction, difference, ""
    return direction, difference, "better" if (difference > 0) == (better == "higher") else "worse"
