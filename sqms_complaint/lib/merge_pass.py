"""The pass under which complaints are merged and merges undone, for the time of that write.

Python only: neither RPC nor server actions reach a module function.

>>> merges()
False
>>> with merging():
...     merges()
True
"""

from contextlib import contextmanager
from contextvars import ContextVar

_merging = ContextVar("sqms_complaint_merge_pass", default=False)


@contextmanager
def merging():
    token = _merging.set(True)
    try:
        yield
    finally:
        _merging.reset(token)


def merges():
    return _merging.get()
