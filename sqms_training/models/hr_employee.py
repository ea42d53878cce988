from odoo import models


class HrEmployee(models.Model):
    _name = "hr.employee"
    _inherit = ["hr.employee", "sqms.certificate.anchor.mixin"]

    _certificate_link = "employee_id"

    def action_open_certificates(self):
        """The certificates of one person, expired and revoked ones included."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("sqms_training.hr_employee_skill_action_certificates")
        action["domain"] = [("is_certification", "=", True), ("employee_id", "=", self.id)]
        action["context"] = {"default_employee_id": self.id, "search_default_employee_id": self.id}
        return action
