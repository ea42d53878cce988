"""Text in drawings: what fits into a line, and what may stand in an XML file at all."""

import re
import unicodedata
from xml.sax.saxutils import escape

# Characters that XML 1.0 forbids, and those that turn the direction of the text around them.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
NARROW = set(" .,:;'|!()[]/ijlftIr-·")


def xml_text(text):
    """Text as it may stand between tags and in attributes with double quotes.

    >>> xml_text('<b>"a" & b' + chr(0))
    '&lt;b&gt;&quot;a&quot; &amp; b'
    """
    return escape(FORBIDDEN.sub("", str(text or "")), {'"': "&quot;"})


def width_of(text, size):
    """Width of a text in pixels, estimated for a common sans-serif; Chinese characters are square.

    >>> width_of("中文", 12)
    24.0
    """
    return size * sum(_em(character) for character in text)


def _em(character):
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in NARROW:
        return 0.36
    return 0.72 if character.isupper() else 0.6


def lines_of(text, width, size, most):
    """The text in at most so many lines of this width; what does not fit ends in “…”.

    >>> lines_of("Charged twice for one repair", 90, 12, 2)
    ['Charged twice', 'for one repair']
    >>> lines_of("Charged twice for one repair", 60, 12, 1)
    ['Charged…']
    """
    lines, rest = [], " ".join(str(text or "").split())
    while rest and len(lines) < most:
        line = _first_line(rest, width, size)
        rest = rest[len(line) :].lstrip()
        lines.append(line.rstrip())
    if rest:
        last = lines[-1]
        while last and width_of(last + "…", size) > width:
            last = last[:-1]
        lines[-1] = last.rstrip() + "…"
    return lines


def _first_line(text, width, size):
    fits, used = 0, 0.0
    for character in text:
        used += size * _em(character)
        if used > width:
            break
        fits += 1
    if fits == len(text):
        return text
    blank = text.rfind(" ", 0, fits + 1)
    # Chinese breaks anywhere, a long word breaks where it must.
    if blank > 0 and unicodedata.east_asian_width(text[fits]) not in "WF":
        return text[:blank]
    return text[: max(fits, 1)]
