"""Whether an action has helped: what was measured against what was laid down before it started."""

NEARLY = 1e-9  # of the size of the figures: what differs by less is the same figure


def wanted_value(direction, baseline, minimum):
    """The figure that the action must bring about, in the unit of the indicator.

    :param direction: "lower" or "higher", which way is better
    :param baseline: the figure before
    :param minimum: by how much it must change at least

    >>> wanted_value("lower", 2.5, 2)
    0.5
    >>> wanted_value("higher", 80, 5)
    85
    """
    return baseline - minimum if direction == "lower" else baseline + minimum


def has_helped(direction, baseline, minimum, value):
    """Whether the figure has moved far enough the right way.

    >>> has_helped("lower", 2.4, 2.3, 0.1), has_helped("lower", 2.4, 2.3, 0.2)
    (True, False)
    >>> has_helped("higher", 80, 5, 85), has_helped("higher", 80, 5, 84.9)
    (True, False)

    The rounding of binary fractions decides nothing:

    >>> has_helped("lower", 0.3, 0.2, 0.1), has_helped("higher", 0.1, 0.2, 0.3)
    (True, True)
    """
    goal = wanted_value(direction, baseline, minimum)
    slack = NEARLY * max(abs(goal), abs(value), abs(baseline), abs(minimum))
    return value <= goal + slack if direction == "lower" else value >= goal - slack
