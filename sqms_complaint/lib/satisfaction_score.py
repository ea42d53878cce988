"""Scores of satisfaction, each with its number of answers and its interval. Plain Python, no database, no scipy.

Sources: E. B. Wilson 1927 for shares; ISO 10004:2018 for what is reported with a score; the standard error of a net
promoter score is that of the mean of +1, 0, -1. All intervals are two-sided at the level asked for.
"""

import math
from statistics import NormalDist
from typing import NamedTuple

LEVEL = 0.95
FEW_ANSWERS = 30  # fewer say little: a warning
LOW_RESPONSE = 20  # percent; below that those who answered may be another kind of people: a warning


class Score(NamedTuple):
    """A score; without answers `value`, `low` and `high` are None, never zero.

    :param n: the number of answers behind it
    :param warnings: keys, "none", "few" and "low_response", for the words of the screen
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    warnings: tuple = ()

    @property
    def half_width(self):
        """Half the length of the interval, or None."""
        return None if self.low is None else (self.high - self.low) / 2


def z_of(level=LEVEL):
    """The two-sided quantile of the normal distribution.

    >>> round(z_of(0.95), 3)
    1.96
    """
    if not 0 < level < 1:
        raise ValueError("a level lies between 0 and 1")
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson(hits, n, level=LEVEL):
    """The Wilson interval of a share, as (low, high) between 0 and 1; (None, None) of nothing.

    Newcombe 1998 gives 81 of 263 as .2553 to .3662.

    >>> tuple(round(limit, 4) for limit in wilson(81, 263))
    (0.2553, 0.3662)
    >>> wilson(0, 0)
    (None, None)
    """
    if not 0 <= hits <= n:
        raise ValueError("there are more hits than answers, or fewer than none")
    if not n:
        return None, None
    z = z_of(level)
    share, square = hits / n, z * z
    centre = share + square / (2 * n)
    spread = z * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    scale = 1 + square / n
    # Rounding may miss the ends by one digit of the machine: nothing of n, and all of n, reach them exactly.
    low = 0.0 if not hits else (centre - spread) / scale
    high = 1.0 if hits == n else (centre + spread) / scale
    return low, high


def share_score(hits, n, level=LEVEL, response=None):
    """A share in percent with its Wilson interval.

    >>> score = share_score(81, 263)
    >>> round(score.value, 1), round(score.low, 1), round(score.high, 1), score.n, score.warnings
    (30.8, 25.5, 36.6, 263, ())
    >>> share_score(0, 0)
    Score(value=None, low=None, high=None, n=0, warnings=('none',))
    """
    low, high = wilson(hits, n, level)
    return _score(None if not n else 100 * hits / n, low and 100 * low, high and 100 * high, n, response)


def csat_score(marks, level=LEVEL, response=None):
    """The share of the two best of five marks, in percent.

    >>> round(csat_score([5, 4, 3, 1]).value, 1)
    50.0
    """
    marks = _checked(marks, 1, 5)
    return share_score(sum(mark >= 4 for mark in marks), len(marks), level, response)


def nps_score(promoters, passives, detractors, level=LEVEL, response=None):
    """The net promoter score in points from -100 to 100: promoters (9, 10) less detractors (0 to 6).

    Its standard error is that of a mean of +1, 0 and -1. Where all say the same that would be zero, whatever the
    number: then the interval is that of the share of those who say so.

    >>> score = nps_score(60, 25, 15)
    >>> round(score.value, 1), round(score.half_width, 1), score.n
    (45.0, 14.5, 100)
    >>> nps_score(3, 0, 0).value, round(nps_score(3, 0, 0).low, 1)
    (100.0, -12.3)
    """
    if min(promoters, passives, detractors) < 0:
        raise ValueError("fewer than none")
    n = promoters + passives + detractors
    if not n:
        return _score(None, None, None, 0, response)
    up, down = promoters / n, detractors / n
    value = up - down
    if n in (promoters, passives, detractors):
        doubt = 1 - wilson(n, n, level)[0]
        # Of all, so many at most may be of another mind; at worst of the opposite one, for those in the middle of both.
        low = value - (2 * doubt if promoters else doubt if passives else 0)
        high = value + (2 * doubt if detractors else doubt if passives else 0)
    else:
        reach = z_of(level) * math.sqrt((up + down - value * value) / n)
        low, high = value - reach, value + reach
    return _score(100 * value, 100 * max(low, -1), 100 * min(high, 1), n, response)


def nps_groups(marks):
    """How many promoters (9, 10), passives (7, 8) and detractors (0 to 6).

    >>> nps_groups([10, 9, 8, 7, 6, 0])
    (2, 2, 2)
    """
    marks = _checked(marks, 0, 10)
    up, down = sum(mark >= 9 for mark in marks), sum(mark <= 6 for mark in marks)
    return up, len(marks) - up - down, down


def mean_score(marks, lowest=1, highest=7, level=LEVEL, response=None):
    """A mean mark with the interval of Student's t, cut at the ends of the scale.

    One answer has a mean and no interval. When all give the same mark, the interval is that mark alone: it rests on
    nothing but their number, which stands beside it.

    >>> score = mean_score([7, 6, 5, 6, 4])
    >>> round(score.value, 2), round(score.low, 2), round(score.high, 2)
    (5.6, 4.18, 7.0)
    >>> mean_score([5])
    Score(value=5.0, low=None, high=None, n=1, warnings=('few',))
    """
    marks = _checked(marks, lowest, highest)
    n = len(marks)
    if not n:
        return _score(None, None, None, 0, response)
    value = sum(marks) / n
    if n == 1:
        return _score(value, None, None, 1, response)
    deviation = math.sqrt(sum((mark - value) ** 2 for mark in marks) / (n - 1))
    reach = t_quantile((1 + level) / 2, n - 1) * deviation / math.sqrt(n)
    return _score(value, max(value - reach, float(lowest)), min(value + reach, float(highest)), n, response)


def response_rate(answered, delivered):
    """Answered of delivered in percent, or None where nothing was delivered.

    >>> response_rate(30, 120), response_rate(0, 0)
    (25.0, None)
    """
    if answered > delivered or answered < 0:
        raise ValueError("more answers than deliveries")
    return 100 * answered / delivered if delivered else None


def sample_size(precision, population=None, share=0.5, level=LEVEL):
    """How many answers a share needs to be known to within `precision`, with the correction for a small population.

    n0 = z²p(1−p)/e², n = n0/(1+(n0−1)/N), rounded up. Without a population it is that of a very large one.

    >>> sample_size(0.05), sample_size(0.05, 1000)
    (385, 278)
    >>> sample_size(0.05, 10), sample_size(0.05, 0)
    (10, 0)
    """
    if not 0 < precision < 1 or not 0 < share < 1:
        raise ValueError("precision and share lie between 0 and 1")
    first = z_of(level) ** 2 * share * (1 - share) / precision**2
    if population is None:
        return math.ceil(first - 1e-9)
    if population <= 0:
        return 0
    return min(math.ceil(first / (1 + (first - 1) / population) - 1e-9), population)


def invitations_needed(answers, expected_response, population=None):
    """How many to invite for so many answers, at the response that is expected in percent.

    >>> invitations_needed(278, 30, 1000), invitations_needed(278, 20, 1000)
    (927, 1000)
    """
    if not 0 < expected_response <= 100:
        raise ValueError("a response lies above 0 and up to 100 %")
    needed = math.ceil(100 * answers / expected_response - 1e-9)
    return needed if population is None else min(needed, population)


def t_quantile(probability, freedom):
    """The quantile of Student's t, by bisection of its distribution; exact to 1e-9.

    >>> [round(t_quantile(0.975, freedom), 3) for freedom in (1, 4, 29, 1000)]
    [12.706, 2.776, 2.045, 1.962]
    """
    if freedom < 1 or not 0 < probability < 1:
        raise ValueError("no such t distribution")
    if probability < 0.5:
        return -t_quantile(1 - probability, freedom)
    low, high = 0.0, 2.0
    while t_below(high, freedom) < probability:
        low, high = high, 2 * high
    while high - low > 1e-10 * max(1.0, high):
        middle = (low + high) / 2
        low, high = (middle, high) if t_below(middle, freedom) < probability else (low, middle)
    return (low + high) / 2


def t_below(value, freedom):
    """The probability that Student's t with whole degrees of freedom stays below a value of zero or more.

    The closed sums of Abramowitz and Stegun 26.7.3 and 26.7.4; above 200 degrees, where they lose digits and the
    difference no longer matters, the expansion 26.7.8.

    >>> round(t_below(2.776445, 4), 6), t_below(0.0, 7)
    (0.975, 0.5)
    """
    if freedom > 200:
        return NormalDist().cdf(value * (1 - 1 / (4 * freedom)) / math.sqrt(1 + value * value / (2 * freedom)))
    angle = math.atan(value / math.sqrt(freedom))
    cosine, sine = math.cos(angle), math.sin(angle)
    if freedom == 1:
        return 0.5 + angle / math.pi
    odd = freedom % 2
    term = total = cosine if odd else 1.0
    for step in range(3 if odd else 2, freedom - 1, 2):
        term *= cosine * cosine * (step - 1) / step
        total += term
    inside = 2 / math.pi * (angle + sine * total) if odd else sine * total
    return (1 + inside) / 2


def warnings_of(n, response=None):
    """What a reader must know of a score.

    >>> warnings_of(29), warnings_of(30), warnings_of(0), warnings_of(40, 19.9), warnings_of(40, 20)
    (('few',), (), ('none',), ('low_response',), ())
    """
    few = ("none",) if not n else ("few",) if n < FEW_ANSWERS else ()
    low = ("low_response",) if response is not None and response < LOW_RESPONSE else ()
    return few + low


def _score(value, low, high, n, response):
    return Score(value, low, high, n, warnings_of(n, response))


def _checked(marks, lowest, highest):
    marks = list(marks)
    for mark in marks:
        if isinstance(mark, bool) or not isinstance(mark, int) or not lowest <= mark <= highest:
            raise ValueError(f"no mark of a scale from {lowest} to {highest}: {mark!r}")
    return marks
