"""The escalation ladder of a clock: at which instants something is told.

1. "percent" is a share of what is counted between the start and due; for days it is measured in the working time of
   the days that count, so that no warning falls into the night. 100 percent is due itself.
2. "before" and "after" are seconds of the same measure before or after due. What would lie before the start
   is left out.
3. A clock that is paused, stopped or without a due date tells nothing.
"""

from .clock import IN_HOURS, Piece, base_of, pieces, reach


def rung_instants(state, rungs):
    """[(instant, key)] of a ladder, in its own order.

    :param rungs: `[(key, "percent" | "before" | "after", value in percent or seconds)]`
    """
    if state.due is None or state.paused or state.met_at is not None:
        return []
    course = _measured(state)
    total = sum(piece.amount(state.due) for piece in course)
    found = []
    for key, kind, value in rungs:
        amount = total + value if kind == "after" else total - value if kind == "before" else -(-total * value // 100)
        if not value and kind != "percent" or kind == "percent" and value == 100:
            instant = state.due
        else:
            instant = reach(course, amount) if amount >= 0 else None
        if instant is not None and (amount or kind == "percent"):
            found.append((instant, key))
    return found


def _measured(state):
    course = pieces(state.segments, state.course, base_of(state))
    if state.terms.unit in IN_HOURS or any(piece.amount(state.due) for piece in course):
        return course
    return [Piece(piece.start, piece.end, None) for piece in course]


def next_rung(state, rungs, told=(), since=None):
    """(instant, key) of the next rung that has not been told, the earliest first; nothing when none is left.

    :param told: keys of the rungs that have been told
    :param since: leave out what lies up to this instant
    """
    left = [found for found in rung_instants(state, rungs) if found[1] not in told]
    if since is not None:
        left = [found for found in left if found[0] > since]
    return min(left, default=None)


def next_instant(state, rungs, told=(), since=None):
    """(instant, key or None) of what happens next to a clock: a rung, or (without a key) its breach."""
    rung = next_rung(state, rungs, told, since)
    if state.due is None or state.paused or state.met_at is not None or state.breached:
        return rung
    breach = (state.due + 1, None)
    return breach if rung is None or breach[0] < rung[0] else rung
