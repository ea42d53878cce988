"""The pass under which clocks and their events are written, for the time of that write.

Python only: neither RPC nor server actions reach a module function.
"""

from contextlib import contextmanager
from contextvars import ContextVar

_managing = ContextVar("sqms_clock_pass", default=False)


@contextmanager
def managing_clocks():
    token = _managing.set(True)
    try:
        yield
    finally:
        _managing.reset(token)


def manages_clocks():
    return _managing.get()
