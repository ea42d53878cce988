"""The 5-why tree and the fishbone as SVG: on the screen they take the colours of the page, in print plain ones."""

import re

from . import cause_tree, fishbone
from .trace_text import lines_of, width_of, xml_text

# Each colour twice: engines without variables (print) drop the second. Odoo's pages name them without prefix.
COLOURS = (
    ("text", "fill", "#1f2328", "body-color"),
    (".muted", "fill", "#59636e", "secondary-color"),
    (".box", "fill", "#ffffff", "body-bg"),
    (".box", "stroke", "#b6bbc4", "border-color"),
    (".root", "fill", "#f3f0f7", "tertiary-bg"),
    (".root", "stroke", "#714b67", "primary"),
    (".out", "fill", "#f6f8fa", "tertiary-bg"),
    (".problem", "fill", "#e7eaee", "secondary-bg"),
    (".problem", "stroke", "#714b67", "primary"),
    (".bone", "stroke", "#6e7781", "secondary-color"),
    (".rib", "stroke", "#b6bbc4", "border-color"),
    (".target", "stroke", "#714b67", "primary"),
    (".dot", "fill", "#714b67", "primary"),
)
STYLE = "\n".join(
    [
        ".sqms-cause { font-family: system-ui, 'Noto Sans CJK SC', sans-serif; font-size: 13px; }",
        ".sqms-cause { font-family: var(--body-font-family, var(--bs-body-font-family, system-ui, sans-serif)); }",
        *(
            f".sqms-cause {who} {{ {what}: {plain}; {what}: var(--{variable}, var(--bs-{variable}, {plain})); }}"
            for who, what, plain, variable in COLOURS
        ),
        ".sqms-cause .strong { font-weight: 600; }",
        ".sqms-cause .struck { text-decoration: line-through; }",
    ]
)
BOX = 262  # width of a why
PAD = 10
LINE = 17
SIZE = 13
SMALL = 11
BOLD = 14.5  # as wide as 13 in bold, with room for wide fonts
MARGIN = 6
MOST_LINES = 6
SIZE_OF = re.compile(r'width="([\d.]+)" height="([\d.]+)"')


def tree(nodes, problem, words, title=""):
    """The 5-why tree as text.

    :param nodes: dicts with "id", "parent", "name", "bone" (a word) and "verdict", in their order
    :param problem: what happened
    :param words: "title", "why" (with %s), "root" (with %s), "ruled_out"
    :param title: instead of `words["title"]`, for one of several drawings

    >>> words = {"title": "Why", "why": "Why %s", "root": "Root cause: why %s", "ruled_out": "Ruled out"}
    >>> nodes = [{"id": 1, "parent": None, "name": "<b>Rust", "bone": "Machine", "verdict": "root"}]
    >>> text = tree(nodes, "It leaks", words)
    >>> "&lt;b&gt;Rust" in text, "<b>" in text, "Root cause: why 1" in text
    (True, False, True)
    """
    by_id = {node["id"]: node for node in nodes}
    sized = [{**node, "h": 16 + LINE + LINE * max(len(_lines(node["name"])), 1)} for node in nodes]
    columns = max(cause_tree.layout([{**node, "h": 1} for node in nodes], 1, BOX)["columns"], 1)
    whole = columns * (BOX + cause_tree.GAP_X) - cause_tree.GAP_X
    head = lines_of(problem, whole - 2 * PAD, BOLD, 4)
    picture = cause_tree.layout(sized, 18 + LINE * max(len(head), 1), BOX)
    parts = _opening(picture, title or words["title"])
    parts += [f'<path class="bone" fill="none" stroke="#6e7781" d="{line["path"]}"/>' for line in picture["lines"]]
    parts += _problem(picture["head"], head)
    for box in picture["boxes"]:
        parts += _why(box, by_id[box["id"]], words)
    return "\n".join([*parts, "</svg>", ""])


def tree_parts(nodes, most=4):
    """The nodes of one tree in the parts that fit on a sheet: whole branches, side by side while there is room.

    :param most: columns on a sheet; a branch that is wider stands alone
    :return: lists of nodes

    >>> [len(part) for part in tree_parts([{"id": number, "parent": None} for number in range(6)], most=4)]
    [4, 2]
    """
    branches = []
    for node, level, _below in cause_tree.arranged(nodes):
        if level == 1:
            branches.append([])
        branches[-1].append(node)
    parts, room = [], 0
    for branch in branches:
        is_aside = len(branch) == 1 and branch[0].get("verdict") == "ruled_out"
        columns = 0 if is_aside and parts else cause_tree.layout([{**node, "h": 1} for node in branch], 1, 1)["columns"]
        if not parts or room + columns > most:
            parts.append([])
            room = 0
        parts[-1] += branch
        room += columns
    return parts


