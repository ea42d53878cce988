"""A check on a set that several writes change one after the other: held back until the last of them is done.

Python only: neither RPC nor server actions reach a module function, so that no client holds a check back for good.
"""

from contextlib import contextmanager
from contextvars import ContextVar

_held = ContextVar("sqms_weights_held", default=False)


@contextmanager
def held():
    """While this lasts `is_held()` is true; whoever opened the outermost one checks afterwards.

    >>> with held():
    ...     with held():
    ...         pass
    ...     is_held()
    True
    >>> is_held()
    False
    """
    token = _held.set(True)
    try:
        yield
    finally:
        _held.reset(token)


def is_held():
    """Whether somebody above will check the set as a whole."""
    return _held.get()
