"""What was found at a point of control, compared with what is right there. No database.

Source of the rules: ISO 9001:2015 8.5.1 c (criteria for acceptance) and 8.6 (release). A limit belongs to what is
right: at the limit is within it.
"""

import math
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

CONFORM, OUT = "conform", "out"
KINDS = ("yes_no", "number", "choice")
NUMBER = re.compile(r"[+-]?[0-9.,]*[0-9][0-9.,]*")


class Criterion(NamedTuple):
    """What is right at one point.

    :param kind: "yes_no", "number" or "choice"
    :param good: the answer that is right ("yes" or "no"); for "yes_no" alone
    :param lower, upper: limits, both included; None where there is none
    :param unit: the word that may stand behind a number
    :param right, wrong: how many choices are right, how many are wrong
    """

    kind: str
    good: str = "yes"
    lower: float = None
    upper: float = None
    unit: str = ""
    right: int = 0
    wrong: int = 0


def parse_number(text, unit=""):
    """The number that a person typed, as `Decimal`, or None where nothing was typed.

    Comma or point for decimals, the full-width digits of a Chinese keyboard, the unit behind it:

    >>> parse_number("21,5"), parse_number(" ２１．５ "), parse_number("-3 °C", "°C"), parse_number("−3")
    (Decimal('21.5'), Decimal('21.5'), Decimal('-3'), Decimal('-3'))
    >>> parse_number("1,234.5"), parse_number("1.234,5"), parse_number(""), parse_number(0)
    (Decimal('1234.5'), Decimal('1234.5'), None, Decimal('0'))

    What may be read in two ways is not guessed, what is no number is none:

    >>> parse_number("1,234")
    Traceback (most recent call last):
    ValueError: ambiguous
    >>> parse_number("about 3")
    Traceback (most recent call last):
    ValueError: number
    >>> parse_number("3 mbar", "bar")
    Traceback (most recent call last):
    ValueError: unit

    :raise ValueError: "number", "unit" (another one than asked for), "finite" (NaN, infinite), "ambiguous"
    """
    if text is None or text is False:
        return None
    if isinstance(text, float) and not math.isfinite(text):
        raise ValueError("finite")
    words = unicodedata.normalize("NFKC", str(text)).replace("\u2212", "-").strip()
    unit = unicodedata.normalize("NFKC", unit or "").strip()
    if unit and words.casefold().endswith(unit.casefold()):
        words = words[: -len(unit)].strip()
    if not words:
        if str(text).strip():
            raise ValueError("number")
        return None
    if words.casefold().lstrip("+-") in ("nan", "snan", "inf", "infinity"):
        raise ValueError("finite")
    found = NUMBER.match(words)
    if not found:
        raise ValueError("number")
    if found.end() < len(words):
        raise ValueError("number" if words[found.end() :].strip()[:1].isdigit() else "unit")
    plain = _decimals(words)
    try:
        return Decimal(plain)
    except InvalidOperation as error:
        raise ValueError("number") from error


def _decimals(words):
    """Decimals behind a point, nothing between thousands."""
    comma, point = words.rfind(","), words.rfind(".")
    if comma < 0:
        if words.count(".") > 1:
            raise ValueError("ambiguous")
        return words
    if point < 0:
        whole, _comma, rest = words.partition(",")
        if "," in rest:
            raise ValueError("ambiguous")
        if len(rest) == 3 and rest.isdigit() and whole.lstrip("+-") not in ("", "0"):
            raise ValueError("ambiguous")
        return f"{whole}.{rest}"
    mark, thousands = (",", ".") if comma > point else (".", ",")
    whole, _mark, rest = words.rpartition(mark)
    groups = whole.lstrip("+-").split(thousands)
    if mark in whole or not all(len(group) == 3 for group in groups[1:]) or not 1 <= len(groups[0]) <= 3:
        raise ValueError("ambiguous")
    return f"{whole.replace(thousands, '')}.{rest}"


def answer_of(criterion, value):
    """The answer as it is kept: "yes", "no", a number with a point, "right:0", "wrong:2"; "" where there is none.

    >>> answer_of(Criterion("number", unit="bar"), "1,50 bar"), answer_of(Criterion("yes_no"), "no")
    ('1.50', 'no')
    >>> answer_of(Criterion("choice", right=1, wrong=1), "wrong:0")
    'wrong:0'
    >>> answer_of(Criterion("choice", right=1, wrong=1), "wrong:1")
    Traceback (most recent call last):
    ValueError: choice

    :raise ValueError: what `parse_number` raises, or "choice"
    """
    if value is None or value is False or not str(value).strip():
        return ""
    if criterion.kind == "number":
        number = parse_number(value, criterion.unit)
        return "" if number is None else format(number, "f")
    word = str(value).strip()
    if criterion.kind == "yes_no":
        if word not in ("yes", "no"):
            raise ValueError("choice")
        return word
    side, _colon, place = word.partition(":")
    size = {"right": criterion.right, "wrong": criterion.wrong}.get(side, 0)
    if not (place.isascii() and place.isdecimal() and int(place) < size):
        raise ValueError("choice")
    return f"{side}:{int(place)}"


def verdict(criterion, value):
    """ "conform", "out" or "" where there is no answer.

    >>> box = Criterion("number", lower=0.5, upper=1.5)
    >>> [verdict(box, value) for value in ("0.5", "1.5", "1,50001", "0,49", "")]
    ['conform', 'conform', 'out', 'out', '']
    >>> verdict(Criterion("yes_no", good="no"), "no"), verdict(Criterion("choice", right=2, wrong=1), "wrong:0")
    ('conform', 'out')

    :raise ValueError: as `answer_of`
    """
    answer = answer_of(criterion, value)
    if not answer:
        return ""
    if criterion.kind == "yes_no":
        return CONFORM if answer == criterion.good else OUT
    if criterion.kind == "choice":
        return CONFORM if answer.startswith("right:") else OUT
    number = Decimal(answer)
    # A float is the number that a person reads: 0.1, not the binary next to it.
    low = criterion.lower is not None and number < Decimal(repr(criterion.lower))
    high = criterion.upper is not None and number > Decimal(repr(criterion.upper))
    return OUT if low or high else CONFORM


def worst(grades, ladder=("minor", "major", "critical")):
    """The gravest of some grades; the lightest where there is none.

    >>> worst(["minor", "critical", "major"]), worst([])
    ('critical', 'minor')
    """
    return max(grades, key=ladder.index, default=ladder[0])
