"""How grave a risk is: likelihood times impact, read off against the limits that a company has laid down."""

STEPS = range(1, 6)
LEVELS = ("low", "medium", "high", "extreme")
# From which product on a risk is medium, high, extreme, unless the company says otherwise.
LIMITS = (5, 10, 16)


def level_of(likelihood, impact, limits=LIMITS):
    """The level of a likelihood and an impact, each a step from 1 to 5.

    :param limits: from which product on it is medium, high, extreme
    :raise ValueError: a step outside the scale

    >>> [level_of(1, 4), level_of(1, 5), level_of(2, 5), level_of(4, 4), level_of(5, 5)]
    ['low', 'medium', 'high', 'extreme', 'extreme']
    >>> level_of(0, 3)
    Traceback (most recent call last):
    ValueError: A step lies between 1 and 5: 0 x 3.
    """
    if likelihood not in STEPS or impact not in STEPS:
        raise ValueError(f"A step lies between 1 and 5: {likelihood} x {impact}.")
    return LEVELS[sum(likelihood * impact >= limit for limit in limits)]


def are_limits(limits):
    """Whether these are limits: whole numbers that rise, each of them can be reached and none is always.

    >>> are_limits((5, 10, 16)), are_limits((5, 5, 16)), are_limits((1, 2, 3)), are_limits((5, 10, 26))
    (True, False, False, False)
    """
    medium, high, extreme = limits
    return 1 < medium < high < extreme <= 25


def graver(level, other):
    """Whether a level is above another; none at all is below each.

    >>> graver("high", "medium"), graver("low", "low"), graver("low", None), graver(None, "low")
    (True, False, True, False)
    """
    ranks = {name: rank for rank, name in enumerate(LEVELS, 1)}
    return ranks.get(level, 0) > ranks.get(other, 0)


def grid(counts, limits=LIMITS):
    """The cells of the matrix, the highest likelihood first, the smallest impact first.

    :param counts: `{(likelihood, impact): number}`
    :return: five rows of five `{"likelihood", "impact", "level", "count"}`

    >>> rows = grid({(5, 1): 2})
    >>> rows[0][0]
    {'likelihood': 5, 'impact': 1, 'level': 'medium', 'count': 2}
    >>> sum(len(row) for row in rows)
    25
    """
    return [
        [
            {
                "likelihood": likelihood,
                "impact": impact,
                "level": level_of(likelihood, impact, limits),
                "count": counts.get((likelihood, impact), 0),
            }
            for impact in STEPS
        ]
        for likelihood in reversed(STEPS)
    ]
