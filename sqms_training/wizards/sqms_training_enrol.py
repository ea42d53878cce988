from odoo import fields, models
from odoo.exceptions import AccessError

from ..models.hr_employee_skill import WRITER_GROUPS


class SqmsTrainingEnrol(models.TransientModel):
    """Several people into one course: HR and training officers anybody, a manager his own."""

    _name = "sqms.training.enrol"
    _description = "Enrol in a Course"

    course_id = fields.Many2one("sqms.training.course", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="course_id.company_id")
    session_id = fields.Many2one(
        "sqms.training.session", ondelete="cascade",
        domain="[('course_id', '=', course_id), ('state', 'in', ('planned', 'open', 'held'))]",
    )  # fmt: skip
    employee_ids = fields.Many2many("hr.employee.public", string="Employees", required=True)
    reason = fields.Char("Why")

    def action_apply(self):
        self.ensure_one()
        course, session = self.course_id, self.session_id
        course.check_access("read")
        session.check_access("read")
        employees = self.env["hr.employee"].browse(self.employee_ids.ids)
        if not self.env.user.has_groups(WRITER_GROUPS):
            strangers = employees.sudo().filtered(lambda person: person.parent_id.user_id != self.env.user)
            if strangers:
                raise AccessError(
                    self.env._(
                        "You enrol your own people. Ask HR for %(names)s.", names=", ".join(strangers.mapped("name"))
                    )
                )
            course, session = course.sudo(), session.sudo()
        course._enrol(employees.with_env(course.env), session, self.reason or "")
        return {"type": "ir.actions.act_window_close"}
