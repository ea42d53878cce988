"""Large files in pieces."""

import hashlib
from itertools import islice


def digest_of(stream):
    """SHA-256 of a whole file, in hexadecimal; the file is at its beginning before and after."""
    stream.seek(0)
    total = hashlib.sha256()
    while chunk := stream.read(1024 * 1024):
        total.update(chunk)
    stream.seek(0)
    return total.hexdigest()


def in_batches(rows, size):
    """The rows in lists of `size`, the last one shorter.

    >>> list(in_batches("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch


def as_ranges(lines):
    """Line numbers in short.

    >>> as_ranges([2, 3, 4, 9]), as_ranges([])
    ('2-4, 9', '')
    """
    spans = []
    for line in lines:
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
