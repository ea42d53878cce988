"""Sharing something that has a smallest piece (points, cents) so that the parts add up to the whole. Plain Python."""


def share_out(total, weights):
    """Whole numbers in proportion to the weights that add up to the total exactly.

    Rule: everybody gets the whole part of what is due to him; what is left goes piece by piece to those with the
    largest remainder, to the first of several alike (Hare's method of largest remainders).

    :param total: a whole number, not negative
    :param weights: numbers, not negative; not all of them zero unless there is nothing to share
    :return: list of whole numbers, one for each weight
    :raise ValueError: a negative number, or nobody to share among

    >>> share_out(20, [50, 50]), share_out(20, [33.33, 33.33, 33.34]), share_out(1, [1, 1])
    ([10, 10], [7, 6, 7], [1, 0])
    >>> share_out(0, []), share_out(5, [0, 3])
    ([], [0, 5])
    >>> share_out(5, [])
    Traceback (most recent call last):
    ValueError: there is nobody to share among
    """
    if total < 0 or any(weight < 0 for weight in weights):
        raise ValueError("nothing negative is shared")
    whole = sum(weights)
    if not whole:
        if total:
            raise ValueError("there is nobody to share among")
        return [0 for _weight in weights]
    due = [total * weight / whole for weight in weights]
    parts = [int(part) for part in due]
    order = sorted(range(len(weights)), key=lambda i: (-round(due[i] - parts[i], 9), i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def equal_percents(number):
    """Percents with two decimals that add up to 100 exactly.

    >>> equal_percents(3), equal_percents(1), equal_percents(0)
    ([33.34, 33.33, 33.33], [100.0], [])
    """
    return [part / 100 for part in share_out(10000 if number else 0, [1] * number)]
