"""Arithmetic of appraisals: no rule here decides on anybody, it adds up what people have said."""

WHOLE = 100
# (lowest, highest, one step) of a scale
SCALES = {"five": (1, 5, 1), "hundred": (0, 100, 10)}
WORDS = 5


def weighted_mean(scores):
    """The mean of scores on one scale, each counted with its weight.

    :param scores: `[(score, weight), ...]`; weights are whole percents that make 100
    :return: float on the same scale, or None when a score is missing (None or False; zero is a score)
    :raise ValueError: the weights do not make 100

    >>> weighted_mean([(4, 50), (5, 30), (2, 20)])
    3.9
    >>> weighted_mean([(0, 60), (100, 40)])
    40.0
    >>> weighted_mean([(4, 50), (None, 50)]) is None
    True
    >>> weighted_mean([(4, 50), (5, 49)])
    Traceback (most recent call last):
    ValueError: 1 missing to 100
    """
    missing = WHOLE - sum(weight for _score, weight in scores)
    if missing:
        raise ValueError(f"{missing} missing to {WHOLE}")
    if any(score is None or score is False for score, _weight in scores):
        return None
    # Whole numbers are added up, the division comes last: the same scores always give the same mean.
    return sum(score * weight for score, weight in scores) / WHOLE


def is_apart(score, others, scale):
    """Whether a score differs from one of the others by more than a step, which is to be explained.

    >>> is_apart(4, [3, None], "five"), is_apart(5, [3], "five"), is_apart(0, [10], "hundred")
    (False, True, False)
    >>> is_apart(0, [False, 11], "hundred")
    True
    """
    step = SCALES[scale][2]
    return any(abs(score - other) > step for other in others if other is not None and other is not False)


def word_place(score, scale):
    """Which of the five words, lowest first, stands for a score or a mean; what lies between goes to the nearer one,
    the middle upwards.

    >>> [word_place(score, "five") for score in (1, 2.4, 2.5, 4.49, 5)]
    [0, 1, 2, 3, 4]
    >>> [word_place(score, "hundred") for score in (0, 12.4, 12.5, 50, 87.5, 100)]
    [0, 0, 1, 2, 4, 4]
    """
    low, high, _step = SCALES[scale]
    return min(int((score - low) * (WORDS - 1) / (high - low) + 0.5), WORDS - 1)


def percent(score, scale):
    """Where a score lies between the lowest and the highest, for figures over several scales.

    >>> percent(1, "five"), percent(3, "five"), percent(70, "hundred")
    (0.0, 50.0, 70.0)
    """
    low, high, _step = SCALES[scale]
    return round((score - low) * 100 / (high - low), 2)


def peers_mean(values, least=5):
    """`(mean, n)` of what was measured of others; no mean from fewer than `least` of them.

    >>> peers_mean([2, 4, None, 6])
    (None, 3)
    >>> peers_mean([1, 2, 3, 4, 5])
    (3.0, 5)
    """
    known = [value for value in values if value is not None]
    return (sum(known) / len(known) if len(known) >= least else None), len(known)
