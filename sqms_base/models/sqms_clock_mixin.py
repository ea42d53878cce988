from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.clock_pass import managing_clocks

FILLED_IN = ("clock_due_at", "clock_nearest_id")


class SqmsClockMixin(models.AbstractModel):
    """Records with deadlines.

    1. Clocks start, wait and stop with the workflow of the record, as the regimes in force say (`_clock_policy`).
    2. The nearest deadline stands on the record itself, so that lists sort and filter by it without a join. It is
       filled in by the clocks alone.
    3. A record that may be deleted takes its clocks along.
    """

    _name = "sqms.clock.mixin"
    _description = "Record with Deadlines"

    # Fields whose change may change who is responsible; an addon with another `_clock_responsible` names its own.
    _clock_responsible_fields = ("user_id",)

    clock_ids = fields.One2many(
        "sqms.clock", "res_id", string="Deadlines", readonly=True, copy=False, bypass_search_access=True,
        groups="base.group_user",
    )  # fmt: skip
    clock_due_at = fields.Datetime(string="Next Deadline", readonly=True, copy=False, index="btree_not_null")
    clock_nearest_id = fields.Many2one(
        "sqms.clock", string="Nearest Clock", readonly=True, copy=False, index="btree_not_null", ondelete="set null",
        groups="base.group_user",
    )  # fmt: skip
    clock_badges = fields.Json(compute="_compute_clock_badges", export_string_translation=False)

    @api.depends("clock_due_at")
    @api.depends_context("lang")
    def _compute_clock_badges(self):
        """All clocks that run, the nearest first: `[{id, name, due_at, paused, remaining, unit, status}]`."""
        clocks = self.env["sqms.clock"].sudo().search_fetch(
            [("res_model", "=", self._name), ("res_id", "in", self._origin.ids), ("met_at", "=", False),
             ("start_at", "!=", False)],
            ["res_id", "step_id", "due_at", "paused", "remaining", "met_at", "start_at", "breached_at"],
            order="due_at, id",
        )  # fmt: skip
        badges = {}
        for clock in clocks.with_context(lang=self.env.lang):
            badges.setdefault(clock.res_id, []).append(clock._badge())
        for record in self:
            record.clock_badges = badges.get(record._origin.id, [])

    # -- hooks ---------------------------------------------------------------------------

    def _clock_policy(self):
        """`{record id: regimes}`: the verified ones for this kind of record, a company's own before the shared ones."""
        Policy = self.env["sqms.clock.policy"].sudo()
        found = Policy._verified(self._name)
        if not found:
            return {}
        companies, chosen = self._clock_company(), {}
        for company in set(companies.values()):
            own = {code: number for number, owner, code in found if owner == company.id}
            shared = {code: number for number, owner, code in found if not owner}
            chosen[company] = Policy.browse({**shared, **own}.values())
        return {record.id: chosen[companies[record.id]] for record in self}

    def _clock_responsible(self):
        """`{record id: user}`: who is told first."""
        if "user_id" not in self._fields:
            return {}
        return {record.id: record.user_id for record in self.sudo()}

    def _clock_company(self):
        """`{record id: company}` by whose working time is counted."""
        if "company_id" not in self._fields:
            return dict.fromkeys(self.ids, self.env.company)
        return {record.id: record.company_id or self.env.company for record in self.sudo()}

    def _clock_steps(self):
        """`{record id: ids of the steps}` that hold for it: those of its regimes."""
        return {
            record_id: [step_id for policy_id in policies._ids for step_id in policies._step_ids_of(policy_id)]
            for record_id, policies in self._clock_policy().items()
        }

    def _clock_key(self, step):
        """What makes two clocks of a record the same promise; of one promise only one clock runs.

        :param step: `sqms.clock.step._data`
        """
        return step["chain"]

    def _clock_received(self):
        """`{record id: naive UTC}`: from when on the clocks of a record that arrives count; now for those left out."""
        return {}

    def _clock_told_on_arrival(self):
        """`{record id: keys of clocks}` that are met the moment the record arrives."""
        return {}

    # -- with the workflow -------------------------------------------------------------------

    def _clock_moved(self, came_from):
        """The records have just reached the state they are in: what that stops, pauses and starts.

        :param came_from: `{record id: state before}`; nothing for a record that has just arrived
        """
        none = self.env["sqms.clock"].sudo()
        running, ended = self._clocks_by_step() if came_from else (none, none)
        states = self._clock_states()
        data = self.env["sqms.clock.step"]._data
        stops, holds, frees = none, {}, {}
        for clock in running:
            step, state, before = data(clock.step_id.id), states.get(clock.res_id), came_from.get(clock.res_id)
            if state == before:
                continue
            if state in step["stop_states"]:
                stops |= clock
                continue
            if before in step["pause_states"]:
                frees[before] = frees.get(before, none) | clock
            if state in step["pause_states"]:
                holds[state] = holds.get(state, none) | clock
        stops.stop()
        for state, clocks in frees.items():
            clocks.resume(f"state:{state}")
        for state, clocks in holds.items():
            clocks.pause(f"state:{state}")
        reached = {
            record_id: {states.get(record_id)} - {came_from.get(record_id), None, False}
            | ({"create"} if record_id not in came_from else set())
            for record_id in self.ids
        }
        arrived = {record_id for record_id in self.ids if not came_from.get(record_id)}
        self._clocks_begin(running - stops, ended | stops, reached, arrived)

    def _clock_states(self):
        field = getattr(self, "_workflow_field", None)
        return {record.id: record[field] for record in self} if field in self._fields else {}

    def _clocks_by_step(self):
        """The clocks of these records that run, and those that have ended."""
        clocks = self.env["sqms.clock"].sudo()
        clocks = clocks.search_fetch(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("start_at", "!=", False)],
            ["res_model", "res_id", "step_id", "start_at", "met_at", "due_at", "breached_at", "paused"],
            order="id",
        )
        running = clocks.filtered(lambda clock: not clock.met_at)
        return running, clocks - running

    def _clocks_begin(self, running, ended, reached, arrived=(), at=None):
        """Start what the regimes start by what was reached; a clock that ended a short while ago goes on instead.

        1. What the present state stops is not started at all.
        2. The clocks of a record that has just arrived count from its receipt.

        :param reached: `{record id: names}` of states, “create” and acts
        :param arrived: ids of the records that have just arrived
        :param at: when it was; now when not given
        """
        Clock, data = self.env["sqms.clock"].sudo(), self.env["sqms.clock.step"]._data
        chosen = self._clock_steps()
        if not any(chosen.values()):
            return
        at_work = {(clock.res_id, self._clock_key(clock._step_data())) for clock in running}
        before = {(clock.res_id, self._clock_key(clock._step_data())): clock for clock in ended}
        states, received = self._clock_states(), self._clock_received() if arrived else {}
        told = self._clock_told_on_arrival() if arrived else {}
        starts, moments, met, reopens = [], {}, set(), Clock
        for record_id, step_ids in chosen.items():
            for step_id in step_ids:
                step = data(step_id)
                key = (record_id, self._clock_key(step))
                if not reached.get(record_id, set()) & step["start_states"] or key in at_work:
                    continue
                if states.get(record_id) in step["stop_states"]:
                    continue
                previous = before.get(key, Clock)
                if previous and previous._may_go_on():
                    reopens |= previous
                    continue
                starts.append((self.browse(record_id), step_id, previous))
                if record_id in arrived:
                    moments[record_id, step_id] = received.get(record_id)
                    if key[1] in told.get(record_id, ()):
                        met.add((record_id, step_id))
        Clock._start_all(starts, at, moments=moments, met=met)
        reopens.reopen()

    # -- ORM -----------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_clock_fields(name for name in vals if vals[name])
        records = super().create(vals_list)
        records._clock_moved({})
        return records

    def _create(self, data_list):
        for data in data_list:
            self._check_clock_fields(name for name in data["stored"] if data["stored"][name])
        return super()._create(data_list)

    def write(self, vals):
        self._check_clock_fields(vals)
        result = super().write(vals)
        if any(name in vals for name in self._clock_responsible_fields):
            self._refresh_clock_responsible()
        return result

    def _write_multi(self, vals_list):
        for vals in vals_list:
            self._check_clock_fields(vals)
        return super()._write_multi(vals_list)

    def unlink(self):
        clocks = self.env["sqms.clock"].sudo().search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        result = super().unlink()
        with managing_clocks():
            clocks.unlink()
        return result

    def _check_clock_fields(self, names):
        if set(FILLED_IN).intersection(names):
            raise UserError(
                self.env._("The next deadline is filled in by the clocks of a record and cannot be written.")
            )

    def _refresh_clock_responsible(self):
        running = self._clocks_by_step()[0]
        if not running:
            return
        people = self._clock_responsible()
        for user, clocks in running.grouped(lambda clock: people.get(clock.res_id)).items():
            changed = clocks.filtered(lambda clock: clock.user_id != (user or clock.user_id.browse()))  # noqa: B023
            if changed:
                with managing_clocks():
                    changed.write({"user_id": user.id if user else False})
                    changed.flush_recordset()
