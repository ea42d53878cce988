from odoo import api, models

MOVES = {"department_id", "job_id", "date_version", "active", "employee_id", "company_id"}


class HrVersion(models.Model):
    """Department and job of an employee, which change with his version."""

    _inherit = "hr.version"

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        # The first version comes with the employee, who tells of it himself.
        moved = versions.employee_id.filtered(lambda employee: len(employee.version_ids) > 1)
        self.env["sqms.audience"]._people_changed(moved.ids)
        return versions

    def write(self, vals):
        if not MOVES.intersection(vals):
            return super().write(vals)
        before = self.employee_id
        result = super().write(vals)
        self.env["sqms.audience"]._people_changed((before | self.employee_id).ids)
        return result

    def unlink(self):
        employees = self.employee_id
        result = super().unlink()
        self.env["sqms.audience"]._people_changed(employees.exists().ids)
        return result
