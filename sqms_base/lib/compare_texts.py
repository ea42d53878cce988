"""What has changed from one text to the next, section by section, as a reader would mark it with a pen.

Three steps, from coarse to fine: sections are paired by their headings, blocks (paragraphs, items of lists, tables)
inside a pair by likeness, words inside two blocks that belong together. A Chinese character is a word of its own.
`lxml.html.diff` is not used: it splits at blanks, which Chinese has not, and its output changes with its version.
"""

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import NamedTuple

from lxml import etree, html

from odoo.tools import html_sanitize

from .compare_words import compare_words, escape
from .rich_text import is_empty

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LISTS = ("ul", "ol")
CONTAINERS = ("div", "section", "article", "main", "blockquote")
NEVER_SHOWN = ("script", "style", "svg", "iframe", "object", "embed", "form", "link", "meta", etree.Comment)
# Two blocks with less than this in common are one that went and one that came.
ALIKE = 0.4
PAIRS_AT_MOST = 40_000
SHORT = 40
LONGEST = 60_000  # characters of a block that is compared word by word
NUMBERING = re.compile(r"^(?:[\d.、()（）§\s-]+|第?[一二三四五六七八九十百]+[章节条、.]\s*)")
NEW, CHANGED, REMOVED, MOVED, RENUMBERED = "new", "changed", "removed", "moved", "renumbered"


class Section(NamedTuple):
    """A heading, as text, and the blocks under it; the text before the first heading has none."""

    heading: str
    blocks: tuple


class Block(NamedTuple):
    """A paragraph, an item of a list (with the tag of its list), a table, a picture: its HTML and its words."""

    tag: str
    source: str
    words: str
    within: str = ""


def compare_texts(before, after):
    """What has changed from one HTML text to the next.

    :return: `{"count": number of changed places, "sections": [{"kind", "heading", "html"}], "full": html}`

        - kind: "new", "removed", "changed", "moved" (same words, elsewhere) or "renumbered" (not counted)
        - html: only what changed, with `ins` and `del`; sanitised, harmless whatever the texts were
        - full: the whole later text with all changes marked, what was removed included

    A text is the same as itself:

    >>> compare_texts("<p>a</p>", "<p>a</p>")["count"]
    0

    One character of a Chinese sentence:

    >>> compare_texts("<p>在两个工作日内退款。</p>", "<p>在三个工作日内退款。</p>")["sections"][0]["html"]
    '<p>在<del>两</del><ins>三</ins>个工作日内退款。</p>'
    """
    olds, news = _sections(before), _sections(after)
    rows, count, full = [], 0, []
    for old, new, moved in _paired(olds, news):
        kind, changes, places, whole = _compare_section(old, new)
        if kind == CHANGED and not places:
            kind, places = (MOVED, 1) if moved else (RENUMBERED, 0)
            changes = (
                whole if moved else compare_words(f"<p>{escape(old.heading)}</p>", f"<p>{escape(new.heading)}</p>")
            )
            kind = None if kind == RENUMBERED and old.heading == new.heading else kind
        heading = (new or old).heading
        full.append(_heading(old, new) + whole)
        if kind:
            count += places
            rows.append({"kind": kind, "heading": heading, "html": _harmless(changes)})
    return {"count": count, "sections": rows, "full": _harmless("".join(full))}


# -- a text in sections and blocks --------------------------------------------


def _sections(source):
    sections, heading, blocks = [], "", []
    for node in _blocks(source):
        if node.tag in HEADINGS:
            if heading or blocks:
                sections.append(Section(heading, tuple(blocks)))
            heading, blocks = node.words, []
        else:
            blocks.append(node)
    if heading or blocks:
        sections.append(Section(heading, tuple(blocks)))
    return sections


def _blocks(source):
    if is_empty(source):
        return []
    tree = html.fragment_fromstring(source, create_parent="div")
    for node in list(tree.iter(*NEVER_SHOWN)):
        node.drop_tree()
    return list(_walk(tree))


