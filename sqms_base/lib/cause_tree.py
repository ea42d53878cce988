"""The 5-why tree: what counts as a why, and where its boxes stand, in pixels. One layout for screen and print."""

import html
import re
import unicodedata
from collections import defaultdict

GAP_X = 20
GAP_Y = 14
HEAD_GAP = 20  # between the problem and the first whys, room for the bar that joins them
ASIDE_GAP = 34  # above what was ruled out: it hangs on nothing
MOST = 2000  # whys in one drawing

_TAG = re.compile(r"<[^<>]*>")


def is_filled(text):
    """Whether a text says something: a letter or a digit in any script, beside blanks, tags and signs.

    >>> [is_filled(text) for text in ("Rust", "停电", "7", " ", "<p><br></p>", "&nbsp;", chr(0x200B), "?!", None)]
    [True, True, True, False, False, False, False, False, False]
    """
    words = _TAG.sub(" ", html.unescape(str(text or "")))
    return any(unicodedata.category(character)[0] in "LN" for character in words)


def arranged(nodes):
    """The nodes from top to bottom, each after the one above it: `[(node, level, ids below), ...]`.

    Every node comes exactly once. One whose parent is not among them, or that stands in a circle, begins a branch.

    :param nodes: dicts with "id" and "parent" (an id or nothing), in their order

    >>> [(node["id"], level, below) for node, level, below in arranged([{"id": 2, "parent": 1}, {"id": 1}])]
    [(1, 1, [2]), (2, 2, [])]
    """
    by_id = {node["id"]: node for node in nodes}
    below, heads = defaultdict(list), []
    for node in by_id.values():
        parent = node.get("parent")
        if parent in by_id and parent != node["id"]:
            below[parent].append(node["id"])
        else:
            heads.append(node["id"])
    found, seen = [], set()

    def walk(head):
        stack = [(head, 1)]
        while stack:
            id_, level = stack.pop()
            if id_ in seen:
                continue
            seen.add(id_)
            own = [child for child in below[id_] if child not in seen]
            found.append((by_id[id_], level, own))
            stack += [(child, level + 1) for child in reversed(own)]

    for head in heads:
        walk(head)
    for id_ in by_id:
        if id_ not in seen:
            walk(id_)
    return found


def levels(nodes):
    """`{id: number of the why}`, 1 right below the problem.

    >>> levels([{"id": "a"}, {"id": "b", "parent": "a"}, {"id": "c", "parent": "b"}])
    {'a': 1, 'b': 2, 'c': 3}
    """
    return {node["id"]: level for node, level, _below in arranged(nodes)}


def layout(nodes, head, width):
    """Lay a tree out: the problem on top, below it one column for each last why.

    1. No two boxes overlap, every node has one box, and a why stands below what it explains.
    2. What was ruled out at once hangs on nothing and stands below the shortest column.
    3. The same nodes in the same order give the same picture.

    :param nodes: dicts with "id", "parent", "h" (the height its words need) and "verdict"
    :param head: height of the box with the problem
    :param width: of a box
    :return: `{"width", "height", "columns", "head", "boxes", "lines"}`. Boxes: "id", "level", "aside", "x", "y", "w",
        "h". Lines: "source" (None: the problem), "target", and the "path" between them.

    >>> picture = layout([{"id": 1, "h": 40}, {"id": 2, "parent": 1, "h": 40}], 30, 200)
    >>> [(box["id"], box["x"], box["y"]) for box in picture["boxes"]], picture["height"]
    ([(1, 0, 50), (2, 0, 104)], 144)
    >>> [line["path"] for line in picture["lines"]]
    ['M100 30V40H100V50', 'M100 90V97H100V104']
    """
    order = arranged(nodes)
    heads = [node["id"] for node, level, _below in order if level == 1]
    alone = {node["id"] for node, level, below in order if level == 1 and not below}
    asides = [node for node, _level, _below in order if node["id"] in alone and node.get("verdict") == "ruled_out"]
    if len(asides) == len(heads):
        asides = []
    aside_ids = {node["id"] for node in asides}
    drawn = [entry for entry in order if entry[0]["id"] not in aside_ids]
    span, columns = _spans(drawn)
    step = width + GAP_X
    boxes = {}
    bottoms = [head] * max(columns, 1)
    top = {}
    for node, level, below in drawn:
        first, count = span[node["id"]]
        y = top.get(node["id"], head + HEAD_GAP)
        x = first * step + (count - 1) * step / 2
        boxes[node["id"]] = _box(node, level, x, y, width)
        bottom = y + node["h"]
        for column in range(first, first + count):
            bottoms[column] = bottom
        for child in below:
            top[child] = bottom + GAP_Y
    for node in asides:
        column = min(range(len(bottoms)), key=lambda number: (bottoms[number], -number))
        y = bottoms[column] + (ASIDE_GAP if not _is_aside_above(boxes, column * step, bottoms[column]) else GAP_Y)
        boxes[node["id"]] = {**_box(node, 1, column * step, y, width), "aside": True}
        bottoms[column] = y + node["h"]
    whole = max(columns, 1) * step - GAP_X
    return {
        "width": _whole(whole),
        "height": _whole(max([head, *bottoms])),
        "columns": max(columns, 1),
        "head": {"x": 0, "y": 0, "w": _whole(whole), "h": head},
        "boxes": [boxes[node["id"]] for node, _level, _below in order],
        "lines": _lines(drawn, boxes, head, whole),
    }


def _spans(order):
    """`({id: (first column, how many)}, columns)`: a column for each last why."""
    leaves = defaultdict(int)
    for node, _level, below in reversed(order):
        leaves[node["id"]] = sum(leaves[child] for child in below) or 1
    span, next_head = {}, 0
    for node, level, below in order:
        id_ = node["id"]
        if level == 1:
            span[id_] = (next_head, leaves[id_])
            next_head += leaves[id_]
        first = span[id_][0]
        for child in below:
            span[child] = (first, leaves[child])
            first += leaves[child]
    return span, next_head


def _box(node, level, x, y, width):
    return {"id": node["id"], "level": level, "aside": False, "x": _whole(x), "y": y, "w": width, "h": node["h"]}


def _is_aside_above(boxes, x, bottom):
    return any(box["aside"] and box["x"] == x and box["y"] + box["h"] == bottom for box in boxes.values())


def _lines(order, boxes, head, whole):
    lines = []
    for node, level, below in order:
        box = boxes[node["id"]]
        if level == 1:
            middle = head + HEAD_GAP / 2
            lines.append(_line(None, node["id"], _centre(box) if whole == box["w"] else whole / 2, head, middle, box))
        bottom = box["y"] + box["h"]
        for child in below:
            lines.append(_line(node["id"], child, _centre(box), bottom, bottom + GAP_Y / 2, boxes[child]))
    return lines


def _line(source, target, x, bottom, middle, box):
    path = f"M{x:g} {bottom:g}V{middle:g}H{_centre(box):g}V{box['y']:g}"
    return {"source": source, "target": target, "path": path}


def _centre(box):
    return box["x"] + box["w"] / 2


def _whole(number):
    return int(number) if number == int(number) else number
