from odoo import api, models


class HrEmployeeCategory(models.Model):
    """A tag that is given or taken away from its own form."""

    _inherit = "hr.employee.category"

    @api.model_create_multi
    def create(self, vals_list):
        tags = super().create(vals_list)
        if any(vals.get("employee_ids") for vals in vals_list):
            self.env["sqms.audience"]._people_changed(kind="category")
        return tags

    def write(self, vals):
        result = super().write(vals)
        if "employee_ids" in vals:
            self.env["sqms.audience"]._people_changed(kind="category")
        return result
