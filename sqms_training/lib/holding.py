"""What somebody's certificates are worth on a day against what is asked for. No database."""

VALID = "valid"
# From what comes nearest to what is furthest away: the refusal names the nearest.
RANKS = ("lower", "upcoming", "expired", "revoked", "unissued")


def best_holding(rows, needed_progress, day):
    """What the nearest of the holdings is on `day`, and that holding.

    1. A holding counts from its first day to its last, both included.
    2. It counts not if it was revoked, is of a lower level than needed, or was never issued.
    3. Of several that do not count the one is named that is nearest: a valid one of a lower level, the one that
       begins first, the one that ended last, the one revoked last.

    :param rows: dicts of `progress`, `valid_from`, `valid_to`, `revoked_on` (or None), `is_issued`
    :param needed_progress: 0 to 100
    :return: `(state, row)`; `("missing", None)` if there is nothing at all

    >>> from datetime import date
    >>> held = {"progress": 50, "valid_from": date(2026, 1, 1), "valid_to": date(2026, 3, 1), "revoked_on": None,
    ...         "is_issued": True}
    >>> [best_holding([held], 50, date(2026, 3, number))[0] for number in (1, 2)]
    ['valid', 'expired']
    >>> best_holding([held], 51, date(2026, 2, 1))[0], best_holding([held], 50, date(2025, 12, 31))[0]
    ('lower', 'upcoming')
    >>> best_holding([{**held, "revoked_on": date(2026, 2, 1)}, {**held, "is_issued": False}], 0, date(2026, 2, 1))[0]
    'revoked'
    >>> best_holding([], 0, date(2026, 2, 1))
    ('missing', None)
    """
    found = {}
    for row in rows:
        state = _state(row, needed_progress, day)
        if state == VALID:
            return VALID, row
        if state not in found or _nearness(state, row) > _nearness(state, found[state]):
            found[state] = row
    for state in RANKS:
        if state in found:
            return state, found[state]
    return "missing", None


def _state(row, needed_progress, day):
    if not row["is_issued"]:
        return "unissued"
    if row["revoked_on"]:
        return "revoked"
    if row["valid_to"] < day:
        return "expired"
    if row["valid_from"] > day:
        return "upcoming"
    return VALID if row["progress"] >= needed_progress else "lower"


def _nearness(state, row):
    return {
        "lower": row["progress"],
        "upcoming": -row["valid_from"].toordinal(),
        "expired": row["valid_to"].toordinal(),
        "revoked": row["revoked_on"].toordinal() if row["revoked_on"] else 0,
        "unissued": row["progress"],
    }[state]
