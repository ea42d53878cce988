from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class SqmsDisputeHearing(models.Model):
    """A date before the outside body: when, who was there, what came of it.

    It is part of its dispute: read and written like it, closed when the dispute is.
    """

    _name = "sqms.dispute.hearing"
    _description = "Hearing"
    _inherit = ["sqms.workflow.line.mixin", "sqms.ledger.mixin"]
    _order = "held_at, id"
    _workflow_parent = "dispute_id"
    _workflow_parent_lines = "hearing_ids"

    dispute_id = fields.Many2one("sqms.complaint.dispute", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="dispute_id.company_id", store=True, precompute=True, index=True, ondelete="restrict"
    )
    held_at = fields.Datetime("When", required=True, index=True)
    kind = fields.Selection(
        [
            ("mediation", "Mediation"),
            ("hearing", "Hearing"),
            ("inspection", "Inspection"),
            ("call", "Telephone Call"),
        ],
        required=True, default="mediation",
    )  # fmt: skip
    place = fields.Char()
    present = fields.Char("Who Was There")
    result = fields.Text("What Came of It")

    _ledger_fields = ("dispute_id", "company_id", "held_at", "kind", "place", "present", "result")
    _ledger_personal_fields = ("present", "result")

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & Domain("dispute_id", "in", self.env["sqms.complaint.dispute"]._search([]))
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        forbidden = result[0] if result else self.browse()
        rest = (self - forbidden).sudo()
        if self.env.su or not any(rest._ids):
            return result
        disputes = rest.dispute_id.sudo(False)
        allowed = disputes._filtered_access("read" if operation == "read" else "write")
        forbidden |= self.browse([row.id for row in rest if row.dispute_id.id not in allowed._ids])
        if not forbidden:
            return None
        return forbidden, lambda: AccessError(
            self.env._("The hearings of a dispute are for those who may work on the dispute.")
        )
