from odoo import api, fields, models
from odoo.tools import ormcache


class SqmsClockPolicyClause(models.Model):
    """A regime may rest on a clause of a law or standard.

    1. It counts only while every clause it rests on, and the standard of that clause, are verified and in force.
       Otherwise it is not verified, is not chosen for new records and starts no clock; clocks that run go on.
    2. When the clause lays down a number, a shorter promise is fine and a longer one is refused. A period that
       something is granted at least must not be shorter.
    3. A step without a clause of its own is held to the clause of the regime.
    """

    _inherit = "sqms.clock.policy"

    clause_id = fields.Many2one(
        "sqms.clause", string="Basis", check_company=True, index="btree_not_null", ondelete="restrict",
        help="The clause from which the time allowed is taken. Until it is verified the regime counts for nothing.",
    )  # fmt: skip
    basis_warning = fields.Char(compute="_compute_basis_warning")

    @api.depends("clause_id", "step_ids.clause_id", "step_ids.target", "step_ids.unit", "state")
    @api.depends_context("lang", "uid")
    def _compute_basis_warning(self):
        for policy in self:
            reason = policy._basis_reason(policy._basis_day()) if policy.state != "retired" else False
            policy.basis_warning = reason and self.env._("No new deadline is counted by this regime: %s.", reason)

    def _basis_day(self, at=None, company=None):
        """The day it is, or was at an instant, where the regime counts."""
        company = company or self.sudo().company_id or self.env.company
        local = self.with_context(tz=company._sqms_tz())
        return fields.Datetime.context_timestamp(local, at or fields.Datetime.now()).date()

    def _basis_reason(self, day):
        """Why the regime has no sound basis on a day, in words; nothing when it has."""
        self.ensure_one()
        policy = self.sudo().with_context(active_test=False)
        for clause in policy.clause_id | policy.step_ids.clause_id:
            reason = clause._why_not_binding(day)
            if reason:
                return reason
        for step in policy.step_ids:
            reason = (step.clause_id or policy.clause_id)._why_too_long(step)
            if reason:
                return reason
        return False

    @api.model
    @ormcache("policy_id", "day")
    def _is_founded(self, policy_id, day):
        return not self.browse(policy_id)._basis_reason(day)

    @api.model
    @ormcache("policy_id")
    def _has_basis(self, policy_id):
        policy = self.sudo().with_context(active_test=False).browse(policy_id)
        return bool(policy.clause_id or policy.step_ids.clause_id)

    def _counts(self, company=None, at=None):
        """Whether clocks may start by this regime; one that rests on nothing is not even asked for the day."""
        return not self._has_basis(self.id) or self._is_founded(self.id, self._basis_day(at, company))

    @api.model
    def _verified(self, res_model):
        found = super()._verified(res_model)
        return tuple(row for row in found if self.browse(row[0])._counts(self.env["res.company"].browse(row[1])))

    def _check_verify(self):
        reasons = {policy.id: policy._basis_reason(policy._basis_day()) for policy in self}
        return {**{number: reason for number, reason in reasons.items() if reason}, **(super()._check_verify() or {})}
