"""A name that the person who holds the certificate recognises, and nobody can look up."""

import unicodedata


def _is_han(character):
    return unicodedata.name(character, "").startswith("CJK UNIFIED IDEOGRAPH")


def masked_name(name):
    """Hide what makes a name a person's own.

    1. A Chinese name keeps its first character.
    2. A name in other letters keeps its first letter and its last word.
    3. A name of one word keeps its first letter.
    4. What stands in brackets (a nickname, a number) is not shown.

    >>> [masked_name(name) for name in ("Wang Li", "王丽", "欧阳 娜娜", "Madonna")]
    ['W*** Li', '王*', '欧*', 'M***']
    >>> [masked_name(name) for name in ("Ana Maria Silva (HR 12)", "Li (李雷)", "")]
    ['A*** Silva', 'L***', '***']
    """
    plain = "".join(" " if character in "（）()[]" else character for character in _outside_brackets(name or ""))
    words = [word for word in plain.split() if any(character.isalpha() for character in word)]
    if not words:
        return "***"
    first = next(character for character in words[0] if character.isalpha())
    if _is_han(first):
        return f"{first}*"
    return f"{first}*** {words[-1]}" if len(words) > 1 else f"{first}***"


def _outside_brackets(name):
    depth = 0
    for character in name:
        if character in "（([":
            depth += 1
        elif character in "）)]":
            depth = max(depth - 1, 0)
        elif not depth:
            yield character
