"""How far a goal has come. Plain Python; a share is in percent, `None` means: not known.

Rule: what nobody has measured counts neither as nothing nor as everything. It is left out, and the share of the
weight that was measured is told beside the figure. Source: the company's own goals by ISO 9001:2015, 6.2.
"""

WHOLE = 100.0


def is_reached(value, target, direction):
    """Whether a figure is as good as its target.

    >>> is_reached(95, 95, "higher"), is_reached(6, 5, "lower"), is_reached(4, 5, "neutral")
    (True, False, False)
    """
    return value <= target if direction == "lower" else value >= target


def way_gone(value, target, direction, baseline=None):
    """The part of the way from the baseline to the target, between 0 and 100.

    :param value: the figure; `None` when there is none
    :param direction: "higher", "lower" or "neutral" is better; neutral is read as higher
    :param baseline: where the way began; without it a target is reached or it is not

    >>> way_gone(85, 90, "higher", 80), way_gone(3, 2, "lower", 5)
    (50.0, 66.66666666666667)
    >>> way_gone(70, 90, "higher", 80), way_gone(99, 90, "higher", 80)
    (0.0, 100.0)
    >>> way_gone(85, 90, "higher"), way_gone(90, 90, "higher")
    (0.0, 100.0)
    >>> way_gone(None, 90, "higher", 80) is None
    True
    """
    if value is None:
        return None
    if is_reached(value, target, direction):
        return WHOLE
    if baseline is None or is_reached(baseline, target, direction):
        return 0.0
    return max(0.0, WHOLE * (value - baseline) / (target - baseline))


def roll_up(parts):
    """The mean of the parts that are known, by their weights, and the share of the weight that is known.

    :param parts: `[(weight, share or None), ...]`
    :return: `(share or None, percent of the weight that is known)`

    >>> roll_up([(50, 80.0), (30, 20.0), (20, None)])
    (57.5, 80.0)
    >>> roll_up([(60, 0.0), (40, 50.0)])
    (20.0, 100.0)
    >>> roll_up([(50, None), (50, None)]), roll_up([]), roll_up([(0, 70.0)])
    ((None, 0.0), (None, 0.0), (None, 0.0))
    """
    total = sum(weight for weight, _share in parts)
    known = [(weight, share) for weight, share in parts if share is not None]
    measured = sum(weight for weight, _share in known)
    if not measured:
        return None, 0.0
    return sum(weight * share for weight, share in known) / measured, WHOLE * measured / total
