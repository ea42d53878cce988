from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class SqmsAuditMemberEligibility(models.Model):
    """Who audits is eligible for it. A rule says by its condition which roles it looks at."""

    _name = "sqms.audit.member"
    _inherit = ["sqms.audit.member", "sqms.eligibility.mixin"]

    _eligibility_assignee = "employee_id"

    @api.depends("audit_id.display_name", "employee_id.display_name")
    def _compute_display_name(self):
        """A refusal and a finding say in which audit."""
        for member in self:
            names = (member.audit_id.display_name, member.employee_id.display_name)
            member.display_name = " · ".join(filter(None, names))

    @api.model
    def _eligibility_open_domain(self):
        return Domain("audit_id.state", "in", ("planned", "in_progress", "report"))

    def _eligibility_leave_out(self, refused):
        """A row of the team is nothing without its person: whoever chose him, the row is refused."""
        if self:
            raise ValidationError(self._eligibility_refusal(refused))

    @api.onchange("employee_id", "role")
    def _onchange_employee_id_eligibility(self):
        return self._eligibility_warning()
