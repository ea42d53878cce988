"""A trace as an SVG file: text that can be selected and searched, colours that follow the page around it."""

from .trace_layout import GAP_X
from .trace_text import lines_of, width_of, xml_text

# Light unless a page that shows the file sets Bootstrap's variables, or asks for dark.
STYLE = """
.trace { font-family: var(--bs-body-font-family, system-ui, sans-serif); font-size: 12px; }
.trace text { fill: var(--bs-body-color, #1f2328); }
.trace .muted { fill: var(--bs-secondary-color, #59636e); }
.trace .strong { font-weight: 600; }
.trace .page { fill: var(--bs-body-bg, #ffffff); }
.trace .card { fill: var(--bs-body-bg, #ffffff); stroke: var(--bs-border-color, #c4c8d0); }
.trace .aside { fill: var(--bs-tertiary-bg, #f6f8fa); }
.trace .root { stroke: var(--bs-primary, #714b67); stroke-width: 2; }
.trace .held { fill: var(--bs-warning-bg-subtle, #fff8e6); stroke: #9a6700; stroke-width: 2; stroke-dasharray: 6 4; }
.trace .restricted { stroke-dasharray: 2 3; }
.trace .line { fill: none; stroke: #6e7781; stroke-width: 1.6; }
.trace .gate { fill: none; stroke: #9a6700; stroke-width: 1.8; stroke-dasharray: 6 4; }
.trace .label { fill: var(--bs-warning-bg-subtle, #fff1cc); stroke: #9a6700; }
.trace .label-text { fill: var(--bs-warning-text-emphasis, #5c3c00); }
.trace .rule { stroke: var(--bs-border-color, #d8dee4); stroke-width: 2; }
.trace .secondary { fill: var(--bs-secondary-bg, #e7eaee); }
.trace .success { fill: var(--bs-success-bg-subtle, #d4edda); }
.trace .warning { fill: var(--bs-warning-bg-subtle, #fff1cc); }
.trace .danger { fill: var(--bs-danger-bg-subtle, #f8d7da); }
.trace .info { fill: var(--bs-info-bg-subtle, #d5ecf7); }
"""
SIGNS = {"success": "✓", "warning": "!", "danger": "✕", "info": "•", "secondary": ""}
MARGIN = 16
LINE = 17


def svg(picture, nodes, gates, words):
    """The file as text.

    :param picture: what `trace_layout.layout` gave
    :param nodes: the nodes of the trace
    :param gates: its gates
    :param words: "title", "summary", "restricted", "more" (with %s), and "lanes": `{lane: (heading, fact)}`
    """
    by_id = {node["id"]: node for node in nodes}
    held = {gate["source"] for gate in gates if gate["open"]}
    width, height = picture["width"] + 2 * MARGIN, picture["height"] + 2 * MARGIN
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" class="trace" role="group" aria-labelledby="trace-title trace-desc"',
        f'width="{width:g}" height="{height:g}" viewBox="{-MARGIN} {-MARGIN} {width:g} {height:g}">',
        f'<title id="trace-title">{xml_text(words["title"])}</title>',
        f'<desc id="trace-desc">{xml_text(words["summary"])}</desc>',
        f"<style>{STYLE}</style>",
        "<defs>",
        *(arrow(f"trace-{name}", colour) for name, colour in (("line", "#6e7781"), ("gate", "#9a6700"))),
        "</defs>",
        f'<rect class="page" x="{-MARGIN}" y="{-MARGIN}" width="{width:g}" height="{height:g}"/>',
    ]
    for lane in picture["lanes"]:
        parts += _heading(lane, *words["lanes"][lane["lane"]])
    parts += [_line(edge, edge["source"] in held) for edge in picture["edges"]]
    parts += [_card(place, by_id.get(place["id"]), place["id"] in held, words) for place in picture["nodes"]]
    for place in picture["gates"]:
        parts += _gate(place, gates[place["index"]])
    return "\n".join([*parts, "</svg>", ""])


def arrow(id_, colour):
    """The head of a line, as a marker of an SVG file."""
    return (
        f'<marker id="{id_}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
        f'orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="{colour}"/></marker>'
    )


