"""Where everything of a trace stands, in pixels: cards, lines, gates, headings. One layout for screen and SVG."""

from .trace_columns import collapse, columns, ordered, wrapped
from .trace_link import LANES
from .trace_paths import edge_paths, gate_arcs
from .trace_story import main_line, neighbours

WIDTH, TALL, SMALL = 136, 176, 76
GAP_X, GAP_Y = 22, 30
MAX_TALL = 3  # full cards above each other
EDGE = 4  # room for the frame of a card at the rim
HEAD = 40  # headings of the lanes


def layout(nodes, edges, gates=(), limit=None):
    """Lay a trace out.

    1. Left to right along the story; the main line in one row, side branches, small, above and below it.
    2. No two cards overlap. The same trace gives the same picture.
    3. Gates are arcs above everything they span.

    :param nodes: dicts with "id", "rank", "lane" and "root", as `trace()` gives them
    :param edges: (source, target) pairs of ids
    :param gates: (source, target) pairs of ids; a target that is not drawn is None, so is the source of a gate
        that is passed
    :param limit: cards in one column, the rest behind one card “+480 more”; None shows all
    :return: `{"width", "height", "nodes": [...], "edges": [...], "gates": [...], "lanes": [...]}`. Nodes come
        in reading order, column by column, with "x", "y", "w", "h", "column", "aside", and "more" and
        "members" for a card that stands for many. Edges: "source", "target", "path". Gates: "index",
        "source", "target", "path" (empty without an arc), "x", "y" of the middle of their label. Lanes: "lane",
        "x", "w".

    >>> nodes = [{"id": i, "rank": r, "lane": "happened", "root": r == 10} for i, r in (("a", 10), ("n", 20))]
    >>> picture = layout(nodes, [("a", "n")])
    >>> [(card["id"], card["x"], card["aside"]) for card in picture["nodes"]]
    [('a', 4, False), ('n', 162, False)]
    """
    line = main_line(nodes, edges)
    ends = {id_ for source, target in gates if source for id_ in (source, target)}
    kept = ends | line if limit and len(line) <= limit else ends | {n["id"] for n in nodes if n["root"]}
    slim = [
        {
            **{name: node[name] for name in ("id", "rank", "lane", "root")},
            "aside": node["id"] not in line or node.get("restricted", False),
        }
        for node in nodes
    ]
    found, edges = collapse(columns(slim, edges), edges, kept, limit)
    found = wrapped(ordered(found, edges))
    spine = _spine(found, edges, ends)
    cards = _place(_lowered(found, spine), spine, ends)
    shown = {card["id"]: card for card in cards}
    arcs = gate_arcs(gates, shown, found)
    lines = edge_paths(edges, shown, found)
    return _framed(cards, lines, arcs)


def _spine(found, edges, ends):
    """The one card of each column that stands in the middle row, `{column number: id}`."""
    following, leading = neighbours(edges)
    start = next((number for number, column in enumerate(found) for node in column if node["root"]), None)
    if start is None:
        return {}
    spine = {start: next(node["id"] for node in found[start] if node["root"])}
    for numbers, beside in ((range(start + 1, len(found)), leading), (range(start - 1, -1, -1), following)):
        last = spine[start]
        for number in numbers:
            able = [node["id"] for node in found[number] if not node["aside"]]
            if able:
                last = min(able, key=lambda id_, last=last, beside=beside: (last not in beside[id_], id_ not in ends))
                spine[number] = last
    return spine


def _lowered(found, spine):
    """Where many of the main line stand above each other, all but the middle one are drawn small."""
    return [
        [{**node, "aside": node["aside"] or node["id"] != spine.get(number)} for node in column]
        if sum(not node["aside"] for node in column) > MAX_TALL
        else column
        for number, column in enumerate(found)
    ]


def _place(found, spine, ends):
    """Cards with their corners, the middle row around zero."""
    cards = []
    for number, column in enumerate(found):
        middle = spine.get(number)
        # As little as possible stands between a gate and its arc.
        sides = sorted((node for node in column if node["id"] != middle), key=lambda node: node["id"] not in ends)
        held = sum(node["id"] in ends for node in sides)
        above = held if middle in ends else max(held, len(sides) // 2)
        x = EDGE + number * (WIDTH + GAP_X)
        placed = _upwards(sides[:above], x)
        if middle is not None:
            node = next(node for node in column if node["id"] == middle)
            placed.append({**node, "x": x, "y": -TALL / 2, "w": WIDTH, "h": TALL})
        placed += _downwards(sides[above:], x)
        cards += [{**card, "column": number} for card in placed]
    return cards


def _upwards(nodes, x):
    placed, y = [], -TALL / 2
    for node in reversed(nodes):
        height = _height(node)
        y -= GAP_Y + height
        placed.append({**node, "x": x, "y": y, "w": WIDTH, "h": height})
    return placed[::-1]


def _downwards(nodes, x):
    placed, y = [], TALL / 2
    for node in nodes:
        y += GAP_Y
        placed.append({**node, "x": x, "y": y, "w": WIDTH, "h": _height(node)})
        y += placed[-1]["h"]
    return placed


def _height(node):
    return SMALL if node["aside"] else TALL


def _framed(cards, lines, arcs):
    """Everything moved so that it starts below the headings."""
    reach = [y for line in lines for y in line["ys"]]
    top = min([card["y"] for card in cards] + [arc["y"] - 20 for arc in arcs] + reach, default=0)
    bottom = max([card["y"] + card["h"] for card in cards] + reach, default=0)
    shift = HEAD + 24 - top
    for card in cards:
        card["y"] = _round(card["y"] + shift)
    right = max((card["x"] + card["w"] for card in cards), default=0)
    return {
        "width": right + EDGE,
        "height": _round(bottom + shift + 16),
        "nodes": cards,
        "edges": [
            {"source": line["source"], "target": line["target"], "path": svg_path(line["path"], shift)}
            for line in lines
        ],
        "gates": [
            {**arc, "x": _round(arc["x"]), "y": _round(arc["y"] + shift), "path": svg_path(arc["path"], shift)}
            for arc in arcs
        ],
        "lanes": _lanes(cards),
    }


def _lanes(cards):
    result = []
    for lane in LANES:
        own = [card for card in cards if card["lane"] == lane]
        if own:
            x = min(card["x"] for card in own)
            result.append({"lane": lane, "x": x, "w": max(card["x"] + card["w"] for card in own) - x})
    return result


def svg_path(steps, shift=0):
    """SVG path of `[(letter, x, y, x, y...), ...]`, moved down."""
    return " ".join(
        letter + " ".join(f"{_round(n + shift if place % 2 else n):g}" for place, n in enumerate(numbers))
        for letter, *numbers in steps
    )


def _round(number):
    rounded = round(number, 1)
    return int(rounded) if rounded == int(rounded) else rounded
