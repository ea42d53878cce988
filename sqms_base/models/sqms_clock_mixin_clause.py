from odoo import models


class SqmsClockMixinClause(models.AbstractModel):
    """A regime without a sound basis, on the day it is for the company of the record, is not chosen for it."""

    _inherit = "sqms.clock.mixin"

    def _clock_policy(self):
        chosen = super()._clock_policy()
        if not any(chosen.values()):
            return chosen
        companies, founded = self._clock_company(), {}
        for record_id, policies in chosen.items():
            for policy in policies:
                key = (policy.id, companies[record_id].id)
                if key not in founded:
                    founded[key] = policy._counts(companies[record_id])
        return {
            record_id: policies.filtered(lambda policy: founded[policy.id, companies[record_id].id])  # noqa: B023
            for record_id, policies in chosen.items()
        }
