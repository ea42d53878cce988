"""Charts as self-contained SVG text, for wkhtmltopdf and for browsers.

Rules that hold for every function:

1. Plain data in, text out, the same text for the same data. Nothing is fetched, nothing runs, every word is escaped.
2. `show` turns a number of the axis into words with its unit ("86 %"); a row's own `text` wins for its value.
3. None is no value: it is written as such (the row's `text`), never drawn as zero. Without any value the picture says
   `empty`, words that the caller has translated.
4. The axis covers all data, targets and limits; labels are measured for Latin and Chinese and do not overlap.
5. What is exceptional has another shape, not only another colour. Tones: "data", "good", "bad", "warn".
6. The root carries `data-kind` and `data-scale` ("value place value place"), marks of data carry `data-mark` (the
   number of the row), so that a test can compute each value back.

Numbers that are not finite raise ValueError.
"""

import re

from . import chart_parts as part
from .chart_rows import bars, intervals, stacked
from .chart_scale import counted, finite, thinned, ticks
from .trace_text import lines_of, width_of

__all__ = ["bars", "draw", "intervals", "line", "pareto", "sparkline", "stacked", "zoomed"]
SMALL = 11


def plain(value):
    """A number as short as it can be written.

    >>> plain(3.0), plain(2.50)
    ('3', '2.5')
    """
    return f"{value:g}"


def zoomed(svg, factor):
    """The same picture larger or smaller, letters too.

    >>> zoomed('<svg width="100" height="50" viewBox="0 0 100 50">', 1.5)
    '<svg width="150" height="75" viewBox="0 0 100 50">'
    """
    head, end, rest = svg.partition(">")
    for name in ("width", "height"):
        head = re.sub(rf' {name}="([\d.]+)"', lambda m, n=name: f' {n}="{part.number(float(m[1]) * factor)}"', head)
    return head + end + rest


def draw(chart, show=plain, empty="", width=640):
    """A chart that is kept as data: `{"kind": "bars" | "line" | "intervals" | "pareto" | "stacked" | "sparkline", ...}`
    with the arguments of the function of that name.

    >>> draw({"kind": "bars", "rows": [{"label": "A", "value": 1}]}) == bars([{"label": "A", "value": 1}])
    True

    :raise ValueError: there is no chart of that kind
    """
    known = {
        "bars": bars, "line": line, "intervals": intervals, "pareto": pareto, "stacked": stacked,
        "sparkline": sparkline,
    }  # fmt: skip
    if chart.get("kind") not in known:
        raise ValueError(f"no chart of kind {chart.get('kind')!r}")
    given = {name: value for name, value in chart.items() if name != "kind"}
    return known[chart["kind"]](**{"show": show, "empty": empty, "width": width, **given})


def line(
    points, show=plain, empty="", width=640, height=240, target=None, target_text="", phases=(), moments=(), title=""
):
    """A series over time.

    :param points: `{"label", "value" or None, "flag": words or ""}`; a flag makes a diamond with its words beside it
    :param target: a number, drawn dashed, with `target_text` at its right end
    :param phases: `{"start", "end"` (places of points, inclusive)`, "low", "mean", "high"` (each may be missing)`,
        "text"}`: frozen limits, drawn over their points only
    :param moments: `{"at": place of a point, "text"}`: upright lines, "new procedure in force"

    >>> text = line([{"label": "Jan", "value": 3}, {"label": "Feb", "value": None}, {"label": "Mar", "value": 5}])
    >>> text.count("<circle"), text.count("<polyline")
    (2, 0)
    """
    values = [finite(point.get("value")) for point in points]
    if not any(value is not None for value in values):
        return part.nothing("line", width, empty, title)
    limits = [finite(phase.get(name)) for phase in phases for name in ("low", "mean", "high")]
    known = [value for value in [*values, *limits, finite(target)] if value is not None]
    steps = ticks(min(known), max(known), 5, counted(known))
    left = part.column([show(step) for step in steps], SMALL, width * 0.25) + 10
    note_room = part.column([target_text], SMALL, width * 0.25) + 10 if target is not None and target_text else 14
    # Above the field: the words of the phases, over them those of the moments.
    row = 16 if any(phase.get("text") for phase in phases) else 0
    top, bottom = 12 + row + (16 if moments else 0), height - 26
    right = width - max(note_room, 14)
    y_of = _scale(steps[0], bottom, steps[-1], top)
    gap = (right - left - 16) / max(len(points) - 1, 1)
    x_of = [left + 8 + gap * place if len(points) > 1 else (left + right) / 2 for place in range(len(points))]
    parts = _grid(steps, y_of, left, right, show)
    parts += _labels_below([point.get("label", "") for point in points], x_of, gap, width, height - 8)
    parts += _phases(phases, x_of, y_of, top, right)
    for moment in moments:
        x = x_of[max(0, min(int(moment["at"]), len(points) - 1))]
        parts.append(part.line(x, top - row - 16, x, bottom, "ink", 1.5))
        parts.append(_beside(x, top - row - 7, moment.get("text", ""), width, bold=True))
    if target is not None:
        y = y_of(target)
        parts.append(part.line(left, y, right, y, "good", 1.5, "6 4", mark="target"))
        if target_text:
            words = part.one_line(target_text, width - right - 6, SMALL)
            parts.append(part.text(right + 5, min(max(y + 4, 12), height - 14), words, SMALL, tone="good"))
    parts += _series(points, values, x_of, y_of, width)
    return part.drawing("line", width, height, parts, title, (steps[0], bottom, steps[-1], top))


