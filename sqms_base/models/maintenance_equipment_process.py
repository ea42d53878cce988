from odoo import models


class MaintenanceEquipmentProcess(models.Model):
    """Which processes need a piece of equipment."""

    _name = "maintenance.equipment"
    _inherit = ["maintenance.equipment", "sqms.process.link.mixin"]

    _process_link = "equipment_ids"
