"""Who is asked: a draw that nobody can bend and everybody can repeat. Plain Python."""

import hashlib
import random

SPACE = 2**64


def is_drawn(key, percent):
    """Whether a resolution is asked, by a digest of its key: the same for ever, and for each key by itself.

    The key holds a secret of the database, so that nobody knows beforehand which complaints are asked.

    >>> is_drawn("secret/7/0", 100), is_drawn("secret/7/0", 0)
    (True, False)
    >>> is_drawn("secret/7/0", 30) == is_drawn("secret/7/0", 30)
    True
    """
    digest = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")
    return digest < percent / 100 * SPACE


def effective_percent(percent, at_least, expected):
    """The share that is asked so that at least so many are asked of those expected in a month.

    >>> effective_percent(10, 30, 1000), effective_percent(10, 30, 60), effective_percent(10, 30, 0)
    (10, 50.0, 100.0)
    """
    if not at_least:
        return percent
    return max(percent, min(100.0, 100 * at_least / expected) if expected else 100.0)


def draw(members, size, seed):
    """A simple random sample without replacement, the same for the same members and seed on every machine.

    Each member is given a place by the digest of seed and id, and the first ones are taken: any order of the members
    gives the same sample, and a larger sample holds the smaller one.

    >>> draw([3, 1, 2], 2, "a") == draw([1, 2, 3], 2, "a")
    True
    >>> set(draw(range(100), 5, "a")) <= set(draw(range(100), 9, "a"))
    True
    >>> draw([1, 2], 5, "a") == sorted([1, 2])
    True
    """
    placed = sorted(set(members), key=lambda member: (hashlib.sha256(f"{seed}/{member}".encode()).digest(), member))
    return sorted(placed[: max(size, 0)])


def new_seed():
    """A seed nobody chose.

    >>> len(new_seed())
    16
    """
    return f"{random.SystemRandom().getrandbits(64):016x}"
