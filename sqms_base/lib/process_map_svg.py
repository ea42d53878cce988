"""A process map as SVG: on the screen it takes the colours of the page, in print it has plain ones."""

from .process_map import HEAD, LABEL, PAD, WIDTH, layout
from .trace_svg import arrow
from .trace_text import lines_of, width_of, xml_text

# Each colour twice: engines without variables (print) drop the second. Odoo's pages name them without prefix.
COLOURS = (
    ("text", "fill", "#1f2328", "body-color"),
    (".muted", "fill", "#59636e", "secondary-color"),
    (".band", "fill", "#f6f8fa", "tertiary-bg"),
    (".box", "fill", "#ffffff", "body-bg"),
    (".box", "stroke", "#c4c8d0", "border-color"),
    (".service", "stroke", "#714b67", "primary"),
    (".pillar", "fill", "#e7eaee", "secondary-bg"),
    (".gap", "stroke", "#9a6700", "warning-text-emphasis"),
    (".note", "fill", "#fff1cc", "warning-bg-subtle"),
    (".note-text", "fill", "#5c3c00", "warning-text-emphasis"),
    (".plain", "fill", "#e7eaee", "secondary-bg"),
    (".halo", "stroke", "#f6f8fa", "tertiary-bg"),
)
STYLE = "\n".join(
    [
        ".sqms-map { font-family: system-ui, 'Noto Sans CJK SC', sans-serif; font-size: 12px; }",
        ".sqms-map { font-family: var(--body-font-family, var(--bs-body-font-family, system-ui, sans-serif)); }",
        *(
            f".sqms-map {who} {{ {what}: {plain}; {what}: var(--{variable}, var(--bs-{variable}, {plain})); }}"
            for who, what, plain, variable in COLOURS
        ),
        ".sqms-map .strong { font-weight: 600; }",
        ".sqms-map .gap { stroke-width: 2; stroke-dasharray: 6 4; }",
        ".sqms-map .line { fill: none; stroke: #6e7781; stroke-width: 1.6; }",
        ".sqms-map .halo { fill: none; stroke-width: 4; stroke-linejoin: round; }",
        ".sqms-map a:focus-visible { outline: none; }",
        ".sqms-map a:hover .box, .sqms-map a:focus-visible .box { stroke-width: 3; }",
    ]
)
BAND_OF = {"management": "management", "service": "core", "production": "core", "support": "support"}
MARGIN = 12
LINE = 16
INNER = WIDTH - 20
BOLD = 14.5  # as wide as 13 in bold, with room for wide fonts
MARKER = "sqms-map-arrow"


def svg(processes, flows, words):
    """The map as text.

    :param processes: dicts with "id", "code", "name", "kind", "person", "missing", "is_draft", "meets_customer"
        and "href" (nothing: the box is no link)
    :param flows: dicts with "source", "target" and "name", what is handed over
    :param words: "title", "summary", "draft", "meets_customer", "hands_over", "something_missing", "empty", and
        "bands" and "pillars", `{name: heading}`

    >>> words = dict.fromkeys(["title", "summary", "draft", "meets_customer", "hands_over", "something_missing"], "w")
    >>> words |= {"bands": {"core": "Core"}, "pillars": {"need": "Need", "satisfied": "Content"}, "empty": "Nothing"}
    >>> box = {"id": 1, "code": "P1", "name": "<Repair>", "kind": "service", "person": "", "missing": "", "href": ""}
    >>> text = svg([{**box, "is_draft": False, "meets_customer": True}], [], words)
    >>> "&lt;Repair&gt;" in text, "<Repair>" in text
    (True, False)
    """
    by_id = {process["id"]: process for process in processes}
    names = {(flow["source"], flow["target"]): flow["name"] for flow in flows}
    nodes = [
        {"id": place, "band": BAND_OF[process["kind"]], "h": _height(process)}
        for place, process in enumerate(processes)
    ]
    place_of = {process["id"]: place for place, process in enumerate(processes)}
    picture = layout(
        nodes,
        [(place_of[s], place_of[t]) for s, t in names if s in place_of and t in place_of],
    )
    ids = list(by_id)
    legend = _legend(processes, words, picture["height"] + 26)
    width = max(picture["width"], 640) + 2 * MARGIN
    height = picture["height"] + 2 * MARGIN + 34
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" class="sqms-map" role="group" aria-labelledby="sqms-map-title"',
        f'width="{width:g}" height="{height:g}" viewBox="{-MARGIN} {-MARGIN} {width:g} {height:g}">',
        f'<title id="sqms-map-title">{xml_text(words["title"])}</title>',
        f"<desc>{xml_text(words['summary'])}</desc>",
        f"<style>{STYLE}</style>",
        f"<defs>{arrow(MARKER, '#6e7781')}</defs>",
    ]
    for band in picture["bands"]:
        parts += _band(band, words["bands"][band["band"]])
    for pillar in picture["pillars"]:
        parts += _pillar(pillar, words["pillars"][pillar["which"]])
    parts += [_line(edge) for edge in picture["edges"]]
    for edge in picture["edges"]:
        source, target = by_id[ids[edge["source"]]], by_id[ids[edge["target"]]]
        parts.append(_handed_over(edge, names[source["id"], target["id"]], source, target))
    parts += [_box(box, by_id[ids[box["id"]]], words) for box in picture["nodes"]]
    if not processes:
        parts.append(f'<text class="muted" x="0" y="20">{xml_text(words["empty"])}</text>')
    return "\n".join([*parts, *legend, "</svg>", ""])


