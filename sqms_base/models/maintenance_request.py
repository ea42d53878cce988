from odoo import api, models
from odoo.fields import Domain


class MaintenanceRequest(models.Model):
    _name = "maintenance.request"
    _inherit = ["maintenance.request", "sqms.eligibility.mixin"]

    @api.model
    def _eligibility_open_domain(self):
        return Domain("stage_id.done", "=", False) & Domain("archive", "=", False)

    @api.onchange("user_id")
    def _onchange_user_id_eligibility(self):
        return self._eligibility_warning()

    @api.onchange("equipment_id")
    def _onchange_equipment_id_eligibility(self):
        """Say whom the equipment would have brought along, since he does not appear."""
        proposed = self.equipment_id.technician_user_id or self.equipment_id.category_id.technician_user_id
        return None if self.user_id else self._eligibility_warning(proposed)
