"""The sentence at the head of a management review, by a rule that anybody can check.

1. Named as worst is the figure below its target that misses it by the largest share of the target. A target of zero is
   missed by the share that is counted of all; wholly, where nobody knows of how many. Equals are decided by the order
   of the sections.
2. Named as improved is the figure that moved in its better direction by the largest share of what it was before, if at
   least three things were counted in both periods. The worst is never named as improved.
3. Nothing is named that was not measured. Without figures the sentence says that nothing was measured.
"""

MIN_N = 3


def shortfall(figure):
    """By which share of the target a figure misses it.

    >>> shortfall({"value": 45, "target": 90, "better": "higher"})
    0.5
    >>> shortfall({"value": 3, "target": 0, "better": "lower", "n": 12}), shortfall({"value": 3, "target": 0})
    (0.25, 1.0)
    """
    if not figure["target"]:
        return min(1.0, figure["value"] / figure["n"]) if figure.get("n") else 1.0
    gap = figure["target"] - figure["value"]
    return (gap if figure["better"] == "higher" else -gap) / abs(figure["target"])


def gain(figure):
    """By which share of what it was a figure became better; none where too little was counted.

    >>> gain({"value": 3, "before": 4, "better": "lower", "n": 3, "n_before": 4})
    0.25
    >>> gain({"value": 4, "before": 3, "better": "lower", "n": 4, "n_before": 3}) is None
    True
    """
    value, before = figure.get("value"), figure.get("before")
    if value is None or before is None or figure.get("better") not in ("higher", "lower"):
        return None
    if min(figure.get("n") or 0, figure.get("n_before") or 0) < MIN_N:
        return None
    change = value - before if figure["better"] == "higher" else before - value
    if change <= 0:
        return None
    return change / abs(before) if before else float(change)


def headline(figures):
    """What the first sentence says.

    :param figures: dicts with "value", "before", "target", "better", "n", "n_before" and "status" ("on", "below",
        "unclear" or "")
    :return: `(kind, improved, worst)`; kind is "both", "worst", "improved", "on_target", "unclear", "no_target" or
        "nothing"; the other two are figures of the list, or None

    >>> late = {"value": 86.3, "target": 90, "better": "higher", "status": "below", "n": 306}
    >>> fewer = {"value": 40, "before": 44, "better": "lower", "status": "on", "n": 40, "n_before": 44}
    >>> headline([late, fewer]) == ("both", fewer, late)
    True
    >>> headline([])
    ('nothing', None, None)
    """
    measured = [figure for figure in figures if figure.get("value") is not None]
    missed = [figure for figure in measured if figure.get("status") == "below"]
    worst = max(missed, key=shortfall) if missed else None
    gains = [(gain(figure), figure) for figure in measured if figure is not worst]
    gains = [pair for pair in gains if pair[0] is not None]
    improved = max(gains, key=lambda pair: pair[0])[1] if gains else None
    if worst:
        return ("both" if improved else "worst"), improved, worst
    if improved:
        return "improved", improved, None
    judged = {figure.get("status") for figure in measured} - {"", None}
    if not measured:
        return "nothing", None, None
    if not judged:
        return "no_target", None, None
    return ("unclear" if "unclear" in judged else "on_target"), None, None


def tiles(figures, most=6):
    """Which figures stand on the first page.

    1. First one of each section, in the order of the sections: of a section the one that misses its target, else one
       with a target, else one that can be compared with the period before.
    2. Where the page is not full, further figures by the same order.
    3. What was not measured is not shown.

    >>> found = [{"key": "a", "section": 1, "value": 1}, {"key": "b", "section": 1, "value": 1, "target": 2}]
    >>> [figure["key"] for figure in tiles(found, 1)], [figure["key"] for figure in tiles(found)]
    (['b'], ['a', 'b'])
    """

    def rank(figure):
        if figure.get("status") == "below":
            return 0
        if figure.get("target") is not None:
            return 1
        return 2 if figure.get("before") is not None and figure.get("better") else 3

    places = [place for place, figure in enumerate(figures) if figure.get("value") is not None]
    places.sort(key=lambda place: (rank(figures[place]), place))
    first, more, seen = [], [], set()
    for place in places:
        section = figures[place].get("section")
        (more if section in seen else first).append(place)
        seen.add(section)
    return [figures[place] for place in sorted([*first, *more][:most])]
