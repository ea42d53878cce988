"""Where everything of a process map stands, in pixels. One layout for screen, PDF and web page."""

from collections import Counter, defaultdict

from .process_graph import layers
from .trace_columns import ordered
from .trace_layout import svg_path
from .trace_paths import edge_paths

BANDS = ("management", "core", "support")  # from top to bottom
WIDTH = 138  # of a box
GAP_X = 104  # room for what is handed over
GAP_Y = 18
HEAD = 30  # name of a band
PAD = 14
PILLAR = 104  # the customer, at both ends of the core
SPACE = 16  # between bands
PORT = 22  # between two arrows that end at the same box
LABEL = GAP_X - 18  # longest label of an arrow


def layout(nodes, edges):
    """Lay a landscape of processes out.

    1. Managing processes on top, the core between the customer's need and the satisfied customer, support below.
    2. Every arrow goes forward: whatever hands over stands left of whatever takes over.
    3. No two boxes overlap; the same processes give the same picture, in whatever order they come.
    4. What may stand in several columns goes where its band is lowest.

    :param nodes: dicts with "id" (sortable), "band" (one of `BANDS`) and "h", the height that its words need
    :param edges: (source, target) pairs of ids, without circles
    :return: `{"width", "height", "nodes", "edges", "bands", "pillars"}`. Nodes: "id", "band", "column", "x", "y",
        "w", "h". Edges: "source", "target", "path", the end of its label, "x" and "y", and its "lines". Bands and
        pillars ("need", "satisfied"): "x", "y", "w", "h". A label may have two lines where no other arrow ends.

    >>> picture = layout([{"id": 1, "band": "core", "h": 60}, {"id": 2, "band": "core", "h": 60}], [(1, 2)])
    >>> [(box["id"], box["x"], box["y"]) for box in picture["nodes"]]
    [(1, 134, 30), (2, 376, 30)]
    >>> picture["edges"][0]["path"]
    'M272 60 C324 60 324 60 376 60'
    """
    nodes = sorted(nodes, key=lambda node: node["id"])
    known = {node["id"] for node in nodes}
    edges = sorted({(s, t) for s, t in edges if s in known and t in known})
    found = _columns(nodes, edges)
    boxes, bands, bottom = _place(found, edges)
    shown = {box["id"]: box for box in boxes}
    lines = edge_paths(edges, shown, found)
    arriving = Counter(target for _source, target in edges)
    right = max((box["x"] + box["w"] for box in boxes), default=PILLAR + 2 * PAD) + PAD
    low = max([bottom, *(y + PAD for line in lines for y in line["ys"])])
    width = right + SPACE + PILLAR if any(band["band"] == "core" for band in bands) else right
    return {
        "width": width,
        "height": low,
        "nodes": boxes,
        "edges": [
            {
                "source": line["source"],
                "target": line["target"],
                "path": svg_path(line["path"]),
                "x": line["path"][-1][-2] - 10,
                "y": line["path"][-1][-1] - 4,
                "lines": 1 if arriving[line["target"]] > 1 else 2,
            }
            for line in lines
        ],
        "bands": [{**band, "w": (right if band["band"] == "core" else width) - band["x"]} for band in bands],
        "pillars": [
            {"which": which, "x": x, "y": band["y"], "w": PILLAR, "h": band["h"]}
            for band in bands
            if band["band"] == "core"
            for which, x in (("need", 0), ("satisfied", right + SPACE))
        ],
    }


def _columns(nodes, edges):
    """Boxes by column, left to right, those of the bands above each other, sorted so that arrows cross seldom."""
    columns = _spread(nodes, edges)
    used = sorted(set(columns.values()))
    found = [
        [{"id": node["id"], "band": node["band"], "h": node["h"]} for node in nodes if columns[node["id"]] == number]
        for number in used
    ]
    # Sorting is stable: within a band the order that crosses least stays.
    return [sorted(column, key=lambda node: BANDS.index(node["band"])) for column in ordered(found, edges)]


def _spread(nodes, edges):
    """`{id: column}`: no earlier than the longest way allows, else where fewest of the band stand."""
    depth = layers([node["id"] for node in nodes], edges)
    last = max(depth.values(), default=0)
    following, leading = defaultdict(list), defaultdict(list)
    for source, target in edges:
        following[source].append(target)
        leading[target].append(source)
    crowd = defaultdict(int)
    loose = []
    for node in nodes:
        if following[node["id"]] or leading[node["id"]]:
            crowd[node["band"], depth[node["id"]]] += 1
        else:
            loose.append(node)
    for node in nodes:
        id_, band = node["id"], node["band"]
        if not following[id_] or leading[id_]:
            continue
        # What starts a chain stands right before what it feeds, as far as its band has room there.
        latest = min(depth[target] for target in following[id_]) - 1
        _settle(id_, band, range(latest, depth[id_] - 1, -1), depth, crowd)
    for node in loose:
        crowd[node["band"], depth[node["id"]]] += 1
        _settle(node["id"], node["band"], range(last + 1), depth, crowd)
    return depth


def _settle(id_, band, columns, depth, crowd):
    crowd[band, depth[id_]] -= 1
    depth[id_] = min(columns, key=lambda column: crowd[band, column])
    crowd[band, depth[id_]] += 1


def _place(found, edges):
    """Boxes with their corners, band below band."""
    arriving = Counter(target for _source, target in edges)
    leaving = Counter(source for source, _target in edges)
    bands, boxes, top = [], [], 0
    has_core = any(node["band"] == "core" for column in found for node in column)
    left = PILLAR + SPACE + PAD if has_core else PAD
    for name in BANDS:
        stacks = [[node for node in column if node["band"] == name] for column in found]
        if not any(stacks):
            continue
        sized = [
            [{**node, "h": max(node["h"], PORT * max(arriving[node["id"]], leaving[node["id"]]) + 20)} for node in own]
            for own in stacks
        ]
        room = max(_tall(own) for own in sized)
        for number, own in enumerate(sized):
            y = top + HEAD + (room - _tall(own)) / 2
            for node in own:
                x = left + number * (WIDTH + GAP_X)
                boxes.append({**node, "column": number, "x": x, "y": round(y), "w": WIDTH})
                y += node["h"] + GAP_Y
        height = HEAD + room + PAD
        bands.append({"band": name, "x": PILLAR + SPACE if name == "core" else 0, "y": top, "h": height})
        top += height + SPACE
    return boxes, bands, top - SPACE if bands else 0


def _tall(stack):
    return sum(node["h"] for node in stack) + GAP_Y * max(len(stack) - 1, 0)