def _line(edge, is_held):
    style = "gate" if is_held else "line"
    return f'<path class="{style}" marker-end="url(#trace-{style})" d="{edge["path"]}"/>'


def _heading(lane, heading, fact):
    right = lane["x"] + lane["w"]
    yield f'<text class="strong" x="{lane["x"]}" y="14" font-size="15">{xml_text(heading)}</text>'
    if fact and lane["w"] > width_of(heading, 15) + width_of(fact, 12) + GAP_X:
        yield f'<text class="muted" x="{right}" y="14" text-anchor="end">{xml_text(fact)}</text>'
    yield f'<path class="rule" d="M{lane["x"]} 28H{right}"/>'


def _card(place, node, is_held, words):
    classes = " ".join(
        name
        for name, is_so in (
            ("card", True), ("aside", place["aside"]), ("root", place["root"]),
            ("held", is_held), ("restricted", bool(node and node["restricted"])),
        )
        if is_so
    )  # fmt: skip
    rows = _rows(place, node, words)
    texts, y = [], place["y"] + 8
    for style, size, line in rows:
        y += LINE
        words_at = f'x="{place["x"] + 10}" y="{y - 2:g}"'
        texts.append(f'<text class="{style}" font-size="{size}" {words_at}>{xml_text(line)}</text>')
    if node and node["badge"] and not place["aside"]:
        texts += _badge(place, node["badge"])
    full = " · ".join(filter(None, (node["kind"], node["number"], node["title"], node["detail"]))) if node else ""
    return "\n".join([
        "<g>",
        f"<title>{xml_text(full or rows[0][2])}</title>",
        f'<rect class="{classes}" x="{place["x"]}" y="{place["y"]:g}"',
        f'width="{place["w"]}" height="{place["h"]}" rx="4"/>',
        *texts,
        "</g>",
    ])  # fmt: skip


def _rows(place, node, words):
    """(class, size, text) of each line of a card."""
    width = place["w"] - 20
    if not node:
        return [("strong", 13, words["more"] % place["more"])]
    if node["restricted"]:
        return [("muted", 12, words["restricted"])]
    most = 1 if place["aside"] else 3
    rows = [("muted", 12, line) for line in lines_of(node["kind"], width, 12, 1)]
    rows += [("strong", 13, line) for line in lines_of(node["number"], width, 13, 1)]
    rows += [("", 12, line) for line in lines_of(node["title"], width, 12, most)]
    if not place["aside"]:
        rows += [("muted", 12, line) for line in lines_of(node["detail"], width, 12, 2)]
    return rows


def _badge(place, badge):
    tone = badge["tone"] if badge["tone"] in SIGNS else "secondary"
    (line,) = lines_of(f"{SIGNS[tone]} {badge['text']}", place["w"] - 38, 12, 1) or [""]
    y = place["y"] + place["h"] - 34
    width = width_of(line, 12) + 18
    yield f'<rect class="{tone}" x="{place["x"] + 10}" y="{y:g}" width="{width:.0f}" height="22" rx="11"/>'
    yield f'<text x="{place["x"] + 19}" y="{y + 15:g}">{xml_text(line)}</text>'


def _gate(place, gate):
    (line,) = lines_of(gate["label"] or gate["text"], 260, 12, 1) or [""]
    width = width_of(line, 12) + 42
    x, y = place["x"] - width / 2, place["y"]
    if place["path"]:
        yield f'<path class="gate" marker-end="url(#trace-gate)" d="{place["path"]}"/>'
    yield "<g>"
    yield f"<title>{xml_text(gate['text'])}</title>"
    yield f'<rect class="label" x="{x:.1f}" y="{y - 13:g}" width="{width:.0f}" height="26" rx="13"/>'
    if gate["open"]:
        yield f'<path class="label-text" d="M{x + 13:.1f} {y - 1:g}h10v7h-10z"/>'
        yield (f'<path class="gate" style="stroke-dasharray:none" d="M{x + 15:.1f} {y - 1:g}v-3a3 3 0 0 1 6 0v3"/>')
    yield f'<text class="label-text" x="{x + 28:.1f}" y="{y + 4:g}">{xml_text(line)}</text>'
    yield "</g>"
