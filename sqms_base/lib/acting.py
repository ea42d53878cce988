"""On whose behalf a step is being taken, for the time of that step.

Python only: neither RPC nor server actions reach a module function, and no context key stands for it.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

_acting = ContextVar("sqms_acting", default=None)


class Acting(NamedTuple):
    model: str
    ids: frozenset
    uid: int  # who acts
    principal: int  # for whom
    delegation: int


@contextmanager
def acting(records, principal, delegation):
    """Take steps of these records for somebody else.

    :param principal: id of the user for whom the user of the records acts
    :param delegation: id of the delegation that lets him
    """
    token = _acting.set(Acting(records._name, frozenset(records.ids), records.env.uid, principal, delegation))
    try:
        yield
    finally:
        _acting.reset(token)


def acted_for(records):
    """The `Acting` that covers these records and their user, or None."""
    found = _acting.get()
    covers = (
        found
        and records.ids
        and found.model == records._name
        and found.uid == records.env.uid
        and found.ids.issuperset(records.ids)
    )
    return found if covers else None
