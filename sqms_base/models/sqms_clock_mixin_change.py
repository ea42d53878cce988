from odoo import models


class SqmsClockMixinChange(models.AbstractModel):
    """What may change for the clocks of a record beside its state: an act, its regimes, when it was received.

    1. An act (goods came back, a fault was repaired) starts and stops clocks like a state does.
    2. When what decides on the regimes changes, a clock goes over to the step of the other regime that promises the
       same; one that no regime asks for is taken back, one that is asked for now begins. What is late stays as it is:
       a breach is not got rid of by another category.
    3. A clock that begins so counts from the receipt, with at least the grace of its regime left; where the regime
       keeps what was counted, it begins now.
    4. Each of these events says why. A clock keeps the version of its regime.
    """

    _inherit = "sqms.clock.mixin"

    def _clock_acts(self):
        """`{record id: {name of an act: when}}` of the acts that are recorded."""
        return {}

    def _clock_happened(self, name, at=None):
        """An act has happened to these records."""
        running, ended = self._clocks_by_step()
        stops = running.filtered(lambda clock: name in clock._step_data()["stop_states"])
        stops.stop(at)
        self._clocks_begin(running - stops, ended | stops, dict.fromkeys(self.ids, {name}), at=at)

    # -- other regimes -----------------------------------------------------------------------

    def _clocks_rechoose(self, why):
        """What decides on the regimes of these records has changed."""
        data = self.env["sqms.clock.step"]._data
        running, ended = self._clocks_by_step()
        wanted = {
            record_id: {self._clock_key(data(step_id)): step_id for step_id in step_ids}
            for record_id, step_ids in self._clock_steps().items()
        }
        gone, other = running.browse(), {}
        for clock in running.filtered(lambda clock: clock.status != "late"):
            step = clock._step_data()
            step_id = wanted.get(clock.res_id, {}).get(self._clock_key(step))
            if not step_id:
                gone |= clock
            elif data(step_id)["chain"][0] != step["chain"][0]:
                policy_id = data(step_id)["policy_id"]
                other[policy_id] = other.get(policy_id, running.browse()) | clock
        gone._take_back(why)
        for policy_id, clocks in other.items():
            clocks.change_policy(self.env["sqms.clock.policy"].sudo().browse(policy_id), why=why)
        self._clocks_join(running | ended, wanted, why)

    def _clocks_join(self, present, wanted, why):
        """Start what is asked for now and has never been."""
        Clock, data = self.env["sqms.clock"].sudo(), self.env["sqms.clock.step"]._data
        known = {(clock.res_id, self._clock_key(clock._step_data())) for clock in present}
        states, received, acts = self._clock_states(), self._clock_received(), self._clock_acts()
        late, fresh, moments = [], [], {}
        for record_id, steps in wanted.items():
            for key, step_id in steps.items():
                step = data(step_id)
                stopped = {states.get(record_id), *acts.get(record_id, ())} & step["stop_states"]
                if (record_id, key) in known or stopped:
                    continue
                begun = [at for name, at in acts.get(record_id, {}).items() if name in step["start_states"]]
                if begun:
                    moments[record_id, step_id] = min(begun)
                elif "create" not in step["start_states"]:
                    continue
                elif step["terms"]["recount"] == "start":
                    moments[record_id, step_id] = received.get(record_id)
                own = late if moments.get((record_id, step_id)) else fresh
                own.append((self.browse(record_id), step_id, Clock))
        Clock._start_all(late, moments=moments, joined=why)
        Clock._start_all(fresh, joined=why)

    # -- received at another time ---------------------------------------------------------------

    def _clocks_received_at(self, before, why):
        """The receipt was corrected: what counted from it counts from the right moment.

        :param before: `{record id: naive UTC}` of the receipt as it was entered
        """
        running, ended = self._clocks_by_step()
        received = self._clock_received()
        clocks = (running | ended).filtered(
            lambda clock: clock.start_at == before.get(clock.res_id) and received.get(clock.res_id)
        )
        clocks._start_anew({clock.id: received[clock.res_id] for clock in clocks}, why)

    # -- from elsewhere ------------------------------------------------------------------------

    def _clocks_imported(self, reason):
        """Records have taken the state they had elsewhere: what is over has no clocks here, the others have theirs."""
        running, ended = self._clocks_by_step()
        states = self._clock_states()
        running.filtered(lambda clock: states.get(clock.res_id) in clock._step_data()["stop_states"])._take_back(reason)
        fresh = self.browse(set(self.ids) - set((running | ended).mapped("res_id")))
        if fresh:
            reached = {record_id: {"create", states.get(record_id)} for record_id in fresh.ids}
            fresh._clocks_begin(running.browse(), running.browse(), reached, arrived=set(fresh.ids))
