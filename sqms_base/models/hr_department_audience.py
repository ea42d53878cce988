from odoo import models


class HrDepartment(models.Model):
    """A department that moves in the tree takes its people into other target groups."""

    _inherit = "hr.department"

    def write(self, vals):
        result = super().write(vals)
        if "parent_id" in vals:
            self.env["sqms.audience"]._people_changed(kind="department")
        return result

    def unlink(self):
        result = super().unlink()
        self.env["sqms.audience"]._people_changed(kind="department")
        return result
