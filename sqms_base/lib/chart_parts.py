"""What charts are put together from: texts, lines, bars and signs as SVG elements."""

from .trace_text import lines_of, width_of, xml_text

# Presentation attributes serve the printer; on the screen the variables of the page take over (light and dark).
COLOURS = {
    "ink": ("#1f2328", "body-color"),
    "muted": ("#59636e", "secondary-color"),
    "grid": ("#d8dee4", "border-color"),
    "axis": ("#59636e", "secondary-color"),
    "paper": ("#ffffff", "body-bg"),
    "data": ("#0b5cad", "info-text-emphasis"),
    "bad": ("#9b1c31", "danger-text-emphasis"),
    "good": ("#17692f", "success-text-emphasis"),
    "warn": ("#7a5200", "warning-text-emphasis"),
    "soft": ("#c9dcf2", "info-border-subtle"),
    "pale": ("#eef1f4", "tertiary-bg"),
}
TONES = ("data", "bad", "good", "warn")
STYLE = "".join(
    f".sqms-chart .{what}-{name}{{{what}:var(--{variable},var(--bs-{variable},{plain}))}}"
    for name, (plain, variable) in COLOURS.items()
    for what in ("fill", "stroke")
)
WIDER = 1.08
BOLD = 1.09  # how much wider letters are in bold


def number(value):
    """A length with at most two decimals.

    >>> number(3.0), number(2.3456), number(-0.001)
    ('3', '2.35', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def fill(tone):
    return f'class="fill-{tone}" fill="{COLOURS[tone][0]}"'


def stroke(tone, width=1.0, dash=""):
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'class="stroke-{tone}" stroke="{COLOURS[tone][0]}" stroke-width="{number(width)}" fill="none"{dashed}'


def text(x, y, words, size=12, anchor="start", tone="ink", bold=False):
    """One line of text; `y` is its baseline."""
    weight = ' font-weight="bold"' if bold else ""
    side = f' text-anchor="{anchor}"' if anchor != "start" else ""
    at = f'x="{number(x)}" y="{number(y)}" font-size="{number(size)}"'
    return f"<text {fill(tone)} {at}{side}{weight}>{xml_text(words)}</text>"


def line(x1, y1, x2, y2, tone="grid", width=1.0, dash="", mark=""):
    place = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
    return f"<line {stroke(tone, width, dash)} {place}{_mark(mark)}/>"


def rect(x, y, w, h, tone="data", mark="", edge=""):
    outline = f' stroke="{COLOURS[edge][0]}"' if edge else ""
    place = f'x="{number(x)}" y="{number(y)}" width="{number(max(w, 0))}" height="{number(max(h, 0))}"'
    return f"<rect {fill(tone)}{outline} {place}{_mark(mark)}/>"


def polyline(points, tone="data", width=2.0, mark=""):
    places = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return f'<polyline {stroke(tone, width)} stroke-linejoin="round" points="{places}"{_mark(mark)}/>'


def dot(x, y, tone="data", size=3.0, mark=""):
    """A round sign for what is as usual; what is not has another shape, so that colour is never the only difference."""
    return f'<circle {fill(tone)} cx="{number(x)}" cy="{number(y)}" r="{number(size)}"{_mark(mark)}/>'


def diamond(x, y, tone="bad", size=6.0, mark=""):
    corners = " ".join(
        f"{number(px)},{number(py)}" for px, py in ((x, y - size), (x + size, y), (x, y + size), (x - size, y))
    )
    return f'<polygon {fill(tone)} points="{corners}"{_mark(mark)}/>'


def _mark(name):
    return f' data-mark="{xml_text(name)}"' if name else ""


def hatched(x, y, w, h, kind, mark=""):
    """A field of a stack: each kind differs in lightness and in its lines, so that grey paper tells them apart."""
    tone = ("data", "soft", "pale", "paper", "muted", "soft")[kind % 6]
    parts = [rect(x, y, w, h, tone, mark=mark, edge="data")]
    if kind % 6 in (1, 5) and w > 4:
        steps = int(w // 6)
        parts += [line(x + 6 * place, y, x + 6 * place, y + h, "data", 1) for place in range(1, steps + 1)]
    if kind % 6 in (2, 5) and w > 2:
        parts += [line(x, y + 5 * place, x + w, y + 5 * place, "data", 1) for place in range(1, int(h // 5) + 1)]
    return "".join(parts)


def column(words, size, most, least=0.0):
    """The width that a column of words takes, at most `most`; the font of the page may be wider than the estimate."""
    return min(max([WIDER * width_of(word, size) for word in words if word] + [least]), most)


def one_line(words, width, size):
    """The words as far as they fit into one line."""
    return (lines_of(words, width, size, 1) or [""])[0]


def drawing(kind, width, height, parts, title="", scale=None):
    """The whole picture.

    :param scale: `(value, place, value, place)`: two values of the axis and where they lie, so that whoever reads the
        file can compute each value back
    """
    measure = f' data-scale="{" ".join(f"{value:.10g}" for value in scale)}"' if scale else ""
    size = f'width="{number(width)}" height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}"'
    more = f'role="img" aria-label="{xml_text(title)}" {size} font-family="sans-serif"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="sqms-chart" data-kind="{kind}"{measure} {more}>',
            f"<style>{STYLE}</style>",
            f"<title>{xml_text(title)}</title>",
            *parts,
            "</svg>",
        ]
    )


def nothing(kind, width, words, title=""):
    """The picture of what there is no data for: it says so, and draws no axis."""
    words = one_line(words, width - 24, 13)
    frame = f'<rect {stroke("grid")} x="0.5" y="0.5" width="{number(width - 1)}" height="55" rx="4"/>'
    return drawing(kind, width, 56, [frame, text(width / 2, 33, words, 13, "middle", "muted")], title)
