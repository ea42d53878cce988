import calendar
import json
from datetime import datetime, timezone

from odoo import fields, models
from odoo.tools import SQL

from ..lib.clock import derive
from ..lib.clock_pass import managing_clocks
from ..lib.clock_rungs import next_instant

AT_ONCE = 20_000
DERIVED = (
    "start_at", "due_at", "paused", "met_at", "breached_at", "remaining", "next_at", "next_rung", "armed_at", "epoch",
)  # fmt: skip


def seconds(moment):
    """Seconds since 1970 of a naive UTC moment."""
    return calendar.timegm(moment.timetuple())


def moment(instant):
    """The naive UTC moment of an instant."""
    return datetime.fromtimestamp(instant, timezone.utc).replace(tzinfo=None)


def _array(values):
    """An array as PostgreSQL reads it; much quicker than one parameter for each value."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


class SqmsClockDerive(models.Model):
    """The one method that fills in what follows from the events."""

    _inherit = "sqms.clock"

    def _refresh(self):
        """Count anew and store what has changed: on the clocks, and the nearest deadline on their records.

        1. A breach is marked with the instant at which the clock was due.
        2. A breach that a later entry removes withdraws what was told of it and raises the epoch, so that what is still
           to come may be told again; what lies in the past is not.
        3. A clock that has just stopped keeps the working time it was judged by.

        :return: the clocks whose due date, or while paused what is left, is another than it was
        """
        now, moved = seconds(fields.Datetime.now()), []
        for start in range(0, len(self), AT_ONCE):
            moved += self.browse(self._ids[start : start + AT_ONCE])._refresh_batch(now)
        return self.browse(moved)

    def _refresh_batch(self, now):  # noqa: C901 (one pass over the rows, each kind of change noted)
        Clock = self.env["sqms.clock"].sudo()
        rows, events, book = Clock._load(self._ids)
        told = Clock._told_rungs(self._ids)
        changed, moved, healed, broken, kept, postponed = [], [], [], [], [], []
        for row in rows:
            clock_id, epoch, armed = row[0], row[7], row[16]
            state = derive(events.get(clock_id, ()), now)
            own = told.get(clock_id, ())
            if row[12] is not None and not state.breached:
                healed.append(clock_id)
                epoch, armed, own = epoch + 1, now, ()
            elif row[12] is None and state.breached:
                broken.append(clock_id)
            values = (state.start, *self._derived(state, book, own, armed), armed, epoch)
            if values != (*row[8:17], row[7]):
                changed.append((clock_id, *values))
            if state.due != row[9] or (state.paused and state.remaining != row[13]):
                postponed.append(clock_id)
            if state.met_at is not None and row[11] is None:
                kept += self._time_to_keep(state, book)
            if state.start is not None:
                step, calendar_id = book.step_of(state.terms)
                if (step, calendar_id) != (row[4], row[5]):
                    moved.append((clock_id, step, calendar_id))
        if healed:
            Clock.browse(healed)._withdraw_notices()
        self._store(changed)
        self._store_kept_time(kept)
        Clock._store_terms(moved)
        Clock.browse([row[0] for row in rows]).invalidate_recordset([*DERIVED, "status"])
        self._refresh_records({(row[1], row[2]) for row in rows})
        if broken:
            Clock.browse(broken)._on_breached()
        if healed:
            Clock.browse(healed)._on_healed()
        return postponed

    def _on_breached(self):
        """These clocks have become late, or came late. Whoever has promised something hears of it."""

    def _on_healed(self):
        """These clocks were late by what was known, and are not by what was entered afterwards."""

    def _derived(self, state, book, told, armed):
        """(due, paused, met, breached, remaining, next, next rung) to be stored."""
        if state.start is None:
            return None, False, None, None, 0, None, None
        rungs = book.rungs_of(state.terms)
        following = next_instant(state, rungs, told, armed) if state.met_at is None else None
        return (
            state.due, state.paused, state.met_at, state.due if state.breached else None,
            state.remaining, *(following or (None, None)),
        )  # fmt: skip

    def _stored_values(self, state, book):
        """What is stored of a clock that has just started, as values of its fields."""
        due, paused, met, breached, remaining, next_at, rung = self._derived(state, book, (), None)
        moments = {"start_at": state.start, "due_at": due, "met_at": met, "breached_at": breached, "next_at": next_at}
        return {
            **{name: instant is not None and moment(instant) for name, instant in moments.items()},
            "paused": paused, "remaining": remaining, "next_rung": rung or False, "armed_at": False, "epoch": 0,
        }  # fmt: skip

    def _told_rungs(self, ids):
        """`{clock id: {rung id}}` of what has been told in the present epoch of each clock. The escalation knows."""
        return {}

    def _withdraw_notices(self):
        """These clocks are not late any more: what was told of it is withdrawn. The escalation does it."""

    def _store(self, changed):
        if not changed:
            return
        columns = [_array(column) for column in zip(*((row[0], *row[1:]) for row in changed), strict=True)]
        self.env.cr.execute(SQL(
            """UPDATE sqms_clock AS c
                  SET start_at = to_timestamp(v.start_at) AT TIME ZONE 'UTC',
                      due_at = to_timestamp(v.due_at) AT TIME ZONE 'UTC',
                      paused = v.paused,
                      met_at = to_timestamp(v.met_at) AT TIME ZONE 'UTC',
                      breached_at = to_timestamp(v.breached_at) AT TIME ZONE 'UTC',
                      remaining = v.remaining,
                      next_at = to_timestamp(v.next_at) AT TIME ZONE 'UTC',
                      next_rung = v.next_rung,
                      armed_at = to_timestamp(v.armed_at) AT TIME ZONE 'UTC',
                      epoch = v.epoch
                 FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::boolean[], %s::bigint[], %s::bigint[],
                             %s::int[], %s::bigint[], %s::int[], %s::bigint[], %s::int[])
                      AS v(id, start_at, due_at, paused, met_at, breached_at, remaining, next_at, next_rung, armed_at,
                           epoch)
                WHERE c.id = v.id""", *columns))  # fmt: skip

    def _store_terms(self, moved):
        """After a change of regime the clock belongs to the other one."""
        data, alike = self.env["sqms.clock.step"]._data, {}
        for clock_id, step_id, calendar_id in moved:
            alike.setdefault((step_id, calendar_id), []).append(clock_id)
        for (step_id, calendar_id), ids in alike.items():
            with managing_clocks():
                clocks = self.browse(ids)
                clocks.write({"step_id": step_id, "policy_id": data(step_id)["policy_id"], "calendar_id": calendar_id})
                clocks.flush_recordset()

    # -- what a stopped clock keeps ---------------------------------------------------

    def _time_to_keep(self, state, book):
        """[(event id, JSON)] of the stop, with what it keeps."""
        stop = next((event for event in state.history if event.kind == "stop" and event.at == state.met_at), None)
        kept = self._kept_time(state, book)
        return [(stop.id, json.dumps(kept))] if stop and kept else []

    def _kept_time(self, state, book):
        """`{calendar id: working time}` from the start to the stop or to due, whichever is later."""
        return {
            str(book.step_of(terms)[1]): terms.timetable.cut(state.start, max(state.met_at, state.due or state.met_at))
            for _since, terms in state.segments
            if terms.unit != "hours" and book.step_of(terms)[1] and not terms.timetable.flexible
        }

    def _store_kept_time(self, kept):
        if kept:
            self.env.cr.execute(SQL(
                """UPDATE sqms_clock_event AS e SET working_time = v.kept::jsonb
                     FROM unnest(%s::int[], %s::text[]) AS v(id, kept) WHERE e.id = v.id""",
                [number for number, _kept in kept], [text for _number, text in kept]))  # fmt: skip
            self.env["sqms.clock.event"].browse([number for number, _kept in kept]).invalidate_recordset(
                ["working_time"]
            )

    # -- the nearest deadline, on the record ---------------------------------------------

    def _refresh_records(self, records):
        """Lists of records show and sort their nearest deadline without a join: it is stored on them."""
        by_model = {}
        for model, res_id in records:
            by_model.setdefault(model, []).append(res_id)
        for model, ids in by_model.items():
            if model not in self.env or "clock_due_at" not in self.env[model]._fields:
                continue
            Model = self.env[model]
            self.env.cr.execute(SQL(
                """UPDATE %(table)s AS r
                      SET clock_due_at = n.due_at, clock_nearest_id = n.id
                     FROM (SELECT DISTINCT ON (w.id) w.id AS res_id, c.id, c.due_at
                             FROM unnest(%(ids)s::int[]) AS w(id)
                        LEFT JOIN sqms_clock c
                               ON c.res_model = %(model)s AND c.res_id = w.id AND c.met_at IS NULL
                                  AND c.start_at IS NOT NULL
                         ORDER BY w.id, c.due_at NULLS LAST, c.id) AS n
                    WHERE r.id = n.res_id
                      AND (r.clock_due_at, r.clock_nearest_id) IS DISTINCT FROM (n.due_at, n.id)""",
                table=SQL.identifier(Model._table), model=model, ids=_array(ids)))  # fmt: skip
            Model.browse(ids).invalidate_recordset(
                ["clock_due_at", "clock_nearest_id", "clock_badges", "clock_ids"], flush=False
            )
