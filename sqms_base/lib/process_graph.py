"""The order of processes: circles, and how far each stands from the start. Plain Python, no ORM."""

from collections import defaultdict
from graphlib import CycleError, TopologicalSorter


def circle(pairs):
    """One circle among (source, target) pairs, as a list that ends where it began; empty when there is none.

    >>> circle([(1, 2), (2, 3)])
    []
    >>> circle([(1, 2), (2, 3), (3, 1)])
    [1, 2, 3, 1]
    """
    try:
        TopologicalSorter(_leading(pairs)).prepare()
    except CycleError as error:
        found = error.args[1]  # graphlib tells it from target to source or the other way round, by version
        if (found[0], found[1]) not in set(pairs):
            found = found[::-1]
        start = found.index(min(found[:-1]))
        ring = found[:-1]
        return [*ring[start:], *ring[:start], ring[start]]
    return []


def layers(ids, pairs):
    """`{id: number of its layer}`: the longest way from where nothing comes in.

    Pairs with an end that is not among the ids do not count.

    :raise ValueError: the order goes round in a circle

    >>> layers(["a", "b", "c"], [("a", "b"), ("b", "c"), ("a", "c")])
    {'a': 0, 'b': 1, 'c': 2}
    """
    known = set(ids)
    pairs = [(source, target) for source, target in pairs if source in known and target in known]
    if circle(pairs):
        raise ValueError("the order goes round in a circle")
    leading = _leading(pairs)
    depth = dict.fromkeys(ids, 0)
    for id_ in TopologicalSorter(leading).static_order():
        depth[id_] = max((depth[source] + 1 for source in leading[id_]), default=0)
    return depth


def _leading(pairs):
    """`{id: those that lead to it}`; all ends are in it."""
    leading = defaultdict(list)
    for source, target in pairs:
        leading[target].append(source)
        leading[source]
    return dict(leading)