def _height(process):
    rows = 1 + len(_name_lines(process)) + bool(process["person"])
    return 14 + rows * LINE + (26 if process["missing"] or process["is_draft"] else 0)


def _name_lines(process):
    return lines_of(process["name"], INNER, BOLD, 3)


def _band(band, heading):
    yield (
        f'<rect class="band" fill="#f6f8fa" x="{band["x"]}" y="{band["y"]:g}" width="{band["w"]:g}"'
        f' height="{band["h"]:g}" rx="8"/>'
    )
    yield f'<text class="strong" font-size="13" x="{band["x"] + PAD}" y="{band["y"] + HEAD - 11:g}">'
    yield f"{xml_text(heading)}</text>"


def _pillar(pillar, heading):
    """An arrow-shaped field: from the customer, to the customer."""
    x, y, w, h = pillar["x"], pillar["y"], pillar["w"], pillar["h"]
    tip = 14
    yield (
        f'<path class="pillar" fill="#e7eaee" d="M{x} {y:g}H{x + w - tip}L{x + w} {y + h / 2:g}L{x + w - tip}'
        f' {y + h:g}H{x}{f"L{x + tip} {y + h / 2:g}" if pillar["which"] == "satisfied" else ""}Z"/>'
    )
    lines = lines_of(heading, w - 24, BOLD, 4)
    top = y + h / 2 - (len(lines) - 1) * LINE / 2 + 4
    centre = x + w / 2 + (4 if pillar["which"] == "satisfied" else -4)
    for number, line in enumerate(lines):
        yield (
            f'<text class="strong" font-size="13" text-anchor="middle" x="{centre:g}"'
            f' y="{top + number * LINE:g}">{xml_text(line)}</text>'
        )


def _line(edge):
    return f'<path class="line" stroke="#6e7781" fill="none" marker-end="url(#{MARKER})" d="{edge["path"]}"/>'


def _handed_over(edge, name, source, target):
    lines = lines_of(name, LABEL, 11, edge["lines"])
    full = f"{source['name']} → {target['name']}: {name}"
    parts = [f"<g><title>{xml_text(full)}</title>"]
    for number, line in enumerate(reversed(lines)):
        where = f'font-size="11" text-anchor="end" x="{edge["x"]:g}" y="{edge["y"] - 13 * number:g}"'
        parts.append(f'<text class="halo" fill="none" {where}>{xml_text(line)}</text>')
        parts.append(f'<text class="muted" {where}>{xml_text(line)}</text>')
    return "".join([*parts, "</g>"])


def _box(box, process, words):
    x, y = box["x"], box["y"]
    classes = " ".join(
        name
        for name, is_so in (
            ("box", True), ("service", process["meets_customer"]), ("gap", bool(process["missing"])),
        )
        if is_so
    )  # fmt: skip
    rows = [("muted", 11, line) for line in lines_of(process["code"], INNER, 11, 1)]
    rows += [("strong", 13, line) for line in _name_lines(process)]
    rows += [("muted", 11, line) for line in lines_of(process["person"], INNER, 11, 1)]
    texts, at = [], y + 6
    for style, size, line in rows:
        at += LINE
        texts.append(f'<text class="{style}" font-size="{size}" x="{x + 10}" y="{at - 2:g}">{xml_text(line)}</text>')
    if process["missing"]:
        texts += _note("note", "note-text", f"! {process['missing']}", x, y + box["h"] - 28)
    elif process["is_draft"]:
        texts += _note("plain", "muted", words["draft"], x, y + box["h"] - 28)
    draft = words["draft"] if process["is_draft"] else ""
    full = " · ".join(filter(None, (process["code"], process["name"], process["person"], draft, process["missing"])))
    frame = (
        f'<rect class="{classes}" fill="#ffffff" stroke="#c4c8d0" stroke-width="1.5" x="{x}" y="{y}"'
        f' width="{box["w"]}" height="{box["h"]:g}" rx="5"/>'
    )
    inside = [f"<title>{xml_text(full)}</title>", frame, *texts]
    if process["href"]:
        link = f'<a href="{xml_text(process["href"])}" data-process="{process["id"]}" aria-label="{xml_text(full)}">'
        return "\n".join([link, *inside, "</a>"])
    return "\n".join([f'<g data-process="{process["id"]}">', *inside, "</g>"])


def _note(style, text_style, words, x, y):
    (line,) = lines_of(words, INNER - 14, 11, 1) or [""]
    width = width_of(line, 11) + 16
    yield f'<rect class="{style}" fill="#fff1cc" x="{x + 8}" y="{y:g}" width="{width:.0f}" height="20" rx="10"/>'
    yield f'<text class="{text_style}" font-size="11" x="{x + 16}" y="{y + 14:g}">{xml_text(line)}</text>'


def _legend(processes, words, y):
    """What the signs mean, only those that are drawn."""
    x = 0
    entries = [("line", words["hands_over"])]
    if any(process["meets_customer"] for process in processes):
        entries.append(("service", words["meets_customer"]))
    if any(process["missing"] for process in processes):
        entries.append(("gap", words["something_missing"]))
    for sign, word in entries:
        if sign == "line":
            yield f'<path class="line" stroke="#6e7781" marker-end="url(#{MARKER})" d="M{x} {y - 4:g}h30"/>'
        else:
            yield (
                f'<rect class="box {sign}" fill="#ffffff" stroke="#714b67" stroke-width="1.5" x="{x + 2}"'
                f' y="{y - 12:g}" width="28" height="16" rx="3"/>'
            )
        yield f'<text class="muted" x="{x + 38}" y="{y:g}">{xml_text(word)}</text>'
        x += 38 + width_of(word, 12) + 28
