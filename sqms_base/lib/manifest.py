"""What was signed, as canonical text, and what of it has changed since. Plain data, no ORM."""

import hashlib
import json

LONG = 8192  # characters; of a longer text the manifest holds digest and length


def canonical(value):
    """One text for one value: sorted keys, no blanks, UTF-8.

    >>> canonical({"b": 1, "a": "退款"})
    '{"a":"退款","b":1}'

    :raise ValueError: not a number (NaN) and infinity have no canonical form
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(text):
    """SHA-256 of a text, 64 hexadecimal digits.

    >>> digest("")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(text.encode()).hexdigest()


def short(text):
    """A digest as people compare it: its two ends.

    >>> short("7f3a91c4" + "0" * 48 + "e20b5d18")
    '7f3a 91c4 … e20b 5d18'
    """
    return f"{text[:4]} {text[4:8]} … {text[-8:-4]} {text[-4:]}" if text else ""


def abridged(text):
    """A text itself, or digest and length of a long one (pictures inside it make megabytes).

    >>> abridged("short")
    'short'
    >>> sorted(abridged("x" * 9000))
    ['characters', 'sha256']
    """
    return text if len(text) <= LONG else {"sha256": digest(text), "characters": len(text)}


def changes(signed, current):
    """The names among the signed values that no longer stand as they were signed, in the order of the manifest.

    1. A name that is gone counts as changed.
    2. A language that was added later is no change; one that was changed or taken away is.
    3. A file is compared by name, size and SHA-1 where the current values hold no SHA-256.

    >>> changes({"title": {"en_US": "Refund"}}, {"title": {"en_US": "Refund", "zh_CN": "退款"}})
    []
    >>> changes({"title": {"en_US": "Refund", "zh_CN": "退款"}, "edition": 1}, {"title": {"en_US": "Refund"}})
    ['title', 'edition']
    >>> changes({"files": [{"name": "a", "sha1": "1", "sha256": "2"}]}, {"files": [{"name": "a", "sha1": "1"}]})
    []
    """
    return [name for name, value in signed.items() if name not in current or not _same(value, current[name])]


def _same(signed, current):
    if isinstance(signed, dict) and isinstance(current, dict):
        cheap = "sha1" in current and "sha256" not in current
        return all(
            (cheap and key == "sha256") or (key in current and _same(value, current[key]))
            for key, value in signed.items()
        )
    if isinstance(signed, list) and isinstance(current, list):
        return len(signed) == len(current) and all(map(_same, signed, current))
    # True == 1 in Python, not in a manifest.
    return type(signed) is type(current) and signed == current
