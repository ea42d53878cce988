from odoo import fields, models

from .sqms_feedback import OFFICER


class SqmsImprovementFeedback(models.Model):
    """What somebody told us that an improvement was made of."""

    _inherit = "sqms.improvement"

    feedback_ids = fields.One2many("sqms.feedback", "improvement_id", string="Made of Feedback", groups=OFFICER)

    def action_open_feedback(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Feedback"),
            "res_model": "sqms.feedback",
            "views": [(False, "form")],
            "res_id": self.feedback_ids[:1].id,
        }
