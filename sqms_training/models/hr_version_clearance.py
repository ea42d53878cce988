from odoo import api, models

POST = {"job_id", "department_id", "date_version", "active", "employee_id"}


class HrVersionClearance(models.Model):
    """Whoever moves to a sensitive post is asked for his clearance at once; a move that lies ahead by the daily job."""

    _inherit = "hr.version"

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        versions._ask_for_clearance()
        return versions

    def write(self, vals):
        result = super().write(vals)
        if POST & vals.keys():
            self._ask_for_clearance()
        return result

    def _ask_for_clearance(self):
        employees = self.sudo().employee_id.filtered("id")
        if employees:
            self.env["sqms.position.rule"]._ask_after_move(employees)