def _walk(parent, within=""):
    yield from _loose(parent.text)
    for node in parent:
        tag = node.tag if isinstance(node.tag, str) else ""
        inner = {child.tag for child in node if isinstance(child.tag, str)}
        if tag in LISTS and inner <= {"li"}:
            for item in node:
                yield _block(item, within=tag)
        elif tag in CONTAINERS and inner & {*HEADINGS, *LISTS, *CONTAINERS, "p", "table"}:
            yield from _walk(node)
        elif tag:
            yield _block(node)
        yield from _loose(node.tail)


def _loose(text):
    if text and text.strip():
        node = html.Element("p")
        node.text = text.strip()
        yield _block(node)


def _block(node, within=""):
    tail, node.tail = node.tail, None
    block = Block(node.tag, html.tostring(node, encoding="unicode"), " ".join(node.text_content().split()), within)
    node.tail = tail
    return block


# -- which belongs to which ---------------------------------------------------


def _paired(olds, news):
    """Pairs `(old, new, moved)` in the order of the new text; one of a pair may be missing."""
    matcher = SequenceMatcher(None, [_title(s) for s in olds], [_title(s) for s in news], autojunk=False)
    partner, moved = {}, set()
    for old_start, new_start, size in matcher.get_matching_blocks():
        partner.update({new_start + offset: old_start + offset for offset in range(size)})
    free_old = [at for at in range(len(olds)) if at not in partner.values()]
    free_new = [at for at in range(len(news)) if at not in partner]
    for at in free_new:
        same = next((o for o in free_old if _title(olds[o]) == _title(news[at])), None)
        if same is not None:
            partner[at] = same
            moved.add(at)
            free_old.remove(same)
    rest_new = [at for at in free_new if at not in partner]
    for o, n in _alike([_words(olds[o]) for o in free_old], [_words(news[n]) for n in rest_new]):
        partner[rest_new[n]] = free_old[o]
    gone = [at for at in range(len(olds)) if at not in partner.values()]
    rows, seen = [], -1
    for at, new in enumerate(news):
        old_at = partner.get(at)
        if old_at is not None and at not in moved:
            rows += [(olds[o], None, False) for o in gone if seen < o < old_at]
            seen = max(seen, old_at)
        rows.append((olds[old_at] if old_at is not None else None, new, at in moved))
    rows += [(olds[o], None, False) for o in gone if o > seen]
    return rows


def _title(section):
    """A heading without its number: what was 5.1 and is 5.2 now is still the same section."""
    return NUMBERING.sub("", section.heading) or section.heading


def _words(section):
    return " ".join([section.heading, *(block.words for block in section.blocks)])


