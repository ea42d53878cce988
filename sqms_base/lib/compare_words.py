"""What has changed inside a paragraph, word by word. A Chinese character is a word of its own."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

from lxml import etree, html

INLINE = {"a", "b", "code", "em", "font", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "u"}
VOID = ("br", "hr", "img")
CJK = "\u2e80-\u2fff\u3001-\u30ff\u3130-\u318f\u31a0-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uffef\U00020000-\U0003ffff"
WORD = re.compile(rf"\s+|[{CJK}]|[^\W{CJK}]+(?:[.,/:-][^\W{CJK}]+)*|.", re.DOTALL)
# A sentence of which less is left was written anew, and is shown so.
REWRITTEN = 0.5
AT_ONCE = 1_000_000  # pairs of words


class Token(NamedTuple):
    """A word, a blank, a Chinese character or a picture, as HTML, and the tags around it from outside to inside."""

    text: str
    path: tuple

    def key(self):
        return self.text, tuple(tag for tag, _place in self.path)


def compare_words(old, new):
    """Two HTML elements as one: what is gone in `del`, what is new in `ins`, to the character in Chinese.

    Tags and their attributes come as they are: whoever shows the result sanitises it first.

    >>> compare_words("<p>within five working days.</p>", "<p>within one working day.</p>")
    '<p>within <del>five working days</del><ins>one working day</ins>.</p>'
    >>> compare_words("<p>to <b>all</b> shops</p>", "<p>to <b>most</b> shops</p>")
    '<p>to <b><del>all</del><ins>most</ins></b> shops</p>'
    """
    ones, others = _tokens(old), _tokens(new)
    keys = [[token.key() for token in tokens] for tokens in (ones, others)]
    codes = _opcodes(*keys)
    kept = sum(_size(ones[i1:i2]) for kind, i1, i2, _j1, _j2 in codes if kind == "equal")
    if kept < REWRITTEN * max(_size(ones), _size(others)):
        return _write([("del", ones), ("ins", others)])
    runs = []
    for kind, i1, i2, j1, j2 in _gathered(codes, ones, others):
        if kind == "equal":
            runs.append(("", others[j1:j2]))
        else:
            runs += [("del", ones[i1:i2]), ("ins", others[j1:j2])]
    return _write([run for run in runs if run[1]])


def _opcodes(ones, others):
    """As `SequenceMatcher`; of long texts first what stands in threes, which are rare enough to be found fast."""
    if len(ones) * len(others) <= AT_ONCE:
        return SequenceMatcher(None, ones, others, autojunk=False).get_opcodes()
    threes = [list(zip(keys, keys[1:], keys[2:], strict=False)) for keys in (ones, others)]
    blocks = SequenceMatcher(None, *threes, autojunk=False).get_matching_blocks()
    codes, i, j = [], 0, 0
    for i1, j1, size in blocks:
        # Two blocks of threes may share the tokens at their border.
        skip = max(i - i1, j - j1, 0)
        length = size + 2 - skip if size else 0
        if size and length <= 0:
            continue
        i1, j1 = (i1 + skip, j1 + skip) if size else (len(ones), len(others))
        codes += _gap(ones[i:i1], others[j:j1], i, j)
        if length:
            codes.append(("equal", i1, i1 + length, j1, j1 + length))
        i, j = i1 + length, j1 + length
    return codes


def _gap(ones, others, i, j):
    if not ones and not others:
        return []
    if len(ones) * len(others) > AT_ONCE:
        return [("replace", i, i + len(ones), j, j + len(others))]
    inner = SequenceMatcher(None, ones, others, autojunk=False).get_opcodes()
    return [(kind, i + i1, i + i2, j + j1, j + j2) for kind, i1, i2, j1, j2 in inner]


def _gathered(codes, ones, others):
    """Changes with so little between them that the eye takes them for one are one change.

    Little is: a blank, a sign or one Latin word; or less than what changes on both sides of it.
    """
    sizes = [max(_size(ones[i1:i2]), _size(others[j1:j2])) if kind != "equal" else 0 for kind, i1, i2, j1, j2 in codes]
    rows = []
    for at, (kind, i1, i2, j1, j2) in enumerate(codes):
        inside = kind == "equal" and 0 < at < len(codes) - 1
        bridge = inside and (_is_small(ones[i1:i2]) or _size(ones[i1:i2]) < min(sizes[at - 1], sizes[at + 1]))
        if rows and rows[-1][0] != "equal" and (kind != "equal" or bridge):
            rows[-1] = ("replace", rows[-1][1], i2, rows[-1][3], j2)
        else:
            rows.append((kind, i1, i2, j1, j2))
    return rows


def _size(tokens):
    # A picture is one sign, whatever the length of its data.
    return sum(1 if token.text[0] == "<" else len(token.text) for token in tokens if not token.text.isspace())


def _is_small(tokens):
    words = [token.text for token in tokens if re.search(r"\w", token.text)]
    return len(words) <= 1 and not any(re.search(f"[{CJK}<]", token.text) for token in tokens)


def _tokens(source):
    root = html.fragment_fromstring(source)
    tokens, places = [], {}
    _read(root, (), tokens, places)
    return tokens


def _read(node, path, tokens, places):
    if not isinstance(node.tag, str):
        return
    if node.tag in VOID:
        tokens.append(Token(html.tostring(node, encoding="unicode", with_tail=False), path))
        return
    opening = html.tostring(_hollow(node), encoding="unicode").split("</", 1)[0]
    place = None
    if node.tag not in INLINE:
        place = places[opening] = places.get(opening, -1) + 1
    path = (*path, (opening, place))
    tokens += [Token(escape(" " if word.isspace() else word), path) for word in WORD.findall(node.text or "")]
    for child in node:
        _read(child, path, tokens, places)
        tokens += [Token(escape(" " if word.isspace() else word), path) for word in WORD.findall(child.tail or "")]


def _hollow(node):
    return etree.Element(node.tag, dict(node.attrib))


def _write(runs):
    """Runs of tokens as HTML: tags stay open as long as the tokens stand in them."""
    parts, stack = [], ()
    for mark, tokens in runs:
        is_open = False
        for token in tokens:
            if token.path != stack:
                parts.append(f"</{mark}>" if mark and is_open else "")
                is_open = False
                shared = next(
                    (at for at, pair in enumerate(zip(stack, token.path, strict=False)) if pair[0] != pair[1]),
                    min(len(stack), len(token.path)),
                )
                parts += [_closing(tag) for tag, _place in reversed(stack[shared:])]
                parts += [tag for tag, _place in token.path[shared:]]
                stack = token.path
            if mark and not is_open:
                parts.append(f"<{mark}>")
                is_open = True
            parts.append(token.text)
        parts.append(f"</{mark}>" if mark and is_open else "")
    return "".join(parts) + "".join(_closing(tag) for tag, _place in reversed(stack))


def _closing(opening):
    return f"</{re.match(r'<([a-zA-Z0-9]+)', opening)[1]}>"


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
