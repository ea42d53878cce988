"""The chain of the ledger: how a text is written, and how it is tied to the one before it.

`verify_ledger.py` follows the same rules with nothing but the standard library, so that whoever doubts this
system need not use any of its code.
"""

import hashlib
import json
import math
import secrets
from datetime import date, datetime, timezone
from decimal import Decimal

# What stands before the first entry of a chain.
GENESIS = "0" * 64
SALTED = "salted sha256"


def _plain(value):
    """What JSON has no word for."""
    if isinstance(value, datetime):
        if value.tzinfo:
            value = value.astimezone(timezone.utc).replace(tzinfo=None)
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return digest_of(bytes(value))
    if isinstance(value, set | frozenset):
        return sorted(value)
    if hasattr(value, "ids"):  # records of Odoo
        return list(value.ids)
    raise TypeError(f"{type(value).__name__} has no place in the ledger")


_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
).encode


def canonical(value):
    """A value as text, the same for the same value wherever it is written.

    Keys are sorted, nothing is padded, characters stand for themselves. Times are UTC with six digits. Bytes
    are named by their digest.

    >>> canonical({"b": 1, "a": [True, None, "é"]})
    '{"a":[true,null,"é"],"b":1}'
    >>> canonical(datetime(2026, 11, 23, 4, 0))
    '"2026-11-23T04:00:00.000000Z"'
    >>> canonical({"price": Decimal("12.30"), "day": date(2026, 11, 23)})
    '{"day":"2026-11-23","price":"12.30"}'
    >>> canonical(float("nan"))
    '"nan"'
    """
    try:
        return _encode(value)
    except ValueError:
        return _encode(_without_nan(value))


def _without_nan(value):
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: _without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(inner) for inner in value]
    return value


def link(previous, text):
    """The hash of an entry: of the hash before it and its own text.

    >>> link(GENESIS, "a") == hashlib.sha256((GENESIS + chr(10) + "a").encode()).hexdigest()
    True
    """
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def digest_of(content):
    """Stands for a long content that is kept elsewhere: its digest and its length.

    >>> digest_of("abc")["length"], digest_of(b"abc")["sha256"][:8]
    (3, 'ba7816bf')
    """
    data = content.encode() if isinstance(content, str) else content
    return {"sha256": hashlib.sha256(data).hexdigest(), "length": len(content)}


def salted(salt, text):
    """Stands in a signed text for a personal value; without the salt it tells nothing of the value.

    >>> salted("00ff", '"Wang Li"') == salted("00fe", '"Wang Li"')
    False
    """
    return {SALTED: hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()}


def new_salt():
    return secrets.token_hex(16)
