"""Charts with one row for each thing: bars, intervals, stacks. Called by way of `chart_svg`."""

from . import chart_parts as part
from .chart_scale import counted, finite, thinned, ticks
from .trace_text import lines_of, width_of

SMALL = 11
SIZE = 12


def _plain(value):
    return f"{value:g}"


def bars(rows, show=_plain, empty="", width=640, target=None, target_text="", title=""):
    """Lying bars: a label, the bar, its value in words.

    :param rows: `{"label", "value" or None, "text" (the value in words), "tone"}`; a row without a value has only words
    :param target: a number, drawn as a dashed upright line, `target_text` above it

    >>> text = bars([{"label": "Late", "value": 2, "text": "2 of 9"}, {"label": "New", "value": None, "text": "none"}])
    >>> text.count('data-mark="'), "2 of 9" in text, "none" in text
    (1, True, True)
    """
    values = [finite(row.get("value")) for row in rows]
    if not any(value is not None for value in values):
        return part.nothing("bars", width, empty, title)
    known = [value for value in [0.0, *values, finite(target)] if value is not None]
    words = _words(rows, values, show)
    frame = _Frame(rows, words, known, show, width, target_text if target is not None else "")
    parts = frame.grid()
    if target is not None:
        parts += frame.upright(target, target_text, "good", "6 4")
    zero = frame.x_of(0)
    for place, (row, value) in enumerate(zip(rows, values, strict=True)):
        parts += frame.label(place, row)
        middle = frame.middle(place)
        if value is not None:
            x = frame.x_of(value)
            tone = row.get("tone") if row.get("tone") in part.TONES else "data"
            parts.append(part.rect(min(x, zero), middle - 7, abs(x - zero), 14, tone, mark=str(place)))
        room = frame.words
        parts.append(part.text(width - 2, middle + 4, part.one_line(words[place], room, SIZE), SIZE, "end", bold=True))
    parts.append(part.line(zero, frame.top, zero, frame.bottom, "axis"))
    return part.drawing("bars", width, frame.height, parts, title, frame.scale)


def intervals(rows, show=_plain, empty="", width=640, reference=None, reference_text="", title=""):
    """A dot with its interval for each row, against one line for all.

    :param rows: `{"label", "value" or None, "low", "high" (or None), "text" (the value), "detail" (what it is of),
        "tone"}`; any other tone than "data" has a square instead of a dot
    :param reference: a number, drawn upright, `reference_text` above it ("all 4.1")

    >>> text = intervals([{"label": "Ningbo", "value": 5.2, "low": 4.2, "high": 6.4, "tone": "bad"}], reference=4.1)
    >>> text.count("<circle"), text.count('data-mark="0"')
    (0, 1)
    """
    values = [finite(row.get("value")) for row in rows]
    if not any(value is not None for value in values):
        return part.nothing("intervals", width, empty, title)
    ends = [finite(row.get(name)) for row in rows for name in ("low", "high")]
    known = [value for value in [*values, *ends, finite(reference)] if value is not None]
    words = _words(rows, values, show)
    details = [str(row.get("detail") or "") for row in rows]
    frame = _Frame(rows, [*words, *details], known, show, width, reference_text if reference is not None else "", 44)
    parts = frame.grid()
    if reference is not None:
        parts += frame.upright(reference, reference_text, "ink", "")
    for place, (row, value) in enumerate(zip(rows, values, strict=True)):
        parts += frame.label(place, row)
        middle = frame.middle(place)
        tone = row.get("tone") if row.get("tone") in part.TONES else "data"
        low, high = finite(row.get("low")), finite(row.get("high"))
        if value is not None and low is not None and high is not None:
            parts.append(part.line(frame.x_of(low), middle, frame.x_of(high), middle, tone, 3.5, mark=f"span{place}"))
        if value is not None:
            x = frame.x_of(value)
            if tone == "data":
                parts.append(part.dot(x, middle, tone, 5.5, mark=str(place)))
            else:
                parts.append(part.rect(x - 5.5, middle - 5.5, 11, 11, tone, mark=str(place)))
        up = -2 if details[place] else 4
        parts.append(
            part.text(width - 2, middle + up, part.one_line(words[place], frame.words, SIZE), SIZE, "end", bold=True)
        )
        if details[place]:
            short = part.one_line(details[place], frame.words, SMALL)
            parts.append(part.text(width - 2, middle + 13, short, SMALL, "end", "muted"))
    return part.drawing("intervals", width, frame.height, parts, title, frame.scale)


