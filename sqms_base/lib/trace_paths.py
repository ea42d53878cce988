"""Lines of a trace: from card to card, and the arcs of the gates above them."""

from bisect import bisect_right
from collections import defaultdict

PORT = 22  # between two lines that end at the same card
ROOM = 6  # between a line and a card that it passes
RISE = 60  # from the cards to the first arc
STACK = 38  # from arc to arc
MAX_ARCS = 5
LABEL = 16  # half the height of a gate's label


def edge_paths(edges, shown, found):
    """Lines as `{"source", "target", "path", "ys"}`: `path` in steps, `ys` how far it goes up and down.

    1. Forward: from the right side of a card to the left side of the next, spread over its side.
    2. A line over several columns keeps clear of the cards between, if there is a clear way.
    3. Backward, or within one column: around below.

    >>> card = {"y": 0, "w": 10, "h": 40}
    >>> shown = {"a": {**card, "id": "a", "x": 0, "column": 0}, "b": {**card, "id": "b", "x": 50, "column": 1}}
    >>> lines = edge_paths([("a", "b")], shown, [[{"id": "a"}], [{"id": "b"}]])
    >>> [(line["source"], line["target"], line["ys"]) for line in lines]
    [('a', 'b', [20.0, 20.0])]
    """
    ends = [(shown[source], shown[target]) for source, target in edges if source in shown and target in shown]
    ends = [(source, target) for source, target in ends if source["id"] != target["id"]]
    leaving, arriving = _ports(ends, 0), _ports(ends, 1)
    cover = [_Column(column, shown) for column in found]
    lines = []
    for source, target in ends:
        if target["column"] <= source["column"]:
            path, ys = _around(source, target)
        else:
            key = (source["id"], target["id"])
            start = (source["x"] + source["w"], leaving[key])
            end = (target["x"], arriving[key])
            path, ys = _forward(start, end, cover[source["column"] + 1 : target["column"]])
        lines.append({"source": source["id"], "target": target["id"], "path": path, "ys": ys})
    return lines


def _middle(card):
    return card["y"] + card["h"] / 2


def _ports(ends, side):
    """`{(source id, target id): y}` where each line meets the card of this side (0 leaves, 1 arrives)."""
    by_card = defaultdict(list)
    for pair in ends:
        if pair[1]["column"] > pair[0]["column"]:
            by_card[pair[side]["id"]].append(pair)
    result = {}
    for pairs in by_card.values():
        card = pairs[0][side]
        pairs.sort(key=lambda pair: _middle(pair[1 - side]))
        # The line that runs straight on stays in the middle, the others pass above and below it.
        straight = min(range(len(pairs)), key=lambda place: abs(_middle(pairs[place][1 - side]) - _middle(card)))
        step = min(PORT, (card["h"] / 2 - 10) / max(straight, len(pairs) - 1 - straight, 1))
        for place, (source, target) in enumerate(pairs):
            result[source["id"], target["id"]] = _middle(card) + (place - straight) * step
    return result


class _Column:
    """The cards of a column, to be asked where a line may pass."""

    def __init__(self, column, shown):
        cards = sorted((shown[node["id"]] for node in column), key=lambda card: card["y"])
        self.tops = [card["y"] - ROOM for card in cards]
        self.bottoms = [card["y"] + card["h"] + ROOM for card in cards]
        self.left = cards[0]["x"] - 8
        self.right = cards[0]["x"] + cards[0]["w"] + 8
        self.gap = (self.bottoms[0] + self.tops[1]) / 2 if len(cards) > 1 else None

    def is_free(self, y):
        place = bisect_right(self.tops, y) - 1
        return place < 0 or y >= self.bottoms[place]

    def ways(self):
        """Heights just above, between and just below its cards."""
        return [self.tops[0] - ROOM, self.bottoms[-1] + ROOM] + ([self.gap] if self.gap is not None else [])


def _forward(start, end, between):
    (x1, y1), (x2, y2) = start, end
    if not between or all(column.is_free(y1) and column.is_free(y2) for column in between) and abs(y1 - y2) < 1:
        return [("M", x1, y1), ("C", *_bend(x1, y1, x2, y2))], [y1, y2]
    ways = {y1, y2, *(y for column in between[:12] for y in column.ways())}
    wanted = sorted(ways, key=lambda y: (abs(y - y1) + abs(y - y2), y))
    y = next((y for y in wanted if all(column.is_free(y) for column in between)), None)
    if y is None:
        return [("M", x1, y1), ("C", *_bend(x1, y1, x2, y2))], [y1, y2]
    left, right = between[0].left, between[-1].right
    return [
        ("M", x1, y1), ("C", *_bend(x1, y1, left, y)), ("L", right, y), ("C", *_bend(right, y, x2, y2)),
    ], [y1, y, y2]  # fmt: skip


def _bend(x1, y1, x2, y2):
    half = (x2 - x1) / 2
    return (x1 + half, y1, x2 - half, y2, x2, y2)


def _around(source, target):
    """From below one card to below the other."""
    x1, y1 = source["x"] + source["w"] / 2, source["y"] + source["h"]
    x2, y2 = target["x"] + target["w"] / 2, target["y"] + target["h"]
    if source["column"] == target["column"]:
        x1 = x2 = source["x"] + source["w"]
        y1, y2 = _middle(source), _middle(target)
        return [("M", x1, y1), ("C", x1 + 20, y1, x2 + 20, y2, x2, y2)], [y1, y2]
    depth = max(y1, y2) + RISE
    return [("M", x1, y1), ("C", x1, depth, x2, depth, x2, y2)], [y1, y2, depth]


def gate_arcs(gates, shown, found):
    """Arcs from what must be done to what waits for it: `{"index", "source", "target", "path", "x", "y"}`.

    Arcs that span the same columns go one above the other, at most `MAX_ARCS` of them; the label stands on
    the middle of its arc. A gate with one end only has no arc, its label stands on the card.
    """
    arcs, taken = [], []
    tops = [min(shown[node["id"]]["y"] for node in column) for column in found]
    for index, (source_id, target_id) in enumerate(gates):
        source, target = shown.get(source_id), shown.get(target_id)
        if not source or len(arcs) == MAX_ARCS:
            continue
        first, last = sorted((source["column"], (target or source)["column"]))
        y = min(tops[first : last + 1]) - (RISE if target and target is not source else LABEL + 4)
        while any(first <= end and begin <= last and abs(y - other) < STACK for begin, end, other in taken):
            y -= STACK
        taken.append((first, last, y))
        x1 = source["x"] + source["w"] / 2
        arc = {
            "index": index,
            "source": source_id,
            "target": target["id"] if target else None,
            "path": [],
            "x": x1,
            "y": y,
        }
        if target and target is not source:
            x2 = target["x"] + target["w"] / 2
            height = (8 * y - source["y"] - target["y"]) / 6
            arc["path"] = [("M", x1, source["y"]), ("C", x1, height, x2, height, x2, target["y"])]
            arc["x"] = (x1 + x2) / 2
        arcs.append(arc)
    return arcs
