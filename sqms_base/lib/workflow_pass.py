"""The pass that lets a write through the guards of the workflow, for the time of that write.

Python only: neither RPC nor server actions reach a module function.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

ANY_STATE = object()
KEEP_STATE = object()
ANY_FIELD = None
# Who may move what to where, for the time of one write. Context keys come from the client and
# prove nothing; a ContextVar can be set by server code alone.
_pass = ContextVar("sqms_workflow_pass", default=None)


class _Pass(NamedTuple):
    model: str
    ids: frozenset
    target: object
    names: object  # of the fields that may be written; ANY_FIELD for all


@contextmanager
def open_pass(records, target, names=ANY_FIELD):
    token = _pass.set(_Pass(records._name, frozenset(records.ids), target, names))
    try:
        yield
    finally:
        _pass.reset(token)


@contextmanager
def workflow_fields(records, *names):
    """Let a model's own code fill in managed fields of these records while their state stays.

    Python only: neither RPC nor server actions reach a module function.
    """
    with open_pass(records, KEEP_STATE, frozenset(names)):
        yield
        records.flush_recordset(names)


@contextmanager
def workflow_import(records, reason):
    """Let records that come from elsewhere take the state they already had.

    Python only: neither RPC nor server actions reach a module function. The reason is posted on every
    record that has a chatter, so that an imported state is never mistaken for work done here.
    """
    with open_pass(records, ANY_STATE):
        yield
        records.flush_recordset()
    records._workflow_note_import(reason)


def passed(records, names):
    """Whether the open pass covers the named fields of these records."""
    granted = _pass.get()
    return bool(
        granted
        and granted.model == records._name
        and granted.ids.issuperset(records.ids)
        and (granted.names is ANY_FIELD or granted.names.issuperset(names))
    )


def passed_to(records, target):
    """Whether the open pass lets these records reach this state."""
    return passed(records, ()) and _pass.get().target in (ANY_STATE, target)
