from odoo import models


class MaintenanceRequestNonconformity(models.Model):
    """A maintenance request knows the process that its equipment serves."""

    _inherit = "maintenance.request"

    def _nonconformity_values(self):
        self.ensure_one()
        processes = self.env["sqms.process"].search([("equipment_ids", "in", self.equipment_id.ids)], limit=2)
        values = {"name": self.name}
        if len(processes) == 1:
            values["process_id"] = processes.id
        return values
