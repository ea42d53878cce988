from odoo import SUPERUSER_ID, fields, models

from .sqms_complaint_remedy import SqmsComplaintRemedy


class SqmsComplaintRemedyBreach(models.Model):
    """A remedy that was promised for the case that a deadline passes; given, the promise is made good."""

    _inherit = "sqms.complaint.remedy"

    breach_id = fields.Many2one(
        "sqms.commitment.breach", "For the Broken Promise", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict",
    )  # fmt: skip

    _workflow_fixed = (*SqmsComplaintRemedy._workflow_fixed, "breach_id")
    _one_per_breach = models.UniqueIndex(
        "(breach_id) WHERE breach_id IS NOT NULL AND state IN ('proposed', 'approved', 'given')",
        "A broken promise is made good once.",
    )

    def _on_give(self):
        give = getattr(super(), "_on_give", None)
        result = give() if give else None
        for remedy in self.sudo().filtered(lambda one: one.breach_id.state == "reported"):
            breach = remedy.breach_id.with_user(SUPERUSER_ID)
            breach.write({"remedy_given": f"{remedy.number} {remedy.name}", "remedy_given_amount": remedy.amount})
            breach.action_transition("give_remedy")
        refunds = self.filtered(lambda one: one.kind == "refund").ticket_id
        for ticket in refunds.sudo().filtered(lambda one: not one.complaint_refunded_at):
            if "refund" in ticket._clock_codes_running():
                ticket.complaint_refunded_at = fields.Datetime.now()
        return result
