from odoo import fields, models


class HrEmployeePublic(models.Model):
    _inherit = "hr.employee.public"

    standing_ids = fields.One2many("sqms.competence.standing", "public_employee_id", "Requirements", readonly=True)
