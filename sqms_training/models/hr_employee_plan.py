from odoo import models


class HrEmployeePlan(models.Model):
    _inherit = "hr.employee"

    def action_open_training_plan(self):
        """What is planned for one person, in all plans that the user may see."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("sqms_training.sqms_training_plan_line_action")
        action["domain"] = [("employee_id", "=", self.id)]
        action["context"] = {"default_employee_id": self.id}
        action["name"] = self.env._("Training of %s", self.name)
        return action
