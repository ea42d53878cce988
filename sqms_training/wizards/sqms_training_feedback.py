from odoo import fields, models


class SqmsTrainingFeedback(models.TransientModel):
    """Points and words of one who took part; he is not named with them."""

    _name = "sqms.training.feedback"
    _description = "Feedback on a Training"

    enrolment_id = fields.Many2one("sqms.training.enrolment", required=True, readonly=True, ondelete="cascade")
    course_id = fields.Many2one(related="enrolment_id.course_id")
    points = fields.Selection(
        [("0", "None"), ("1", "Bad"), ("2", "Weak"), ("3", "Fair"), ("4", "Good"), ("5", "Very Good")], default="0"
    )
    comment = fields.Text("What to Keep, What to Change")

    def action_apply(self):
        self.ensure_one()
        self.enrolment_id._react(int(self.points or 0), self.comment)
        return {"type": "ir.actions.act_window_close"}