def _alike(olds, news):
    """The pairs `(old index, new index)`, in order, that have most in common."""
    if not olds or not news or len(olds) * len(news) > PAIRS_AT_MOST:
        return []
    grams = [[_grams(text) for text in texts] for texts in (olds, news)]
    likeness = [[_likeness(one, other) for other in grams[1]] for one in grams[0]]
    best = [[0.0] * (len(news) + 1) for _ in range(len(olds) + 1)]
    for i in range(len(olds) - 1, -1, -1):
        for j in range(len(news) - 1, -1, -1):
            both = best[i + 1][j + 1] + likeness[i][j] if likeness[i][j] >= ALIKE else 0.0
            best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(olds) and j < len(news):
        if likeness[i][j] >= ALIKE and best[i][j] == best[i + 1][j + 1] + likeness[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _grams(text):
    text = text.lower()
    pairs = Counter(text[at : at + 2] for at in range(max(1, len(text) - 1)))
    # Of a few words one that was exchanged spoils most pairs.
    return pairs + Counter(text) if len(text) < SHORT else pairs


def _likeness(one, other):
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


# -- what differs -------------------------------------------------------------


def _compare_section(old, new):
    """`(kind, html of the changes, number of changed places, html of all of it)`."""
    if old is None:
        pairs = [(None, block) for block in new.blocks]
        return NEW, _render(pairs), 1, _render(pairs)
    if new is None:
        pairs = [(block, None) for block in old.blocks]
        return REMOVED, _render(pairs), 1, _render(pairs)
    changed, everything, places = [], [], 0
    matcher = SequenceMatcher(None, [_key(b) for b in old.blocks], [_key(b) for b in new.blocks], autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            everything += [(block, block) for block in new.blocks[j1:j2]]
            continue
        rows = _pair_blocks(old.blocks[i1:i2], new.blocks[j1:j2])
        changed += rows
        everything += rows
        places += len(rows)
    return CHANGED, _render(changed), places, _render(everything)


def _key(block):
    return block.within, " ".join(block.source.split())


def _pair_blocks(olds, news):
    rows, old_at, new_at = [], 0, 0
    for o, n in [*_alike([block.words for block in olds], [block.words for block in news]), (len(olds), len(news))]:
        rows += [(block, None) for block in olds[old_at:o]] + [(None, block) for block in news[new_at:n]]
        if o < len(olds) and n < len(news):
            rows.append((olds[o], news[n]))
        old_at, new_at = o + 1, n + 1
    return rows


def _render(pairs):
    parts, within = [], ""
    for old, new in pairs:
        inside = (new or old).within
        if inside != within:
            parts.append((f"</{within}>" if within else "") + (f"<{inside}>" if inside else ""))
            within = inside
        parts.append(_compare_blocks(old, new))
    return "".join(parts) + (f"</{within}>" if within else "")


def _compare_blocks(old, new):
    if old and new:
        if _key(old) == _key(new):
            return new.source
        if old.tag == new.tag and _is_plain(old) and _is_plain(new) and old.words:
            return compare_words(old.source, new.source)
        rows = _compare_tables(old, new) if old.tag == new.tag == "table" else ""
        # Pictures, and tables that were rebuilt, stand one after the other: before, after.
        return rows or _all_of(old, "del") + _all_of(new, "ins")
    return _all_of(old, "del") if old else _all_of(new, "ins")


def _is_plain(block):
    return len(block.source) <= LONGEST and not re.search(r"<(table|pre|hr)\b", block.source)


def _all_of(block, tag):
    if block.tag in ("li", "p", *HEADINGS) and _is_plain(block):
        node = html.fragment_fromstring(block.source)
        wrapped = etree.Element(tag)
        wrapped.text, node.text = node.text, None
        wrapped.extend(list(node))
        node.append(wrapped)
        return html.tostring(node, encoding="unicode")
    if block.tag == "li":
        return f"<li><{tag}>{block.source.removeprefix('<li>').removesuffix('</li>')}</{tag}></li>"
    return f"<{tag}>{block.source}</{tag}>"


def _compare_tables(old, new):
    """Cell by cell, where rows and columns are as many as before; else nothing."""
    one, other = html.fragment_fromstring(old.source), html.fragment_fromstring(new.source)
    shape = [[len(row.xpath("./td|./th")) for row in table.iter("tr")] for table in (one, other)]
    spans = [table.xpath(".//@colspan|.//@rowspan") for table in (one, other)]
    if shape[0] != shape[1] or spans[0] != spans[1] or one.xpath(".//td//table|.//img") or other.xpath(".//img"):
        return ""
    for before, after in zip(one.iter("td", "th"), list(other.iter("td", "th")), strict=True):
        texts = [_inside(cell) for cell in (before, after)]
        if texts[0] != texts[1]:
            compared = html.fragment_fromstring(compare_words(*(f"<div>{text}</div>" for text in texts)))
            after.text, after[:] = compared.text, list(compared)
    return html.tostring(other, encoding="unicode")


def _inside(node):
    return html.tostring(node, encoding="unicode", with_tail=False).split(">", 1)[1].rpartition("</")[0]


# -- what is shown ------------------------------------------------------------


def _heading(old, new):
    if old and new and old.heading != new.heading:
        return f"<h3><del>{escape(old.heading)}</del> <ins>{escape(new.heading)}</ins></h3>"
    tag = "" if old and new else "ins" if new else "del"
    text = escape((new or old).heading)
    return f"<h3><{tag}>{text}</{tag}></h3>" if tag and text else f"<h3>{text}</h3>" if text else ""


def _harmless(source):
    return str(html_sanitize(source, sanitize_attributes=True, sanitize_style=True, strip_classes=True) or "")