def _scale(low, at_low, high, at_high):
    return lambda value: at_low + (value - low) * (at_high - at_low) / (high - low)


def _grid(steps, y_of, left, right, show):
    parts = []
    for step in steps:
        y = y_of(step)
        parts.append(part.line(left, y, right, y, "grid"))
        words = part.one_line(show(step), left - 6, SMALL)
        parts.append(part.text(left - 6, y + 4, words, SMALL, "end", "muted"))
    return parts


def _labels_below(labels, x_of, gap, width, y):
    """As many labels as there is room for; none reaches over the edge."""
    labels = [part.one_line(label, 110, SMALL) for label in labels]
    widths = [width_of(label, SMALL) for label in labels]
    parts, taken = [], 0.0
    for place in thinned(widths, gap):
        half = widths[place] / 2
        x = max(half + 1, min(x_of[place], width - half - 1))
        if labels[place] and x - half >= taken:
            parts.append(part.text(x, y, labels[place], SMALL, "middle", "muted"))
            taken = x + half + 6
    return parts


def _phases(phases, x_of, y_of, top, right):
    parts, free = [], 0.0
    for phase in phases:
        first, last = (x_of[max(0, min(int(phase[name]), len(x_of) - 1))] for name in ("start", "end"))
        for name, tone, thick, dash in (
            ("low", "muted", 1.2, "4 4"), ("high", "muted", 1.2, "4 4"), ("mean", "ink", 1.4, ""),
        ):  # fmt: skip
            value = finite(phase.get(name))
            if value is not None:
                parts.append(part.line(first, y_of(value), last, y_of(value), tone, thick, dash, mark=name))
        words = part.one_line(phase.get("text", ""), right - max(first, free), SMALL)
        if words and max(first, free) + width_of(words, SMALL) <= right:
            parts.append(part.text(max(first, free), top - 5, words, SMALL, tone="muted"))
            free = max(first, free) + width_of(words, SMALL) + 8
    return parts


def _beside(x, y, words, width, bold=False, tone="ink"):
    """Words right of a place, or left of it where there is more room."""
    if width - x >= x or width_of(words, SMALL) * part.BOLD < width - x - 12:
        return part.text(
            x + 8, y, part.one_line(words, (width - x - 10) / part.BOLD, SMALL), SMALL, bold=bold, tone=tone
        )
    return part.text(x - 8, y, part.one_line(words, (x - 10) / part.BOLD, SMALL), SMALL, "end", bold=bold, tone=tone)


def _series(points, values, x_of, y_of, width):
    """Runs of known values joined; where a value is missing the line is broken."""
    parts, run = [], []
    for x, value in [*zip(x_of, values, strict=True), (0, None)]:
        if value is not None:
            run.append((x, y_of(value)))
            continue
        if len(run) > 1:
            parts.append(part.polyline(run))
        run = []
    for place, (point, x, value) in enumerate(zip(points, x_of, values, strict=True)):
        if value is None:
            continue
        if point.get("flag"):
            parts.append(part.diamond(x, y_of(value), mark=str(place)))
            parts.append(_beside(x + 2, y_of(value) + 4, point["flag"], width))
        else:
            parts.append(part.dot(x, y_of(value), mark=str(place)))
    return parts


