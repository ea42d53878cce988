"""How alike two complaints are: their words, the reference they name, who complains. Plain functions.

1. Words: full-width letters become plain ones, case does not count. A Latin word falls into its trigrams with two
   blanks before and one behind, as PostgreSQL's `pg_trgm` cuts it; Chinese, Japanese and Korean into pairs of
   neighbouring characters. Likeness is what two texts have in common by all that they have (0 to 1).
2. A reference is a word of letters and digits or digits alone that names an order or a contract: S00123, 20260412.
3. Two telephone numbers are one when their last nine digits are: with or without country code or leading zero.
"""

import re
import unicodedata

from odoo.addons.sqms_base.lib.fulltext import CJK

_RUN = re.compile(rf"(?P<cjk>[{CJK}]+)|[^\W_{CJK}]+")
_REFERENCE = re.compile(r"(?<![a-z0-9])(?=[a-z0-9/-]*\d{4})[a-z0-9]+(?:[/-][a-z0-9]+)*(?![a-z0-9])")
_DAY = re.compile(r"\d{4}[/-]\d{1,2}(?:[/-]\d{1,2})?")
PHONE_DIGITS = 9
FEWEST_DIGITS = 7
# Points of one hundred, by what is the same.
POINTS = {"person": 40, "company": 30, "reference": 35, "words": 25}
ALIKE = 0.45  # texts that are less alike than this are not alike at all
ALONE = 0.6  # so much alike, words count without anything else


def runs(text):
    """[(word, whether it is Chinese, Japanese or Korean)] of a text in its plain form.

    >>> runs("ＡＢ 退款, no. 7")
    [('ab', False), ('退款', True), ('no', False), ('7', False)]
    """
    plain = unicodedata.normalize("NFKC", text or "").lower()
    return [(run[0], bool(run["cjk"])) for run in _RUN.finditer(plain)]


def pieces(text):
    """What a text is compared by.

    >>> sorted(pieces("cat 重复收费"))
    ['  c', ' ca', 'at ', 'cat', '复收', '收费', '重复']
    >>> sorted(pieces("费"))
    ['费']
    """
    found = set()
    for word, is_cjk in runs(text):
        if is_cjk:
            found.update(map("".join, zip(word, word[1:], strict=False)) if len(word) > 1 else (word,))
        else:
            padded = f"  {word} "
            found.update(padded[at : at + 3] for at in range(len(padded) - 2))
    return found


def likeness(one, other):
    """What two sets of pieces have in common, by all that they have; 0 if one is empty.

    >>> likeness(pieces("Double charge"), pieces("double charge!"))
    1.0
    >>> round(likeness(pieces("重复收费"), pieces("订单重复收费")), 2)
    0.6
    >>> likeness(set(), set())
    0.0
    """
    together = len(one | other)
    return len(one & other) / together if together else 0.0


def seeds(text, most=24):
    """Words and pairs of characters by which texts that may be alike are looked for; the longest first.

    >>> seeds("Double charge on 重复收费")
    ['double', 'charge', '重复', '复收', '收费']
    """
    found = []
    for word, is_cjk in runs(text):
        if is_cjk:
            found += map("".join, zip(word, word[1:], strict=False))
        elif len(word) > 2:
            found.append(word)
    return sorted(dict.fromkeys(found), key=lambda seed: -len(seed))[:most]


def reference(*texts):
    """The first reference that one of the texts names, in its plain form, or False. A day is none.

    >>> reference("", "Double charge on order S00123")
    's00123'
    >>> reference("２０２６０４１２号订单")
    '20260412'
    >>> reference("PO-2026-0099 of 2026-05-01")
    'po-2026-0099'
    >>> reference("since 2026-05-01", "3 days late", None)
    False
    """
    for text in texts:
        plain = unicodedata.normalize("NFKC", text or "").lower()
        for found in _REFERENCE.finditer(plain):
            if not _DAY.fullmatch(found[0]) and not (found[0].isdecimal() and len(found[0]) < 5):
                return found[0]
    return False


def product(text):
    """What a complaint is about without what changes from order to order: no word with a digit in it.

    >>> product("Home cleaning, order S00123")
    'home cleaning order'
    >>> product("空调清洗 订单20260412") == product("空调清洗，订单 20260413")
    True
    >>> product("S00123")
    False
    """
    words = [word for word, _cjk in runs(text) if not any(sign.isdecimal() for sign in word)]
    return " ".join(words)[:120] or False


def phone(number):
    """The digits that tell one telephone from another, or False if there are too few.

    >>> phone("+86 138 1234 5678") == phone("138-1234-5678") == "812345678"
    True
    >>> phone("＋49 (0)151 2345678") == phone("0151 2345678")
    True
    >>> phone("12315"), phone(None)
    (False, False)
    """
    digits = "".join(sign for sign in unicodedata.normalize("NFKC", number or "") if "0" <= sign <= "9")
    return digits[-PHONE_DIGITS:] if len(digits) >= FEWEST_DIGITS else False


def score(same, words):
    """(points of a hundred, {what: its points}) by what is the same and how alike the words are; no points: no hint.

    Of “person” and “company” only the first counts. Words that are not alike give nothing, and words alone count only
    when they are very much alike.

    >>> score({"person", "reference"}, 1.0)
    (100, {'person': 40, 'reference': 35, 'words': 25})
    >>> score({"person", "company"}, 0.2)
    (40, {'person': 40})
    >>> score(set(), 0.8), score(set(), 0.5)
    ((20, {'words': 20}), (0, {}))
    """
    points = {name: POINTS[name] for name in ("person", "company", "reference") if name in same}
    if "person" in points:
        points.pop("company", None)
    if words >= (ALIKE if points else ALONE):
        points["words"] = round(POINTS["words"] * words)
    return sum(points.values()), points
