"""In which column and row of the picture a record stands: by its place in the story, with few crossings."""

from collections import defaultdict

from .trace_link import LANES

MAX_TIES = 6  # columns that one rank may spread over
MAX_ROWS = 40  # cards one above the other; a longer column goes on beside itself
SWEEPS = 4


def columns(nodes, edges):
    """Records by column, left to right: `[[node, ...], ...]`.

    1. Lanes first, then the rank in the story.
    2. Within one rank what leads to another of the same rank stands left of it (the longest way counts); a
       circle is opened where the walk along it closes.

    >>> nodes = [{"id": i, "lane": "changed", "rank": r} for i, r in (("e2", 50), ("e1", 50), ("a", 40))]
    >>> [[node["id"] for node in column] for column in columns(nodes, [("a", "e1"), ("e1", "e2")])]
    [['a'], ['e1'], ['e2']]
    """
    depth = _ties(nodes, edges)
    found = defaultdict(list)
    for node in nodes:
        found[LANES.index(node["lane"]), node["rank"], depth[node["id"]]].append(node)
    return [found[key] for key in sorted(found)]


def _ties(nodes, edges):
    """`{id: how many of its own rank lead to it, one after the other}`, at most `MAX_TIES - 1`."""
    place = {node["id"]: (LANES.index(node["lane"]), node["rank"]) for node in nodes}
    following = {id_: [] for id_ in place}
    for source, target in edges:
        if source != target and place.get(source) == place.get(target) and source in place:
            following[source].append(target)
    depth = dict.fromkeys(place, 0)
    for source in _without_circles(place, following):
        for target in following[source]:
            depth[target] = max(depth[target], min(depth[source] + 1, MAX_TIES - 1))
    return depth


def _without_circles(ids, following):
    """The ids so that each stands before what it leads to; the edges that close a circle are taken out."""
    done, on_way, order = set(), set(), []
    for start in ids:
        if start in done:
            continue
        way = [(start, iter(list(following[start])))]
        on_way.add(start)
        while way:
            id_, rest = way[-1]
            for other in rest:
                if other in on_way:
                    following[id_].remove(other)
                elif other not in done:
                    on_way.add(other)
                    way.append((other, iter(list(following[other]))))
                    break
            else:
                way.pop()
                on_way.discard(id_)
                done.add(id_)
                order.append(id_)
    return order[::-1]


def collapse(found, edges, kept, limit):
    """Columns of at most so many cards: the rest of a column becomes one card “+480 more”.

    What is needed to tell the story stays (`kept`), then what has the most links.

    :return: `(columns, edges)`; a card for the rest has "more", the number of records behind it, and
        "members", their ids
    """
    if not limit:
        return found, edges
    degree = defaultdict(int)
    for edge in edges:
        for id_ in edge:
            degree[id_] += 1
    behind, shown = {}, []
    for number, column in enumerate(found):
        if len(column) <= limit:
            shown.append(column)
            continue
        important = sorted(
            range(len(column)), key=lambda place: (column[place]["id"] not in kept, -degree[column[place]["id"]], place)
        )
        stay = set(important[: limit - 1])
        rest = [node for place, node in enumerate(column) if place not in stay]
        card = _card_for_the_rest(number, rest)
        behind.update((node["id"], card["id"]) for node in rest)
        shown.append([node for place, node in enumerate(column) if place in stay] + [card])
    if not behind:
        return shown, edges
    joined = dict.fromkeys((behind.get(source, source), behind.get(target, target)) for source, target in edges)
    return shown, [edge for edge in joined if edge[0] != edge[1]]


def _card_for_the_rest(number, rest):
    return {
        "id": f"more,{number}",
        "lane": rest[0]["lane"],
        "rank": rest[0]["rank"],
        "aside": True,
        "root": False,
        "more": len(rest),
        "members": [node["id"] for node in rest],
    }


def ordered(found, edges):
    """The same columns with their cards sorted so that lines cross seldom: each goes where its neighbours are."""
    position, home = {}, {}
    for number, column in enumerate(found):
        for node in column:
            home[node["id"]] = number
        _settle(column, position)
    left, right = defaultdict(list), defaultdict(list)
    for source, target in edges:
        if source in home and target in home and home[source] != home[target]:
            first, last = sorted((source, target), key=home.get)
            right[first].append(last)
            left[last].append(first)
    result = [list(column) for column in found]
    for sweep in range(SWEEPS):
        beside = left if sweep % 2 == 0 else right
        for column in result if sweep % 2 == 0 else reversed(result):
            column.sort(key=lambda node, beside=beside: _centre(node["id"], beside, position))
            _settle(column, position)
    return result


def _settle(column, position):
    middle = (len(column) - 1) / 2
    position.update((node["id"], place - middle) for place, node in enumerate(column))


def _centre(id_, beside, position):
    near = beside.get(id_)
    return sum(position[other] for other in near) / len(near) if near else position[id_]


def wrapped(found):
    """Columns of at most `MAX_ROWS` cards; the rest of a longer one stands right of it."""
    return [column[start : start + MAX_ROWS] for column in found for start in range(0, len(column), MAX_ROWS)]