def stacked(rows, series=(), show=_plain, empty="", width=640, title=""):
    """Lying bars put together from parts; the kinds differ in lightness and hatching, not only in colour.

    :param rows: `{"label", "values": [number or None, one for each of the series], "text" (of the sum)}`
    :param series: what the parts are called, at most six

    >>> text = stacked([{"label": "2026", "values": [1, 3]}], ["Prevention", "External failure"])
    >>> text.count('data-mark="0.')
    2

    :raise ValueError: negative values, or another number of values than of series
    """
    table = [[finite(value) for value in row["values"]] for row in rows]
    if any(len(values) != len(series) for values in table) or len(series) > 6:
        raise ValueError("each row of a stack has one value for each of at most six series")
    if any(value < 0 for values in table for value in values if value is not None):
        raise ValueError("a stack has no negative parts")
    if not any(value for values in table for value in values):
        return part.nothing("stacked", width, empty, title)
    sums = [sum(value or 0.0 for value in values) for values in table]
    words = [str(row.get("text") or show(total)) for row, total in zip(rows, sums, strict=True)]
    legend, below = _legend(series, width)
    frame = _Frame(rows, words, [0.0, *sums], show, width, "", top=below + 6)
    parts = [*legend, *frame.grid()]
    for place, (row, values) in enumerate(zip(rows, table, strict=True)):
        parts += frame.label(place, row)
        middle, at = frame.middle(place), 0.0
        for kind, value in enumerate(values):
            if value:
                x, end = frame.x_of(at), frame.x_of(at + value)
                parts.append(part.hatched(x, middle - 8, end - x, 16, kind, mark=f"{place}.{kind}"))
                at += value
        parts.append(
            part.text(width - 2, middle + 4, part.one_line(words[place], frame.words, SIZE), SIZE, "end", bold=True)
        )
    return part.drawing("stacked", width, frame.height, parts, title, frame.scale)


def _words(rows, values, show):
    """What is written for each value: the row's own text, else the number; nothing where there is neither."""
    return [
        str(row.get("text") or (show(value) if value is not None else ""))
        for row, value in zip(rows, values, strict=True)
    ]


def _legend(series, width):
    parts, x, y = [], 0.0, 4
    for kind, name in enumerate(series):
        words = part.one_line(name, width - 26, SMALL)
        wide = 20 + width_of(words, SMALL)
        if x and x + wide > width:
            x, y = 0.0, y + 18
        parts.append(part.hatched(x, y, 14, 12, kind))
        parts.append(part.text(x + 19, y + 10, words, SMALL))
        x += wide + 14
    return parts, y + 16


class _Frame:
    """Where rows, columns and axis of a chart lie: labels left, the field, words right, the axis below."""

    def __init__(self, rows, words, known, show, width, heading, row_height=26, top=0):
        self.width, self.show = width, show
        self.words = part.column([f"{word}" for word in words], SIZE * part.BOLD, width * 0.28)
        most = width * 0.36
        labels = [str(row.get("label") or "") for row in rows]
        self.left = part.column(labels, SIZE, most) + 12
        self.lines = [lines_of(label, self.left - 10, SIZE, 2) for label in labels]
        if any(len(lines) > 1 for lines in self.lines):
            row_height = max(row_height, 36)
        self.right = width - self.words - 16
        self.row_height = row_height
        self.top = top + (20 if heading else 4)
        self.bottom = self.top + row_height * len(rows)
        self.height = self.bottom + 22
        # As many steps as labels find room side by side.
        for most_steps in (7, 5, 4, 3, 2):
            self.steps = ticks(min(known), max(known), most_steps, counted(known))
            widest = max(width_of(show(step), SMALL) for step in self.steps) + 12
            if widest * (len(self.steps) - 1) <= self.right - self.left:
                break
        self.scale = (self.steps[0], self.left, self.steps[-1], self.right)

    def x_of(self, value):
        low, at_low, high, at_high = self.scale
        return at_low + (value - low) * (at_high - at_low) / (high - low)

    def middle(self, place):
        return self.top + self.row_height * (place + 0.5)

    def grid(self):
        parts = []
        names = [part.one_line(self.show(step), 120, SMALL) for step in self.steps]
        widths = [width_of(name, SMALL) for name in names]
        gap = (self.right - self.left) / (len(self.steps) - 1)
        written = set(thinned(widths, gap, 8))
        for place, step in enumerate(self.steps):
            x = self.x_of(step)
            parts.append(part.line(x, self.top, x, self.bottom, "grid"))
            if place in written:
                half = widths[place] / 2
                at = max(half + 1, min(x, self.width - half - 1))
                parts.append(part.text(at, self.bottom + 15, names[place], SMALL, "middle", "muted"))
        return parts

    def upright(self, value, words, tone, dash):
        x = self.x_of(value)
        parts = [part.line(x, self.top - 4, x, self.bottom, tone, 1.5, dash, mark="reference")]
        words = part.one_line(words, self.width - 4, SMALL)
        if words:
            half = width_of(words, SMALL) / 2
            at = max(half + 1, min(x, self.width - half - 1))
            parts.append(part.text(at, self.top - 8, words, SMALL, "middle", tone))
        return parts

    def label(self, place, row):
        lines = self.lines[place]
        first = self.middle(place) + 4 - 7 * (len(lines) - 1)
        return [part.text(0, first + 14 * number, words, SIZE) for number, words in enumerate(lines)]
