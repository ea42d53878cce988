from odoo import fields, models

from ..models.sqms_training_enrolment import EFFECTS


class SqmsTrainingJudge(models.TransientModel):
    """What the manager says of a training some time afterwards."""

    _name = "sqms.training.judge"
    _description = "Effect of a Training"

    enrolment_id = fields.Many2one("sqms.training.enrolment", required=True, readonly=True, ondelete="cascade")
    employee_id = fields.Many2one(related="enrolment_id.employee_id")
    course_id = fields.Many2one(related="enrolment_id.course_id")
    objective = fields.Text(related="course_id.objective")
    result = fields.Selection(EFFECTS, "Effect in the Work", required=True)
    reason = fields.Text("What Shows It", required=True, help="What shows it in the work.")

    def action_apply(self):
        self.ensure_one()
        self.enrolment_id._judge(self.result, self.reason)
        return {"type": "ir.actions.act_window_close"}
