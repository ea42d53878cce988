from odoo import api, fields, models

from .hr_employee_clearance import STATUS


class HrEmployeePublicClearance(models.Model):
    """A manager sees of his own people whether they may hold their post today; of others he sees nothing."""

    _inherit = "hr.employee.public"

    clearance_status = fields.Selection(STATUS, string="Clearance", compute="_compute_clearance")
    clearance_until = fields.Date(string="Cleared Until", compute="_compute_clearance")

    @api.depends_context("uid")
    def _compute_clearance(self):
        all_ = self.env.su or self.env.user.has_groups("hr.group_hr_user,sqms_training.group_clearance")
        seen = self if all_ else self.filtered(lambda person: person.is_manager or person.is_user)
        found = self.env["hr.employee"].sudo().browse(seen.ids)._clearance_of()
        for person in self:
            nothing = "not_needed" if person in seen else False
            person.clearance_status, person.clearance_until = found.get(person.id, (nothing, False))
