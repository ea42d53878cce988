import re
from typing import NamedTuple

import pytz

from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.refusal import Refusal

from .cells import fold, row_digest, text_of
from .dates import Moment, local_day, parse_date, to_moment

_lt = LazyTranslate(__name__)

LEVELS = ("category_1", "category_2", "category_3", "category_4")
MOMENTS = ("received_at", "closed_at")
CHOICES = ("outcome", "decision", "state", "wish", "severity", "impact", "level", "close_reason")
LONG_TEXTS = ("description", "answer", "reason", "root_cause")
AMOUNTS = ("amount", "loss_amount")
CLOSING_STATES = ("closed", "withdrawn")
MAX_LINE_TEXT = 250
OTHERWISE = "*"
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?|[0-9]{1,3}(,[0-9]{3}){1,3}(\.[0-9]{1,4})?")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")


class Column(NamedTuple):
    """What becomes of one column of the file."""

    name: str
    target: str
    required: bool = False
    is_key: bool = False
    # source value as folded -> value of ours; `*` stands for all others
    values: dict = {}


class Plan(NamedTuple):
    """A mapping profile as plain data, so that it can be applied without a database."""

    columns: tuple
    date_format: str
    zone: str
    choices: dict  # target -> values that exist
    state: str = "received"
    source: str = ""

    def missing(self, header):
        """Columns that the profile names and the file does not have."""
        return [name for name in dict.fromkeys(column.name for column in self.columns) if name not in header]


class Mapped(NamedTuple):
    """A row in our words, and what is wrong with it: [(column, value, sentence)]."""

    line: int
    cells: tuple
    values: dict
    kept: dict
    identity: str
    faults: list


def map_row(row, header, plan, now):
    """Translate a row of the file.

    1. All faults of the row are found, not the first alone.
    2. Nothing of the row is lost: what has no field, and every value that was replaced by one of ours, is kept.
    3. Its identity is the reference it carries elsewhere, else its key columns, else all of it.
    """
    faults = [("", "", row.fault)] if row.fault else []
    if faults:
        return Mapped(row.line, row.cells, {}, {}, "", faults)
    cells = dict(zip(header, row.cells, strict=True))
    texts = {name: text_of(cell) for name, cell in cells.items()}
    values = {}
    for column in plan.columns:
        try:
            value = _value(column, cells[column.name], texts[column.name], plan, now)
        except Refusal as refusal:
            faults.append((column.name, texts[column.name], refusal.sentence))
            continue
        if value not in (None, ""):
            values[column.target] = value
        elif column.required:
            faults.append((column.name, "", _lt("The cell is empty, but it is needed.")))
    faults += _contradictions(values, plan, now) if not faults else []
    values.setdefault("state", plan.state)
    kept = _kept(texts, values, plan)
    return Mapped(row.line, row.cells, _finished(values), kept, _identity(values, texts, plan), faults)


def _value(column, cell, text, plan, now):
    """One cell as the value of its target; empty when there is none."""
    if column.values:
        text = _replaced(column, text)
    if not text:
        return ""
    if column.target in MOMENTS:
        return to_moment(*parse_date(cell, plan.date_format), plan.zone, now)
    if column.target == "event_date":
        return parse_date(cell, plan.date_format)[0].date()
    if column.target in CHOICES and text not in plan.choices[column.target]:
        raise Refusal(_lt("“%(value)s” is not in the value list of the profile.", value=text[:80]))
    if column.target == "customer_email" and not _EMAIL.fullmatch(text):
        raise Refusal(_lt("“%(value)s” is no email address.", value=text[:80]))
    if column.target in AMOUNTS:
        return to_amount(text)
    if column.target in LONG_TEXTS:
        return text
    text = " ".join(text.split())
    if len(text) > MAX_LINE_TEXT:
        raise Refusal(
            _lt("The text has %(found)s characters, more than %(limit)s.", found=len(text), limit=MAX_LINE_TEXT)
        )
    return text


def to_amount(text):
    """An amount of money as it stands in a file, in the currency of the company.

    A point parts the decimals, commas may part thousands; what could be read in two ways is refused.

    :raise Refusal: it is no amount

    >>> to_amount("1,234.50"), to_amount("86"), to_amount(" 0.5 ")
    (1234.5, 86.0, 0.5)
    """
    if not _AMOUNT.fullmatch(text.strip()):
        raise Refusal(_lt("“%(value)s” is no amount; write it like 1234.50.", value=text[:80]))
    return float(text.replace(",", ""))


def _replaced(column, text):
    """The value of ours for a value of the file. Names may pass as they are, choices must be listed."""
    known = column.values
    if fold(text) in known:
        return known[fold(text)]
    if not text:
        return ""
    if OTHERWISE in known:
        return known[OTHERWISE]
    return text


def _contradictions(values, plan, now):
    state = values.get("state", plan.state)
    received, closed = values.get("received_at"), values.get("closed_at")
    today = local_day(now, pytz.timezone(plan.zone))
    if received and (received.day > today or received.utc > now):
        yield "", received.told(), _lt("The complaint was received in the future.")
    if closed and (closed.day > today or closed.utc > now):
        yield "", closed.told(), _lt("The complaint was closed in the future.")
    if received and closed and _is_before(closed, received):
        yield "", closed.told(), _lt("The complaint was closed before it was received.")
    if closed and state not in CLOSING_STATES:
        yield "", closed.told(), _lt("The complaint has a closing date, but is not closed.")


def _is_before(first, second):
    """Whether it is certainly before; on the same day the hours count only if both are known."""
    return first.utc < second.utc and (first.day < second.day or (first.is_exact and second.is_exact))


def _finished(values):
    """Moments as instants, and category levels as one path; an empty level in between is passed over."""
    plain = {
        target: value.utc if isinstance(value, Moment) else value
        for target, value in values.items()
        if target not in LEVELS
    }
    if "closed_at" in plain and "received_at" in plain:
        plain["closed_at"] = max(plain["closed_at"], plain["received_at"])
    return {**plain, "category": tuple(values[level] for level in LEVELS if level in values)}


def _kept(texts, values, plan):
    """The columns as the file had them, unless a field of ours shows the very same.

    A path does not tell which level was empty: then the levels are kept as well.
    """
    filled = [level in values for level in LEVELS]
    gap = filled != sorted(filled, reverse=True)
    shown = {
        column.name
        for column in plan.columns
        if column.target != "history" and not column.values and not (gap and column.target in LEVELS)
    }
    return {name: text for name, text in texts.items() if text and name not in shown}


def _identity(values, texts, plan):
    if values.get("external_ref"):
        return "ref:" + row_digest([("source", fold(plan.source)), ("reference", values["external_ref"])])
    dates = {
        column.name: values[column.target].told()
        for column in plan.columns
        if isinstance(values.get(column.target), Moment)
    }
    keys = [column.name for column in plan.columns if column.is_key]
    filled = [(name, dates.get(name, texts[name])) for name in keys or texts]
    return ("key:" if keys else "row:") + row_digest((name, text) for name, text in filled if text)