def fish(nodes, bones, problem, words, most=0):
    """The fishbone as text.

    :param nodes: dicts with "id", "name", "category" and "verdict"
    :param bones: `[(category, word), ...]`, all of them in the order in which they are drawn
    :param words: "title", "empty", "root", "ruled_out", "more" (with %s)
    :param most: so many causes on a bone, the roots first; 0: all

    >>> words = {"title": "Fishbone", "empty": "none", "root": "Root", "ruled_out": "Out", "more": "+ %s"}
    >>> node = {"id": 1, "name": 'A "sign" & more', "category": "people", "verdict": "open"}
    >>> "A &quot;sign&quot; &amp; more" in fish([node], [("people", "People")], "It leaks", words)
    True
    """
    ribs, texts = [], {}
    for key, bone in bones:
        own = sorted((n for n in nodes if n["category"] == key), key=lambda n: _VERDICT_RANK[n["verdict"]])
        left_out = own[most:] if most and len(own) > most else []
        own = own[: len(own) - len(left_out)]
        shown = []
        for node in own:
            lines = lines_of(node["name"], fishbone.RIB - 24, 12, 4) or [""]
            texts[node["id"]] = (node, lines)
            shown.append({"id": node["id"], "h": 15 * len(lines) + 3})
        if left_out:
            id_ = ("more", key)
            texts[id_] = ({"name": words["more"] % len(left_out), "verdict": "more"}, [words["more"] % len(left_out)])
            shown.append({"id": id_, "h": 18})
        ribs.append((bone, shown))
    head = lines_of(problem, fishbone.HEAD - 2 * PAD, BOLD, 8)
    picture = fishbone.layout(ribs, 18 + LINE * max(len(head), 1))
    spine = picture["spine"]
    parts = _opening(picture, words["title"])
    parts.append(
        f'<path class="bone" fill="none" stroke="#6e7781" stroke-width="3"'
        f' d="M{spine["x1"]} {spine["y"]:g}H{spine["x2"]}"/>'
    )
    for bone, (_name, shown) in zip(picture["bones"], ribs, strict=True):
        parts += _bone(bone, bool(shown), words)
    for rib in picture["ribs"]:
        parts += _rib(rib, *texts[rib["id"]], words)
    parts += _problem(picture["head"], head)
    return "\n".join([*parts, "</svg>", ""])


_VERDICT_RANK = {"root": 0, "open": 1, "ruled_out": 2}


def _lines(name):
    return lines_of(name, BOX - 2 * PAD, SIZE + 0.5, MOST_LINES)


def _opening(picture, title):
    width, height = picture["width"] + 2 * MARGIN, picture["height"] + 2 * MARGIN
    return [
        '<svg xmlns="http://www.w3.org/2000/svg" class="sqms-cause" role="img"',
        f'width="{width:g}" height="{height:g}" viewBox="{-MARGIN} {-MARGIN} {width:g} {height:g}">',
        f"<title>{xml_text(title)}</title>",
        f"<style>{STYLE}</style>",
    ]


def _problem(box, lines):
    x, y, w, h = box["x"], box["y"], box["w"], box["h"]
    yield (
        f'<rect class="problem" fill="#e7eaee" stroke="#714b67" stroke-width="2" x="{x:g}" y="{y:g}" width="{w:g}"'
        f' height="{h:g}" rx="4"/>'
    )
    top = y + h / 2 - (len(lines) - 1) * LINE / 2 + 5
    for number, line in enumerate(lines):
        yield (
            f'<text class="strong" font-size="{SIZE}" font-weight="600" text-anchor="middle" x="{x + w / 2:g}"'
            f' y="{top + number * LINE:g}">{xml_text(line)}</text>'
        )


