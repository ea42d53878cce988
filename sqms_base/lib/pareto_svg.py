"""A Pareto chart as SVG for print: bars by size, the cumulative share above them."""

from .trace_text import lines_of, xml_text

WIDTH = 640
HEIGHT = 330
LEFT = 46
RIGHT = 44
TOP = 22
FOOT = 78  # room for the labels
SIZE = 11


def svg(rows, words):
    """The chart as text, for a page of A4.

    :param rows: what `pareto.pareto` gave, with "text", the value in words
    :param words: "title", "values" (what the bars count), "share" (what the line shows), "empty"

    >>> from .pareto import pareto
    >>> rows = [{**row, "text": str(row["value"])} for row in pareto([(1, "<Rust>", 3), (2, "Dust", 1)])]
    >>> text = svg(rows, {"title": "Causes", "values": "cases", "share": "share", "empty": "none"})
    >>> "&lt;Rust&gt;" in text, "<Rust>" in text, "100 %" in text
    (True, False, True)
    """
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{WIDTH}" height="{HEIGHT}"',
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="{SIZE}">',
        f"<title>{xml_text(words['title'])}</title>",
    ]
    bottom = HEIGHT - FOOT
    if not rows:
        parts.append(f'<text x="{LEFT}" y="{TOP + 20}" fill="#59636e">{xml_text(words["empty"])}</text>')
        return "\n".join([*parts, "</svg>", ""])
    for percent in (0, 20, 40, 60, 80, 100):
        y = _y(percent, bottom)
        dash = ' stroke-dasharray="5 3"' if percent == 80 else ""
        parts.append(f'<path fill="none" stroke="#d0d5db"{dash} d="M{LEFT} {y:g}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text fill="#59636e" x="{WIDTH - RIGHT + 4}" y="{y + 4:g}">{percent} %</text>')
    step = (WIDTH - LEFT - RIGHT) / len(rows)
    total = sum(row["value"] for row in rows)
    # The bars share the scale of the line: all of them together are 100 %.
    points = []
    for number, row in enumerate(rows):
        x = LEFT + number * step
        parts += _bar(row, x, step, bottom, total)
        points.append((x + step / 2, _y(row["cumulative"], bottom)))
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    parts.append(f'<path fill="none" stroke="#9a6700" stroke-width="2" d="M{line}"/>')
    parts += [f'<circle fill="#9a6700" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points]
    parts.append(f'<text fill="#59636e" x="{LEFT - 40}" y="12">{xml_text(words["values"])}</text>')
    parts.append(f'<text fill="#9a6700" text-anchor="end" x="{WIDTH}" y="12">{xml_text(words["share"])}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _y(percent, bottom):
    return bottom - (bottom - TOP) * percent / 100


def _bar(row, x, step, bottom, total):
    top = _y(100 * row["value"] / total, bottom)
    fill = "#714b67" if row["vital"] else "#b6bbc4"
    gap = min(step * 0.14, 12)
    yield (
        f'<rect fill="{fill}" x="{x + gap:.1f}" y="{top:.1f}" width="{step - 2 * gap:.1f}"'
        f' height="{max(bottom - top, 0):.1f}"><title>{xml_text(row["label"])}</title></rect>'
    )
    yield (
        f'<text fill="#1f2328" text-anchor="middle" x="{x + step / 2:.1f}" y="{top - 4:.1f}">'
        f"{xml_text(row['text'])}</text>"
    )
    for number, line in enumerate(lines_of(row["label"], step - 6, SIZE, 4)):
        yield (
            f'<text fill="#1f2328" text-anchor="middle" x="{x + step / 2:.1f}" y="{bottom + 15 + 14 * number:.1f}">'
            f"{xml_text(line)}</text>"
        )