def pareto(rows, show=plain, empty="", width=640, height=300, share="", title=""):
    """Bars in the order given (largest first) and the line of what they add up to, which ends at 100 %.

    :param rows: `{"label", "value" (not negative), "text" (written over the bar)}`
    :param share: the words of the axis at the right, e.g. "share of all"

    >>> text = pareto([{"label": "Parts late", "value": 3}, {"label": "Wrong address", "value": 1}])
    >>> text.count('data-mark="bar'), text.count('data-mark="sum')
    (2, 2)

    :raise ValueError: a negative value
    """
    values = [finite(row.get("value")) or 0.0 for row in rows]
    if any(value < 0 for value in values):
        raise ValueError("a Pareto chart has no negative values")
    total = sum(values)
    if not total:
        return part.nothing("pareto", width, empty, title)
    steps = ticks(0, max(values), 5, counted(values))
    left = part.column([show(step) for step in steps], SMALL, width * 0.2) + 10
    right = width - 48
    slot = (right - left) / len(rows)
    labels = [lines_of(row.get("label", ""), max(slot - 6, 12), SMALL, 3) for row in rows]
    every = 1 if slot >= 30 else max(1, int(30 // slot) + 1)
    top = 26
    bottom = height - 10 - 14 * max([len(lines) for lines in labels] + [1])
    y_of, share_of = _scale(0, bottom, steps[-1], top), _scale(0, bottom, 100, top)
    parts = _grid(steps, y_of, left, right, show)
    for percent in (0, 50, 100):
        parts.append(part.text(right + 6, share_of(percent) + 4, f"{percent} %", SMALL, tone="muted"))
    if share:
        parts.append(part.text(width - 2, 11, part.one_line(share, width / 2, SMALL), SMALL, "end", "muted"))
    summed, sums = 0.0, []
    for place, (row, value) in enumerate(zip(rows, values, strict=True)):
        x = left + slot * place
        bar = max(slot * 0.7, 1)
        y = y_of(value)
        parts.append(part.rect(x + (slot - bar) / 2, y, bar, bottom - y, "data", mark=f"bar{place}"))
        summed += value
        sums.append((x + slot / 2, share_of(100 * summed / total)))
        words = str(row.get("text") or show(value))
        if width_of(words, SMALL) <= slot:
            parts.append(part.text(x + slot / 2, max(y - 4, top - 8), words, SMALL, "middle", bold=True))
        if place % every == 0:
            for number, words in enumerate(labels[place]):
                parts.append(part.text(x + slot / 2, bottom + 14 * (number + 1), words, SMALL, "middle", "muted"))
    parts.append(part.polyline(sums, "bad", 1.6))
    parts += [part.diamond(x, y, "bad", 4, mark=f"sum{place}") for place, (x, y) in enumerate(sums)]
    return part.drawing("pareto", width, height, parts, title, (0, bottom, steps[-1], top))


def sparkline(values, width=120, height=28, empty="", show=plain, title=""):
    """A series as small as a word: no axis, the last value has a dot.

    :param values: numbers or None, oldest first

    >>> sparkline([1, 2, None, 3]).count("<circle")
    1
    """
    known = [finite(value) for value in values]
    rest = [value for value in known if value is not None]
    if not rest:
        words = part.one_line(empty, width - 4, SMALL)
        return part.drawing(
            "sparkline", width, height, [part.text(2, height / 2 + 4, words, SMALL, tone="muted")], title
        )
    low, high = min(rest), max(rest)
    y_of = _scale(low, height - 4, high, 4) if high > low else lambda value: height / 2
    step = (width - 10) / max(len(known) - 1, 1)
    places = [(5 + step * place, value) for place, value in enumerate(known)]
    parts, run = [], []
    for x, value in [*places, (0, None)]:
        if value is not None:
            run.append((x, y_of(value)))
            continue
        if len(run) > 1:
            parts.append(part.polyline(run, width=1.6))
        run = []
    place, (x, value) = [(place, spot) for place, spot in enumerate(places) if spot[1] is not None][-1]
    parts.append(part.dot(x, y_of(value), mark=str(place)))
    return part.drawing("sparkline", width, height, parts, title, (low, height - 4, high, 4) if high > low else None)
