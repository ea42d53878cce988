from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import ormcache

from odoo.addons.sqms_base.models.sqms_commitment import SqmsCommitment

# Kind of the promised remedy -> kind of the remedy of the complaint.
KINDS = {"apology": "apology", "repeat": "repeat", "discount": "goodwill", "voucher": "voucher", "refund": "refund",
         "compensation": "compensation"}  # fmt: skip
IN_MONEY = ("refund", "compensation", "goodwill", "voucher")


class SqmsCommitmentClock(models.Model):
    """A promise of time that the deadlines of complaints watch over (ISO 10001).

    1. When the named deadline of a complaint passes, the promise is broken: once on a complaint, whoever notices first.
    2. What was promised for that case becomes a proposed remedy of the complaint, once.
    3. When a later entry shows that nothing was missed, both are taken back, unless the customer has got it.
    """

    _inherit = "sqms.commitment"

    complaint_step_code = fields.Selection(
        selection="_selection_complaint_step", string="Kept by This Deadline of Complaints",
        help="When the deadline of a complaint passes, the promise is broken and its remedy is proposed there.",
    )  # fmt: skip

    _ledger_fields = (*SqmsCommitment._ledger_fields, "complaint_step_code")
    _signature_fields = (*SqmsCommitment._signature_fields, "complaint_step_code")

    @api.model
    def _selection_complaint_step(self):
        steps = self.env["sqms.clock.step"].sudo().search([("policy_id.res_model", "=", "helpdesk.ticket")])
        names = {}
        for step in steps:
            if step.code:
                names.setdefault(step.code, step.name)
        return sorted(names.items(), key=lambda item: item[1])

    @api.model
    @ormcache()
    def _promises_of_steps(self):
        """`((promise id, company id, code of the step), ...)` that are or were in force; read until one changes."""
        found = self.sudo().search([("complaint_step_code", "!=", False), ("state", "in", ("approved", "withdrawn"))])
        return tuple((promise.id, promise.company_id.id, promise.complaint_step_code) for promise in found)

    def write(self, vals):
        result = super().write(vals)
        if not {"state", "complaint_step_code", "company_id"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    @api.model
    def _broken_by(self, clocks):
        """`{(promise id, ticket id): when}` of the promises that these late clocks break."""
        promises, data, broken = self._promises_of_steps(), self.env["sqms.clock.step"]._data, {}
        if not promises:
            return broken
        for clock in clocks.sudo():
            code = data(clock.step_id.id)["chain"][1]
            for promise_id, company_id, step_code in promises:
                if code == step_code and company_id == clock.company_id.id:
                    key = promise_id, clock.res_id
                    instant = clock.breached_at or clock.due_at
                    broken[key] = min(broken.get(key, instant), instant)
        return broken

    @api.model
    def _report_late_clocks(self, clocks):
        broken = self._broken_by(clocks)
        if not broken:
            return
        system = self.with_user(SUPERUSER_ID)
        known, new = system._report_breaches("helpdesk.ticket", broken)
        again = known.filtered(lambda breach: breach.state == "dismissed" and breach.is_disproved)
        if again:
            again.action_transition("report_again")
        (new | again)._propose_remedies()

    @api.model
    def _take_back_late_clocks(self, clocks):
        """What these clocks had broken was kept after all."""
        kept = self._broken_by(clocks.sudo())
        if not kept:
            return
        still = self._broken_by(
            self.env["sqms.clock"].sudo().search([
                ("res_model", "=", "helpdesk.ticket"), ("res_id", "in", clocks.sudo().mapped("res_id")),
                ("breached_at", "!=", False),
            ])
        )  # fmt: skip
        breaches = self.env["sqms.commitment.breach"].with_user(SUPERUSER_ID).search([
            ("res_model", "=", "helpdesk.ticket"), ("res_id", "in", [ticket for _promise, ticket in kept]),
            ("commitment_id", "in", [promise for promise, _ticket in kept]), ("state", "=", "reported"),
        ])  # fmt: skip
        breaches.filtered(
            lambda breach: (breach.commitment_id.id, breach.res_id) in kept.keys() - still.keys()
        )._disprove()
