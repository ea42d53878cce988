"""Who chose the person that a record is given to: somebody, or the system itself.

Python only: neither RPC nor server actions reach a module function, and a key in the context proves nothing.
Whatever is said here, nobody gets what he is not eligible for: it decides between a refusal (a person named
someone) and an empty field with a word to the dispatcher (the system did).
"""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

_choices = ContextVar("sqms_system_choices", default=())
_named = ContextVar("sqms_named_in_create", default=None)


class _Choice(NamedTuple):
    model: str
    computed: bool
    rows: tuple  # of `(data, named)` while records are created


@contextmanager
def system_choice(model_name, computed=False, rows=()):
    """Meanwhile what is assigned on records of this model is the system's own choice.

    :param computed: by a compute method
    :param rows: only for the records of these rows that did not name anybody
    """
    token = _choices.set((*_choices.get(), _Choice(model_name, computed, tuple(rows))))
    try:
        yield
    finally:
        _choices.reset(token)


def is_computing(model_name):
    """Whether the innermost choice on this model is that of a compute method."""
    own = [choice for choice in _choices.get() if choice.model == model_name]
    return bool(own) and own[-1].computed


def chosen_by_system(records):
    """The records among these whose assignee the system has chosen."""
    chosen = records.browse()
    for choice in _choices.get():
        if choice.model != records._name:
            continue
        if not choice.rows:
            return records
        ids = {data["record"].id for data, named in choice.rows if not named and data.get("record")}
        chosen |= records.filtered(lambda record, ids=ids: record.id in ids)
    return chosen


def remember_named(model_name, named):
    """Keep which rows of a `create` name somebody, until they are inserted."""
    _named.set((model_name, named))


def recall_named(model_name, count):
    """What `remember_named` kept of the same `create`; where nothing is known, somebody was named."""
    kept = _named.get()
    _named.set(None)
    if not kept or kept[0] != model_name or len(kept[1]) != count:
        return [True] * count
    return kept[1]
