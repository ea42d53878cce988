from odoo import fields, models


class FakeApplicant(models.Model):
    """As much of recruitment as a clearance knows of it."""

    _name = "hr.applicant"
    _description = "Applicant (test)"
    _rec_name = "partner_name"

    partner_name = fields.Char()
    employee_id = fields.Many2one("hr.employee")
