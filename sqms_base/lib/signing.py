"""Who signs what right now: set by server code in the call that has checked the password, seen by that call alone.

Python only: neither RPC nor server actions reach a module function.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

_step = ContextVar("sqms_signing_step", default=None)
_rows = ContextVar("sqms_signing_rows", default=None)


class Proof(NamedTuple):
    """That the person at the keyboard is the user of this call."""

    uid: int
    method: str
    second_factor: bool
    address: str


class _Step(NamedTuple):
    model: str
    ids: frozenset
    name: str
    proof: Proof
    seen: object


@contextmanager
def signing_step(records, name, proof, seen=None):
    """For the time of one call these records may take this one step, signed by the person of the proof.

    :param seen: `{record id: digest}` of what the person was shown, or None
    """
    token = _step.set([_Step(records._name, frozenset(records.ids), name, proof, seen)])
    try:
        yield
    finally:
        _step.reset(token)


def take_signing(records, name):
    """The signing that is under way for exactly these records, this step and this user, once; or None."""
    under_way = _step.get()
    if not under_way:
        return None
    step = under_way[0]
    if (step.model, step.ids, step.name, step.proof.uid) != (
        records._name,
        frozenset(records.ids),
        name,
        records.env.uid,
    ):
        return None
    under_way.clear()
    return step


@contextmanager
def making_rows(rows):
    """Let exactly these rows (`(model, id, user, meaning, digest)`) be written, each once."""
    token = _rows.set(list(rows))
    try:
        yield
    finally:
        _rows.reset(token)


def take_row(row, peek=False):
    """Whether this row may be written now; the second time it may not. With `peek` it is only looked at."""
    expected = _rows.get()
    if not expected or row not in expected:
        return False
    if not peek:
        expected.remove(row)
    return True
