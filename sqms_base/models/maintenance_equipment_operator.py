from odoo import fields, models


class MaintenanceEquipmentOperator(models.Model):
    _inherit = "maintenance.equipment"

    operator_ids = fields.One2many("sqms.equipment.operator", "equipment_id", string="Operators", copy=False)

    def unlink(self):
        """What is only assigned goes with the device; what was measured with it keeps it."""
        self.sudo().operator_ids.unlink()
        return super().unlink()
