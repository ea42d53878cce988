from odoo import fields, models

from ..models.sqms_nonconformity import MANAGER, TOP


class SqmsNonconformityEscalation(models.TransientModel):
    """Make a nonconformity the business of a manager as well."""

    _name = "sqms.nonconformity.escalation"
    _inherit = ["sqms.staff.mixin"]
    _description = "Escalate a Nonconformity"

    nonconformity_id = fields.Many2one("sqms.nonconformity", required=True, readonly=True)
    manager_id = fields.Many2one(
        "res.users", string="To", required=True, domain=lambda self: self._domain_manager(),
        help="A quality manager or somebody of top management.",
    )  # fmt: skip
    reason = fields.Text(required=True)

    def _domain_manager(self):
        groups = self.env["res.groups"].union(*(self.env.ref(group) for group in (MANAGER, TOP)))
        return [("all_group_ids", "in", groups.ids), ("id", "!=", self.env.uid)]

    def action_escalate(self):
        self.ensure_one()
        self.nonconformity_id._escalate(self.manager_id, self.reason)
        return {"type": "ir.actions.act_window_close"}
