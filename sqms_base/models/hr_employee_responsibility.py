from odoo import fields, models


class HrEmployeeResponsibility(models.Model):
    _inherit = "hr.employee"

    responsibility_count = fields.Integer(
        string="Responsibilities", compute="_compute_responsibility_count", groups="hr.group_hr_user"
    )

    def _compute_responsibility_count(self):
        rows = self.env["sqms.responsibility"]
        domain = [("employee_id", "in", self._origin.ids), ("is_current", "=", True)]
        counts = {
            employee.id: count for employee, count in rows._read_group(domain, ["employee_id"], ["__count"])
        }  # fmt: skip
        for employee in self:
            employee.responsibility_count = counts.get(employee._origin.id, 0)

    def action_open_responsibilities(self):
        """What the person is responsible for."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_responsibility_action"),
            "domain": [("employee_id", "in", self.ids)],
        }
