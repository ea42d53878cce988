from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .sqms_audit import MANAGER


class SqmsAuditEligibility(models.Model):
    """An audit is led by somebody who is eligible for it; where no rule is in force nothing is asked."""

    _name = "sqms.audit"
    _inherit = ["sqms.audit", "sqms.eligibility.mixin"]

    _eligibility_assignee = "lead_id"

    @api.model
    def _eligibility_open_domain(self):
        return Domain("state", "in", ("planned", "in_progress", "report"))

    def _eligibility_leave_out(self, refused):
        """An audit without a lead is for the audit manager to give out; an auditor who may not lead it is told why."""
        if self and not self.env.su and not self.env.user.has_group(MANAGER):
            raise ValidationError(self._eligibility_refusal(refused))
        return super()._eligibility_leave_out(refused)

    @api.onchange("lead_id")
    def _onchange_lead_id_eligibility(self):
        return self._eligibility_warning()
