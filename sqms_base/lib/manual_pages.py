"""On which page of a print each chapter begins.

The first print carries a mark at each heading; the marks are looked for page by page, and the second print, without
marks but of the same shape, has the numbers in its table of contents.
"""

import re
import unicodedata


def mark_of(key):
    """The mark of a chapter. It has no capital and no blank, so that any way of extracting text finds it again.

    >>> mark_of("scope")
    '@@scope@@'
    """
    return f"@@{key}@@"


def find_pages(texts, keys):
    """`{key: number of the page}`, counted from one, of each mark that is found.

    :param texts: the text of each page, as extracted: characters may stand apart or in compatibility forms
    :param keys: the chapters that were marked

    >>> find_pages(["Cover", "a @@sc ope@@ b", "@@policy@@"], ["scope", "policy", "goals"])
    {'scope': 2, 'policy': 3}
    """
    found = {}
    for number, text in enumerate(texts, start=1):
        plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
        for key in keys:
            if key not in found and mark_of(key) in plain:
                found[key] = number
    return found
