from odoo import api, fields, models
from odoo.exceptions import UserError


class SqmsClockClause(models.Model):
    """No clock starts by a regime whose basis is not verified, not in force or superseded on the day it starts."""

    _inherit = "sqms.clock"

    @api.model
    def _start_all(self, starts, at=None, **how):
        data, pairs = self.env["sqms.clock.step"]._data, set()
        for name in {record._name for record, _step, _previous in starts}:
            records = self.env[name].union(*(record for record, _step, _previous in starts if record._name == name))
            companies = records._clock_company() if hasattr(records, "_clock_company") else {}
            pairs |= {
                (data(step_id)["policy_id"], companies.get(record.id))
                for record, step_id, _previous in starts
                if record._name == name
            }
        self._refuse_unfounded(pairs, at)
        return super()._start_all(starts, at, **how)

    def change_policy(self, policy, at=None, recount=None, why=None):
        self._refuse_unfounded({(policy.id, clock.company_id) for clock in self}, at)
        return super().change_policy(policy, at=at, recount=recount, why=why)

    @api.model
    def _refuse_unfounded(self, pairs, at=None):
        Policy = self.env["sqms.clock.policy"]
        for policy_id, company in pairs:
            policy = Policy.browse(policy_id)
            instant = at and fields.Datetime.to_datetime(at)
            if not policy._counts(company, instant):
                raise UserError(
                    self.env._(
                        "No deadline is counted by %(policy)s: %(reason)s.",
                        policy=policy.sudo().display_name,
                        reason=policy._basis_reason(policy._basis_day(instant, company)),
                    )
                )
