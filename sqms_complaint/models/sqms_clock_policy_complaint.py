from odoo import models

from .helpdesk_ticket_clock_acts import ACTS


class SqmsClockPolicyComplaint(models.Model):
    """Regimes of complaints start and stop with acts as well as with states."""

    _inherit = "sqms.clock.policy"

    def _states_of_model(self):
        states = super()._states_of_model()
        if self.res_model != "helpdesk.ticket" or states is None:
            return states
        fields = self.env["helpdesk.ticket"]._fields
        acts = {act: fields[name]._description_string(self.env) for act, name in ACTS.items() if name in fields}
        return {**states, **acts}
