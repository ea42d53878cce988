from odoo import api, models


class HrEmployeeSkillEligibility(models.Model):
    """A certificate that is withdrawn shows at once on what its holder has been given; a new one heals it at once."""

    _inherit = "hr.employee.skill"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        findings = self.env["sqms.eligibility.finding"].sudo()
        findings._find_for(findings._people_with_findings(rows.sudo().employee_id))
        return rows

    def _revoke(self, reason):
        result = super()._revoke(reason)
        self.env["sqms.eligibility.finding"].sudo()._find_for(self.sudo().employee_id)
        return result
