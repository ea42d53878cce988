from odoo import api, models


class MaintenanceEquipment(models.Model):
    _name = "maintenance.equipment"
    _inherit = ["maintenance.equipment", "sqms.eligibility.mixin"]

    _eligibility_assignee = "technician_user_id"

    @api.onchange("technician_user_id")
    def _onchange_technician_user_id_eligibility(self):
        return self._eligibility_warning()

    @api.onchange("category_id")
    def _onchange_category_id_eligibility(self):
        """The category brings its technician along, and nobody who is not eligible."""
        if self._eligibility_refused():
            warning = self._eligibility_warning()
            self.technician_user_id = False
            return warning
        return None
