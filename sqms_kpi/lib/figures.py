"""What a figure is. Plain Python."""


def figure(kind, factor, numerator, denominator):
    """The value and the number of cases behind it. A ratio of nothing is none, not zero.

    >>> figure("count", 1, 0, 0)
    (0.0, 0)
    >>> figure("ratio", 100, 19, 110)
    (17.272727272727273, 110)
    >>> figure("ratio", 100, 0, 0)
    (None, 0)
    """
    if kind == "count":
        return float(numerator), numerator
    return (factor * numerator / denominator if denominator else None), denominator
