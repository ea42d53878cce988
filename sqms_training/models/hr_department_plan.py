from odoo import models


class HrDepartmentPlan(models.Model):
    _inherit = "hr.department"

    def action_open_training_plan(self):
        """What is planned for the people of one department and all below it."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("sqms_training.sqms_training_plan_line_action")
        action["domain"] = [("department_id", "child_of", self.id)]
        action["context"] = {"search_default_group_plan": 1}
        action["name"] = self.env._("Training of %s", self.name)
        return action
