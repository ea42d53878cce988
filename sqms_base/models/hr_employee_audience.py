from odoo import api, models

MOVES = {"active", "company_id", "user_id", "category_ids", "version_ids", "current_version_id"}


class HrEmployee(models.Model):
    """Who joins, moves or leaves belongs to other target groups from then on."""

    _inherit = "hr.employee"

    @api.model_create_multi
    def create(self, vals_list):
        employees = super().create(vals_list)
        self.env["sqms.audience"]._people_changed(employees.ids)
        return employees

    def write(self, vals):
        result = super().write(vals)
        # Department and job are written on the version of the employee, which tells of it itself.
        if MOVES.intersection(vals):
            self.env["sqms.audience"]._people_changed(self.ids)
        return result

    def _cron_update_current_version_id(self):
        """Moves that were entered ahead become real today."""
        result = super()._cron_update_current_version_id()
        self.env["sqms.audience"]._people_changed()
        return result
