"""Axes of charts: round steps that cover the data, and which labels find room."""

import math


def finite(value):
    """The number as float, None for none.

    >>> finite(None), finite(3)
    (None, 3.0)

    :raise ValueError: not a number, or an endless one
    """
    if value is None:
        return None
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"a chart draws numbers, not {value!r}")
    return number


def ticks(low, high, most=6, whole=False):
    """Round values from at or below `low` to at or above `high`, evenly spaced by 1, 2 or 5 times a power of ten.

    :param most: about how many; at least two are given, at most `most` + 2
    :param whole: of things that are counted: no fractions between them
    :return: list of floats, rising

    >>> ticks(61.5, 94)
    [60.0, 70.0, 80.0, 90.0, 100.0]
    >>> ticks(0, 7, 4)
    [0.0, 5.0, 10.0]
    >>> ticks(0, 1, whole=True), ticks(5, 5, whole=True)
    ([0.0, 1.0], [4.0, 5.0, 6.0])
    """
    low, high = min(low, high), max(low, high)
    if high - low <= 1e-9 * max(abs(low), abs(high), 1e-9):
        reach = max(abs(low), 1.0) * 0.1 if abs(low) > 10 else 1.0
        low, high = low - reach, high + reach
    step = _step((high - low) / max(most - 1, 1))
    if whole:
        step = max(1.0, step)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if last == first:
        last += 1
    digits = max(0, 2 - math.floor(math.log10(step)))
    return [round(place * step, digits) for place in range(first, last + 1)]


def counted(values):
    """Whether all the numbers are whole.

    >>> counted([1.0, 3.0]), counted([1.5])
    (True, False)
    """
    return all(float(value).is_integer() for value in values)


def _step(rough):
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * (1 - 1e-9))


def thinned(widths, step, gap=10):
    """Which of evenly spaced labels are written so that none touches the next: every n-th, the first always.

    :param widths: how wide each label is
    :param step: distance from one to the next

    >>> thinned([40, 40, 40, 40, 40], 25)
    [0, 2, 4]
    """
    if not widths:
        return []
    every = max(1, math.ceil((max(widths) + gap) / step)) if step > 0 else len(widths)
    return list(range(0, len(widths), every))
