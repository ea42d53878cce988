from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, ormcache
from odoo.tools.misc import clean_context

from ..lib.clock import JOINED, Event, derive
from ..lib.clock_pass import managing_clocks
from .sqms_clock_derive import seconds

AT_HAND = timedelta(minutes=5)  # so much earlier is still “now”


class SqmsClockActs(models.Model):
    """What may happen to a clock: it is started, paused, resumed, stopped, reopened, put under another regime.

    1. Nothing is entered for the future.
    2. What has no effect (a pause of a stopped clock) is left out for that clock; the others go on.
    3. What is entered afterwards is backdating: `sqms_clock_backdating` says who may do it.
    4. Start, stop, reopening and a change of regime follow from the work on the record; a client cannot ask for them.
    """

    _inherit = "sqms.clock"

    # -- started ---------------------------------------------------------------------

    @api.private
    @api.model
    def start(self, records, policy, at=None, previous=None):
        """Start the steps of a regime on these records.

        :param policy: a verified `sqms.clock.policy`: all its steps; or some `sqms.clock.step` of verified ones
        :param at: when it began (naive UTC); now when not given
        :param previous: `{record id: clock}` that the new ones follow
        :return: the clocks
        """
        steps = policy.sudo().step_ids if policy._name == "sqms.clock.policy" else policy
        none = self.browse()
        return self._start_all(
            [(record, step, (previous or {}).get(record.id, none)) for record in records for step in steps._ids], at
        )

    def _start_all(self, starts, at=None, moments=None, met=(), joined=None):
        """Start many clocks at once: a list of (record, step id, the clock it follows or an empty one).

        :param moments: `{(record id, step id): naive UTC}` of those that began at another time than the rest
        :param met: the (record id, step id) that are met the moment they begin
        :param joined: why the clocks come to their records later than they count from; then they have at least the
            grace of their regime from now on
        """
        if not starts:
            return self.browse()
        now = fields.Datetime.now()
        at = self._instant(at, now)
        companies, people = {}, {}
        for name in {record._name for record, _step, _previous in starts}:
            records = self.env[name].union(*(record for record, _step, _previous in starts if record._name == name))
            if hasattr(records, "_clock_company"):
                companies.update(((name, key), company) for key, company in records._clock_company().items())
                people.update(((name, key), user) for key, user in records._clock_responsible().items())
        values = []
        for record, step_id, previous in starts:
            key = (record._name, record.id)
            values.append({
                **self._prepare_start_values(record, step_id, companies.get(key)),
                "user_id": people[key].id if people.get(key) else False,
                "previous_id": previous.id,
                "start_at": self._instant((moments or {}).get((record.id, step_id)) or at, now),
                "met_at": (record.id, step_id) in met,
            })  # fmt: skip
        return self._create_started(values, now, joined)

    def _prepare_start_values(self, record, step_id, company=None):
        step = self.env["sqms.clock.step"]._data(step_id)
        if step["state"] != "verified":
            policy = self.env["sqms.clock.policy"].browse(step["policy_id"])
            raise UserError(
                self.env._(
                    "%(policy)s is not verified: no deadline is counted by it.", policy=policy.sudo().display_name
                )
            )
        company = company or self.env["res.company"].browse(step["company_id"]) or self.env.company
        if step["company_id"] and step["company_id"] != company.id:
            policy = self.env["sqms.clock.policy"].browse(step["policy_id"])
            raise UserError(
                self.env._(
                    "%(policy)s belongs to another company than %(record)s.",
                    policy=policy.sudo().display_name,
                    record=record.display_name,
                )
            )
        own = self.env["resource.calendar"].sudo().browse(step["calendar_id"])
        calendar = own or company.sudo().resource_calendar_id
        zone = self._zone_of(calendar.id) if calendar else False
        return {
            "res_model": record._name,
            "res_id": record.id,
            "policy_id": step["policy_id"],
            "step_id": step_id,
            "company_id": company.id,
            "calendar_id": calendar.id,
            "tz": zone or company._sqms_tz(),
        }

    @api.model
    @ormcache("calendar_id")
    def _zone_of(self, calendar_id):
        return self.env["resource.calendar"].sudo().browse(calendar_id).tz

    def _create_started(self, values, now, joined=None):
        """The clocks with what follows from their start: nothing is read back."""
        Clock = self._clean("sqms.clock")
        book, instant = (
            Clock._book({own["step_id"] for own in values}, min(own["start_at"] for own in values)),
            seconds(now),
        )
        entered, derived = [], {}
        for own in values:
            terms = book.find(own["step_id"], own["calendar_id"], own["company_id"], None, own["tz"])
            events = self._prepare_start_events(own, now, joined)
            alike = (id(terms), own["start_at"], own["met_at"])
            if alike not in derived:
                derived[alike] = self._derive_start(events, terms, instant, book)
            stored, kept = derived[alike]
            own.update(stored)
            if kept:
                events[-1]["working_time"] = kept
            entered.append(events)
        with managing_clocks():
            clocks = Clock.create(values)
            self._clean("sqms.clock.event").create([
                {**event, "clock_id": clock.id}
                for clock, events in zip(clocks, entered, strict=True) for event in events
            ])  # fmt: skip
            clocks.flush_recordset()
        clocks._refresh_records({(own["res_model"], own["res_id"]) for own in values})
        if late := [clock.id for clock, own in zip(clocks, values, strict=True) if own["breached_at"]]:
            Clock.browse(late)._on_breached()
        return clocks.with_env(self.env)

    def _prepare_start_events(self, own, now, joined):
        terms = {"step_id": own["step_id"], "calendar_id": own["calendar_id"]}
        events = [{"kind": "start", "at": own["start_at"], "note": joined, **terms}]
        if joined and own["start_at"] < now:
            events.append({"kind": "policy", "at": now, "reason": JOINED, "note": joined, **terms})
        if own["met_at"]:
            events.append({"kind": "stop", "at": own["start_at"]})
        blank = {"reason": False, "note": False, "step_id": False, "calendar_id": False, "working_time": None}
        return [{**blank, **event, "entered_at": now, "user_id": self.env.uid} for event in events]

    def _derive_start(self, events, terms, instant, book):
        """(values to store on the clock, working time to keep on its stop)."""
        told = [
            Event(
                number, seconds(event["at"]), event["kind"], event["reason"] or "", event["step_id"] and terms or None
            )
            for number, event in enumerate(events)
        ]
        state = derive(told, instant)
        return self._stored_values(state, book), self._kept_time(state, book) if state.met_at is not None else None

    # -- what may happen then -------------------------------------------------------------

    def pause(self, reason, at=None, why=None):
        """Let the clocks wait for a reason that their steps honour.

        :param reason: code of a `sqms.clock.reason`
        :param at: when it began (naive UTC, not in the future); now when not given
        :param why: the reason for entering it afterwards
        :return: the clocks that it holds
        """
        honouring = self.filtered(lambda clock: reason in clock._step_data()["pauses"])
        if self and not honouring:
            raise UserError(
                self.env._(
                    "%(clock)s cannot be paused for this reason. Possible reasons: %(reasons)s.",
                    clock=self[0].display_name,
                    reasons=", ".join(self.sudo().step_id.reason_ids.with_env(self.env).mapped("name"))
                    or self.env._("none"),
                )
            )
        return honouring._enter("pause", at, reason, why)

    def resume(self, reason=None, at=None, why=None):
        """Let the clocks go on: this reason has passed, or (without one) all of them."""
        return self._enter("resume", at, reason, why)

    @api.private
    def stop(self, at=None, why=None):
        """The clocks have come to their end; they keep the working time they are judged by."""
        return self._enter("stop", at, why=why)

    @api.private
    def reopen(self, at=None, why=None):
        """Stopped clocks go on with what was left."""
        return self._enter("reopen", at, why=why)

    @api.private
    def change_policy(self, policy, at=None, recount=None, why=None):
        """Put running clocks under another regime: each under the step with its code, or the first.

        :param recount: "start" or "now"; what the new regime says when not given
        :param why: what brought the change about
        :return: the clocks that changed
        """
        if policy.sudo().state != "verified":
            raise UserError(
                self.env._("%(policy)s is not verified: no deadline is counted by it.", policy=policy.display_name)
            )
        steps = {step.code: step.id for step in policy.sudo().step_ids.sorted(reverse=True)}
        first, changed = policy.sudo().step_ids[:1].id, self.browse()
        for clocks in self.grouped(lambda clock: (clock._chain(), clock.company_id)).values():
            clock = clocks[0].sudo()
            step_id = steps.get(clock.step_id.code or "", first)
            own = clock._prepare_start_values(clock._record(), step_id, clock.company_id)
            changed |= clocks._enter(
                "policy", at, why=why, step_id=step_id, calendar_id=own["calendar_id"],
                recount=recount or policy.sudo().recount,
            )  # fmt: skip
        return changed

    @api.private
    def void(self, events, why):
        """Take back events that were entered in error. They stay, and so does who took them back."""
        if not why:
            raise UserError(self.env._("Please say why it is taken back."))
        now = fields.Datetime.now()
        events = events.sudo().filtered(lambda event: event.clock_id in self and event.kind != "void")
        events.clock_id._lock()
        events.clock_id.with_env(self.env)._create_events(
            [{"clock_id": event.clock_id.id, "at": event.at, "kind": "void", "voids_id": event.id, "note": why}
             for event in events], now)  # fmt: skip
        return events.clock_id.with_env(self.env)

    # -- how it is entered -------------------------------------------------------------------

    def _enter(self, kind, at, reason=None, why=None, approved=False, **values):
        """Enter one event for each of the clocks that it has an effect on."""
        if not self:
            return self
        if not self.env.su:
            self._check_record_access()
        now = fields.Datetime.now()
        at = self._instant(at, now)
        clocks = self.sudo()
        clocks._lock()
        afterwards = now - at > AT_HAND
        if not afterwards:
            clocks = clocks.filtered(lambda clock: clock._takes(kind))
        self._check_not_before_start(clocks, at)
        if afterwards and not approved:
            clocks.with_env(self.env)._check_backdating(kind, at, why)
        clocks._create_events(
            [
                {"clock_id": clock.id, "at": at, "kind": kind, "reason": reason, "note": why, **values}
                for clock in clocks
            ],
            now,
        )
        if afterwards:
            clocks.with_env(self.env)._log_backdating(kind, at, now, why)
        return clocks.with_env(self.env)

    def _create_events(self, values, now):
        with managing_clocks():
            self._clean("sqms.clock.event").create(
                [{"user_id": self.env.uid, **own, "entered_at": now} for own in values]
            )
        self._refresh()

    def _clean(self, name):
        """A model without the defaults that a client may have put into the context."""
        context = clean_context(self.env.context)
        return self.env[name].sudo().with_context(context)  # pylint: disable=context-overridden

    def _takes(self, kind):
        """Whether something that happens now has an effect on this clock."""
        if kind == "reopen":
            return bool(self.met_at)
        return bool(self.start_at and not self.met_at and (kind != "resume" or self.paused))

    def _instant(self, at, now):
        at = fields.Datetime.to_datetime(at) or now
        if at > now:
            raise UserError(self.env._("Nothing is entered for the future: please give a time that has passed."))
        return at.replace(microsecond=0)

    def _check_not_before_start(self, clocks, at):
        for clock in clocks:
            if clock.start_at and at < clock.start_at:
                raise UserError(
                    self.env._("%(clock)s did not run yet at that time.", clock=clock.with_env(self.env).display_name)
                )

    def _check_record_access(self):
        """Whoever may write the record may pause its clocks."""
        for model, clocks in self.sudo().grouped("res_model").items():
            self.env[model].browse(set(clocks.mapped("res_id"))).check_access("write")

    def _lock(self):
        """Wait for whoever acts on the same clocks, then see them as they are now."""
        if self:
            self.flush_recordset()
            self.env.cr.execute(
                SQL("SELECT id FROM sqms_clock WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", tuple(self.ids)),
                log_exceptions=False,
            )
            self.invalidate_recordset()

    # -- working time has changed ---------------------------------------------------------------

    @api.model
    def _working_time_changed(self, calendars, date_from, date_to):
        """Count those running clocks again whose time meets the changed dates; each that moved gets an event.

        :param calendars: the calendars that changed; none for all
        :param date_from, date_to: the instants between which they changed (naive UTC), or none for ever
        """
        domain = Domain("met_at", "=", False) & Domain("start_at", "!=", False) & Domain("step_id.unit", "!=", "hours")
        if calendars:
            domain &= Domain("calendar_id", "in", calendars.ids)
        if date_to:
            domain &= Domain("start_at", "<=", date_to)
        if date_from:
            domain &= Domain("due_at", "=", False) | Domain("due_at", ">=", date_from - timedelta(days=1))
        clocks = self.sudo().search(domain, order="id")
        moved = clocks._refresh()
        if not moved:
            return
        self.env.cr.execute(SQL(
            """INSERT INTO sqms_clock_event (clock_id, at, entered_at, kind, user_id, create_uid, create_date)
               SELECT id, %(now)s, %(now)s, 'calendar', %(user)s, %(user)s, %(now)s FROM unnest(%(ids)s) AS c(id)""",
            now=fields.Datetime.now(), user=self.env.uid, ids=moved.ids))  # fmt: skip
        moved.invalidate_recordset(["event_ids"])
