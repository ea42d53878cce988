"""The text of the quality manual, cut into chapters; headings of texts that stand inside other texts."""

import re

from lxml import etree, html

_HEADING = re.compile(r"h[1-6]")
_NUMBER = re.compile(r"^\s*\d+(?:\.\d+)*[.、．]?\s+")
_SCOPE = re.compile(r"\bscope\b|范围", re.IGNORECASE)


def split_chapters(source):
    """The scope, and the rest: parts begin at the main headings, those of the highest level that the text uses.

    The scope is the part whose heading says so, in English or Chinese, else the first one. Its heading goes, for the
    chapter has one of its own; so do the numbers of the others.

    >>> split_chapters("<h2>Scope</h2><p>All sites</p><h3>Products</h3><p>a</p><h2>2 Context</h2><p>b</p>")
    ('<p>All sites</p><h3>Products</h3><p>a</p>', '<h2>Context</h2><p>b</p>')
    >>> split_chapters("<h3>1 目的</h3><p>a</p><h3>2 适用范围</h3><p>b</p><h3>3 环境</h3><p>c</p>")
    ('<p>b</p>', '<h3>目的</h3><p>a</p><h3>环境</h3><p>c</p>')
    >>> split_chapters("<p>All sites</p>")
    ('<p>All sites</p>', '')
    >>> split_chapters("All <b>sites</b>")
    ('<p>All </p><b>sites</b>', '')
    >>> split_chapters(False)
    ('', '')
    """
    root = _parse(source)
    levels = [block.tag for block in root if _is_heading(block)]
    parts = [[]]
    for block in root:
        if levels and block.tag == min(levels):
            block.text = _NUMBER.sub("", block.text or "")
            parts.append([])
        parts[-1].append(block)
    parts = [part for part in parts if part] or [[]]
    scope = next((part for part in parts if part and _is_heading(part[0]) and _names_scope(part[0])), parts[0])
    rest = [block for part in parts if part is not scope for block in part]
    if scope and levels and scope[0].tag == min(levels):
        scope = scope[1:]
    return _joined(scope), _joined(rest)


def _names_scope(heading):
    return _SCOPE.search(heading.text_content()) is not None


def _joined(blocks):
    root = html.Element("div")
    for block in blocks:
        root.append(block)
    return _inner(root)


def lower_headings(source, highest):
    """The same text with its headings moved, so that the highest of them is `h<highest>`; none goes below h6.

    >>> lower_headings("<h1>A</h1><p>b</p><h3>C</h3>", 3)
    '<h3>A</h3><p>b</p><h5>C</h5>'
    >>> lower_headings("<h3>A</h3>", 3)
    '<h3>A</h3>'
    >>> lower_headings("<h5>A</h5><h6>B</h6>", 6)
    '<h6>A</h6><h6>B</h6>'
    """
    root = _parse(source)
    headings = [node for node in root.iter() if _is_heading(node)]
    shift = highest - min((int(node.tag[1]) for node in headings), default=highest)
    for node in headings:
        node.tag = f"h{min(6, int(node.tag[1]) + shift)}"
    return _inner(root)


def keep_headings(source):
    """The same text with each heading and what follows it in one box that is not broken over two pages.

    >>> keep_headings("<h3>A</h3><p>b</p><p>c</p>")
    '<div style="page-break-inside: avoid"><h3>A</h3><p>b</p></div><p>c</p>'
    >>> keep_headings("<h3>A</h3><h4>B</h4><p>c</p><h3>D</h3>")
    '<div style="page-break-inside: avoid"><h3>A</h3><h4>B</h4><p>c</p></div><h3>D</h3>'
    """
    root = _parse(source)
    blocks = list(root)
    position = 0
    while position < len(blocks):
        last = position
        while last < len(blocks) - 1 and _is_heading(blocks[last]):
            last += 1
        if last > position:
            box = html.Element("div", style="page-break-inside: avoid")
            blocks[position].addprevious(box)
            for block in blocks[position : last + 1]:
                box.append(block)
        position = last + 1
    return _inner(root)


def _is_heading(node):
    return isinstance(node.tag, str) and _HEADING.fullmatch(node.tag) is not None


def _parse(source):
    """The text in one `div`, loose words in a paragraph; a lone `div` around all of it is looked into."""
    root = html.Element("div")
    for fragment in html.fragments_fromstring(source or ""):
        if isinstance(fragment, str):
            etree.SubElement(root, "p").text = fragment
        else:
            root.append(fragment)
    while len(root) == 1 and root[0].tag == "div" and not (root.text or root[0].tail or "").strip():
        root = root[0]
    return root


def _inner(root):
    text = html.tostring(root, encoding="unicode", with_tail=False)
    return text[text.index(">") + 1 : -len("</div>")] if len(root) or root.text else ""
