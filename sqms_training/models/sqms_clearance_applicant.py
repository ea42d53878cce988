from odoo import api, fields, models

from odoo.addons.sqms_base.lib.workflow_pass import workflow_fields

APPLICANT = "hr.applicant"


class SqmsClearanceApplicant(models.Model):
    """Somebody who is checked before he is hired.

    1. Without recruitment in the system he is a name; with it he is the applicant.
    2. When the applicant is hired his clearances follow him: they become those of the employee.
    """

    _inherit = "sqms.clearance"

    applicant_ref = fields.Reference(
        "_applicant_models", string="Applied As", compute="_compute_applicant_ref", inverse="_inverse_applicant_ref"
    )
    has_recruitment = fields.Boolean(compute="_compute_has_recruitment")

    @api.model
    def _applicant_models(self):
        return [(APPLICANT, self.env["ir.model"]._get(APPLICANT).name)] if APPLICANT in self.env else []

    @api.depends("applicant_model", "applicant_id")
    def _compute_applicant_ref(self):
        known = APPLICANT in self.env and self.env[APPLICANT].has_access("read")
        for clearance in self:
            there = known and clearance.applicant_model == APPLICANT and clearance.applicant_id
            clearance.applicant_ref = f"{APPLICANT},{clearance.applicant_id}" if there else False

    def _inverse_applicant_ref(self):
        """It is laid down when the clearance is asked for."""

    def _compute_has_recruitment(self):
        self.has_recruitment = APPLICANT in self.env

    @api.model
    def _applicant_values(self, reference):
        """Values of a clearance for `"hr.applicant,7"`: who it is, and what he is called."""
        model, _comma, id_ = (reference or "").partition(",")
        if model != APPLICANT or APPLICANT not in self.env or not id_.isdigit():
            return {}
        applicant = self.env[APPLICANT].browse(int(id_))
        applicant.check_access("read")
        values = {"applicant_model": APPLICANT, "applicant_id": applicant.id}
        name = applicant.sudo().partner_name or applicant.sudo().display_name
        return {**values, "applicant_name": name, "reason": "entry"}

    @api.model
    def _follow_applicants(self):
        """Clearances of applicants who were hired become those of the employees. One query for each kind of thing."""
        if APPLICANT not in self.env:
            return self.browse()
        waiting = self.sudo().search([("employee_id", "=", False), ("applicant_model", "=", APPLICANT)])
        applicants = self.env[APPLICANT].sudo().with_context(active_test=False).browse(waiting.mapped("applicant_id"))
        employees = {applicant.id: applicant.employee_id for applicant in applicants.exists() if applicant.employee_id}
        moved = self.browse()
        for clearance in waiting:
            employee = employees.get(clearance.applicant_id)
            if employee and employee.company_id == clearance.company_id:
                with workflow_fields(clearance, "employee_id"):
                    clearance.employee_id = employee
                moved |= clearance
        return moved