def _why(box, node, words):
    x, y, verdict = box["x"], box["y"], node["verdict"]
    label = {"root": words["root"] % box["level"], "ruled_out": words["ruled_out"]}.get(
        verdict, words["why"] % box["level"]
    )
    style, looks = {
        "root": ("box root", 'fill="#f3f0f7" stroke="#714b67" stroke-width="2.5"'),
        "ruled_out": ("box out", 'fill="#f6f8fa" stroke="#b6bbc4" stroke-width="1" stroke-dasharray="4 3"'),
    }.get(verdict, ("box", 'fill="#ffffff" stroke="#b6bbc4" stroke-width="1"'))
    yield f"<g><title>{xml_text(' · '.join((label, node['bone'], node['name'] or '')))}</title>"
    yield (f'<rect class="{style}" {looks} x="{x:g}" y="{y:g}" width="{box["w"]:g}" height="{box["h"]:g}" rx="4"/>')
    left = x + PAD
    if verdict == "root":
        yield from _target(left + 5, y + 15)
        left += 16
    bone = lines_of(node["bone"], BOX - 2 * PAD - width_of(label, SMALL) - 30, SMALL, 1)
    strong = ' class="strong" font-weight="600"' if verdict == "root" else ' class="muted"'
    yield f'<text{strong} font-size="{SMALL}" x="{left:g}" y="{y + 19:g}">{xml_text(label)}</text>'
    yield (
        f'<text class="muted" font-size="{SMALL}" text-anchor="end" x="{x + box["w"] - PAD:g}"'
        f' y="{y + 19:g}">{xml_text("".join(bone))}</text>'
    )
    tone = ' class="muted"' if verdict == "ruled_out" else ""
    for number, line in enumerate(_lines(node["name"])):
        yield (
            f'<text{tone} font-size="{SIZE}" x="{x + PAD:g}" y="{y + 20 + LINE * (number + 1):g}">'
            f"{xml_text(line)}</text>"
        )
    yield "</g>"


def _target(x, y):
    """The sign of a root cause: two rings and a dot."""
    yield f'<circle class="target" fill="none" stroke="#714b67" stroke-width="1.4" cx="{x:g}" cy="{y:g}" r="5"/>'
    yield f'<circle class="dot" fill="#714b67" cx="{x:g}" cy="{y:g}" r="2.2"/>'


def _bone(bone, has_causes, words):
    yield (
        f'<path class="bone" fill="none" stroke="#6e7781" stroke-width="1.8"'
        f' d="M{bone["x1"]:g} {bone["y1"]:g}L{bone["x2"]:g} {bone["y2"]:g}"/>'
    )
    yield (
        f'<rect class="box" fill="#ffffff" stroke="#b6bbc4" x="{bone["x"]:g}" y="{bone["y"]:g}" width="{bone["w"]:g}"'
        f' height="{bone["h"]:g}" rx="4"/>'
    )
    names = lines_of(bone["name"], bone["w"] - 10, BOLD - 1.5, 2)
    for number, name in enumerate(names):
        y = bone["y"] + bone["h"] / 2 + 4 + 14 * (number - (len(names) - 1) / 2)
        yield (
            f'<text class="strong" font-size="12" font-weight="600" text-anchor="middle"'
            f' x="{bone["x"] + bone["w"] / 2:g}" y="{y:g}">{xml_text(name)}</text>'
        )
    if not has_causes:
        middle = (bone["y1"] + bone["y2"]) / 2
        yield (
            f'<text class="muted" font-size="{SMALL}" text-anchor="end" x="{bone["x1"] - 4:g}" y="{middle:g}">'
            f"{xml_text(words['empty'])}</text>"
        )


def _rib(rib, node, lines, words):
    verdict = node["verdict"]
    label = {"root": words["root"], "ruled_out": words["ruled_out"]}.get(verdict, "")
    yield f"<g><title>{xml_text(' · '.join(filter(None, (label, rib['bone'], node['name']))))}</title>"
    dash = ' stroke-dasharray="4 3"' if verdict == "ruled_out" else ""
    yield (f'<path class="rib" fill="none" stroke="#b6bbc4"{dash} d="M{rib["x1"]:g} {rib["line"]:g}H{rib["x2"]:g}"/>')
    left = rib["x"]
    if verdict == "root":
        yield from _target(left + 6, rib["y"] + 8)
        left += 16
    style = {"root": "strong", "ruled_out": "muted struck", "more": "muted"}.get(verdict, "")
    weight = ' font-weight="600"' if verdict == "root" else ""
    for number, line in enumerate(lines):
        yield (
            f'<text class="{style}" font-size="12"{weight} x="{left:g}" y="{rib["y"] + 12 + 15 * number:g}">'
            f"{xml_text(line)}</text>"
        )
    yield "</g>"


def printed(svg, width, height, least=0.5):
    """A drawing in the size of a sheet: made smaller as a whole until it fits.

    :param least: smaller than this share of its size it could not be read
    :return: the drawing; nothing when it would be too small

    >>> printed('<svg width="200" height="100" viewBox="0 0 200 100"></svg>', 100, 100)
    '<svg width="100" height="50" viewBox="0 0 200 100"></svg>'
    >>> printed('<svg width="900" height="100" viewBox="0 0 900 100"></svg>', 100, 100)
    ''
    """
    found = SIZE_OF.search(svg)
    own = float(found[1]), float(found[2])
    scale = min(1, width / own[0], height / own[1])
    if scale < least:
        return ""
    return SIZE_OF.sub(f'width="{own[0] * scale:g}" height="{own[1] * scale:g}"', svg, count=1)
