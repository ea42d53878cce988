"""What a figure is. Plain Python."""


def figure(kind, factor, numerator, denominator):
    """The value and the number of cases behind it. A ratio of nothing is none, not zero.

    >>> figure("count", 1, 0, 0)
    (0.0, 0)
    >>> figure("ratio", 100, 19, 110)
    (17.272727272727273, 110)
    >>> figure("ratio", 100, 0, 0)
    (None, 0)

    A sum and a mean are made of a quantity above and the number of cases below; a sum over nothing is zero.

    >>> figure("sum", 1, 7.5, 3), figure("sum", 1, 0.0, 0)
    ((7.5, 3), (0.0, 0))
    >>> figure("mean", 1, 8.0, 2), figure("mean", 1, 0.0, 0)
    ((4.0, 2), (None, 0))

    A median comes as it is, and a quotient is one sum by another: 3 complaints on 1,500 orders are 2 per thousand.

    >>> figure("median", 1, 5.5, 4), figure("median", 1, 0.0, 0)
    ((5.5, 4), (None, 0))
    >>> figure("quotient", 1000, 3.0, 1500), figure("quotient", 1000, 3.0, 0)
    ((2.0, 1500), (None, 0))
    """
    if kind == "median":
        return (float(numerator) if denominator else None), denominator
    if kind == "count":
        return float(numerator), numerator
    if kind == "sum":
        return float(numerator), denominator
    return (factor * numerator / denominator if denominator else None), denominator
