"""What people type on public pages, read kindly and kept plain. No database, no `self`."""

import re
import unicodedata

EMAIL = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"']+\.[^@\s.,;<>\"']{2,}")


def short_title(text, length=80):
    """The first sentence of a text, short enough for a list.

    >>> short_title("It leaks. Every day.")
    'It leaks'
    """
    first = re.split(r"(?<=[.!?])\s|[。！？\n]", text, maxsplit=1)[0].strip(" .")
    return first if len(first) <= length else first[: length - 1].rstrip() + "…"


def plain_text(text):
    """Text without what only machines see: control characters, other than line ends and tabs.

    >>> plain_text("a\\r\\nb\\x1b[31mc")
    'a\\nb[31mc'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
