"""Words for the search in documents: Chinese of two characters and more, Latin by the beginning of words.

1. Text is folded: NFKC (full-width letters, radicals from PDFs), lower case; traditional and simplified stay apart.
2. It falls into runs: Chinese, Japanese and Korean characters on the one hand, other letters and digits on the other.
3. The index keeps each pair of neighbouring characters of a run of the first kind and its last character alone, and
   each whole word of the second kind. A term of one run and at most two characters is found exactly by the index;
   for all others the text itself is asked as well, of the few rows that are left.
"""

import html
import re
import unicodedata

CJK = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<cjk>[{CJK}]+)|[^\W_{CJK}]+")
_BLOCK = re.compile(r"<(?:/?(?:p|div|li|ul|ol|tr|td|th|table|h[1-6]|blockquote|pre|section)|br|hr)\b[^>]*>", re.I)
_TAG = re.compile(r"<[^>]*>")
BREAK = "|"  # between two parts, so that no phrase reaches from one into the other
LONGEST_WORD = 60
MOST_CHARACTERS = 400_000
MOST_BYTES = 900_000  # PostgreSQL keeps at most a megabyte of different words for one text


def fold(text):
    """The runs of a text in their plain form, separated by single blanks.

    >>> fold("ＩＳＯ 9001：客户⽂件, Café_2")
    'iso 9001 客户文件 café 2'
    """
    plain = unicodedata.normalize("NFKC", text or "").lower()[:MOST_CHARACTERS]
    return " ".join(run[0] if run["cjk"] else run[0][:LONGEST_WORD] for run in _RUN.finditer(plain))


def join(parts):
    """Several texts as one that is searched, each closed in itself.

    >>> join(["Refund", "", "退款 程序"])
    ' refund | 退款 程序 '
    """
    return f" {f' {BREAK} '.join(filter(None, map(fold, parts)))} "


def grams(text):
    """What the index keeps of a folded text.

    >>> sorted(grams(" refund | 退款程序 "))
    ['refund', '序', '款程', '程序', '退款']
    """
    found, size = set(), 0
    for run in _RUN.finditer(text):
        word = run[0]
        pieces = [*map("".join, zip(word, word[1:], strict=False)), word[-1]] if run["cjk"] else [word]
        for piece in pieces:
            if piece not in found:
                found.add(piece)
                size += len(piece.encode())
        if size > MOST_BYTES:
            break
    return found


def query(words):
    """`(words for the index as tsquery, patterns that the text must contain)`, or None if nothing is asked.

    >>> query("退款")
    ("'退款'", [])
    >>> query("Refun 退款程序")
    ("'refun':* & '退款' & '款程' & '程序'", ['退款程序'])
    >>> query("PRO/2026 款")
    ("'pro':* & '2026':* & '款':*", [' pro 2026'])
    >>> query("!!") is None
    True
    """
    wanted, patterns = [], []
    for term in (words or "").split():
        runs = list(_RUN.finditer(fold(term)))
        for run in runs:
            word = run[0]
            if not run["cjk"] or len(word) == 1:
                wanted.append(f"'{word}':*")
            else:
                wanted += [f"'{first}{second}'" for first, second in zip(word, word[1:], strict=False)]
        if len(runs) > 1 or (runs and runs[0]["cjk"] and len(runs[0][0]) > 2):
            patterns.append(("" if runs[0]["cjk"] else " ") + " ".join(run[0] for run in runs))
    return (" & ".join(dict.fromkeys(wanted)), patterns) if wanted else None


def plain(markup):
    """The words of a rich text, one block a line.

    >>> plain("<p>re<b>fund</b> &amp; pay</p><ul><li>退款</li></ul>").split()
    ['refund', '&', 'pay', '退款']
    """
    return html.unescape(_TAG.sub("", _BLOCK.sub("\n", markup or "")))
