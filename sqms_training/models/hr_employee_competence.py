from odoo import fields, models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    standing_ids = fields.One2many(
        "sqms.competence.standing", "employee_id", "Requirements", readonly=True, groups="hr.group_hr_user"
    )
