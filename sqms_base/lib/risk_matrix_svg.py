"""The risk matrix as SVG for print: five by five cells, words on both axes, the level in words in each cell."""

from .risk_level import LEVELS
from .trace_text import lines_of, xml_text

# Fill, edge and text of a level; the text stands out 7 to 1 and more, and the word stands in the cell as well.
COLOURS = {
    "low": ("#e3f1e6", "#7fb08a", "#14381d"),
    "medium": ("#fff3cd", "#c9a227", "#3d2c00"),
    "high": ("#fde0cc", "#cf7a3a", "#4a1f00"),
    "extreme": ("#f5c9cd", "#b4414b", "#4d0a12"),
}
WIDTH_OF_EDGE = {"low": 1, "medium": 1, "high": 2, "extreme": 3}
CELL_W, CELL_H = 112, 58
LEFT, TOP = 132, 34
FONT = "font-family=\"'Noto Sans CJK SC', 'DejaVu Sans', sans-serif\""


def svg(matrix, words):
    """The matrix as text.

    :param matrix: "rows" as of `risk_level.grid` with a "label" for the level in each cell, "likelihood" and "impact"
        (lists of `{"value", "name"}`, lowest first), "total" and "unrated"
    :param words: "title", "likelihood", "impact", "total" and "unrated", the last two with `%(count)s`

    >>> from .risk_level import grid
    >>> rows = [[{**cell, "label": cell["level"]} for cell in row] for row in grid({(4, 4): 3})]
    >>> axis = [{"value": step, "name": f"<{step}>"} for step in range(1, 6)]
    >>> words = {"title": "Risks", "likelihood": "L", "impact": "I", "total": "%(count)s", "unrated": "%(count)s"}
    >>> text = svg({"rows": rows, "likelihood": axis, "impact": axis, "total": 3, "unrated": 0}, words)
    >>> text.count("<rect"), "&lt;5&gt;" in text, "<5>" in text, ">3</text>" in text, "var(" in text
    (25, True, False, True, False)
    """
    width, height = LEFT + 5 * CELL_W + 8, TOP + 5 * CELL_H + 74
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"',
        f'viewBox="0 0 {width} {height}" role="img" {FONT}>',
        f"<title>{xml_text(words['title'])}</title>",
        f"<desc>{xml_text(_summary(matrix, words))}</desc>",
        _text(LEFT, 20, words["likelihood"] + " ↑", 12, "end", "#1f2328", "bold"),
    ]
    names = {step["value"]: step["name"] for step in matrix["likelihood"]}
    for place, row in enumerate(matrix["rows"]):
        y = TOP + place * CELL_H
        parts += _step(LEFT - 10, y + CELL_H / 2, row[0]["likelihood"], names, "end", LEFT - 16)
        for column, cell in enumerate(row):
            parts += _cell(LEFT + column * CELL_W, y, cell)
    names = {step["value"]: step["name"] for step in matrix["impact"]}
    below = TOP + 5 * CELL_H + 18
    for column in range(5):
        parts += _step(LEFT + (column + 0.5) * CELL_W, below, column + 1, names, "middle", CELL_W - 6)
    parts.append(_text(LEFT + 5 * CELL_W, below + 36, words["impact"] + " →", 12, "end", "#1f2328", "bold"))
    parts.append(_text(LEFT, below + 36, _facts(matrix, words), 11, "start", "#424a53"))
    return "\n".join([*parts, "</svg>", ""])


def _facts(matrix, words):
    facts = [words["total"] % {"count": matrix["total"]}]
    facts += [words["unrated"] % {"count": matrix["unrated"]}] if matrix["unrated"] else []
    return " · ".join(facts)


def _summary(matrix, words):
    """What the picture says, for whoever hears it."""
    cells = [cell for row in matrix["rows"] for cell in row]
    counts = {level: sum(cell["count"] for cell in cells if cell["level"] == level) for level in LEVELS}
    labels = {cell["level"]: cell["label"] for cell in cells}
    told = [f"{labels[level]} {counts[level]}" for level in reversed(LEVELS) if level in labels]
    return "; ".join([_facts(matrix, words), *told])


def _cell(x, y, cell):
    fill, edge, ink = COLOURS[cell["level"]]
    yield (
        f'<rect x="{x + 2}" y="{y + 2}" width="{CELL_W - 4}" height="{CELL_H - 4}" rx="4" fill="{fill}"'
        f' stroke="{edge}" stroke-width="{WIDTH_OF_EDGE[cell["level"]]}"/>'
    )
    yield _text(x + 10, y + CELL_H - 12, cell["label"], 10, "start", ink)
    if cell["count"]:
        yield _text(x + CELL_W - 12, y + 28, cell["count"], 20, "end", ink, "bold")


def _step(x, y, value, names, anchor, room):
    lines = lines_of(names.get(value, ""), room, 11, 1)
    yield _text(x, y - 2, value, 12, anchor, "#1f2328", "bold")
    yield _text(x, y + 12, lines[0] if lines else "", 11, anchor, "#424a53")


def _text(x, y, text, size, anchor, ink, weight="normal"):
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" fill="{ink}">'
        f"{xml_text(text) if text != 0 else 0}</text>"
    )
