from odoo import api, fields, models

from .sqms_process import SqmsProcess


class SqmsProcessFeedback(models.Model):
    """Under which name the public page offers a process; without one it does not."""

    _inherit = "sqms.process"

    feedback_name = fields.Char(
        string="Name on the Feedback Page",
        translate=True,
        help="In words that customers use. Left empty, the public page does not offer this process.",
    )

    _workflow_locked = {
        "in_force": (*SqmsProcess._workflow_locked["in_force"], "feedback_name"),
    }

    @api.model
    def _offered_to_public(self, company):
        """`[(id, name)]` of the processes in force that the page of a company offers."""
        offered = self.sudo().search(
            [("company_id", "=", company.id), ("state", "=", "in_force"), ("feedback_name", "!=", False)]
        )
        return [(process.id, process.feedback_name) for process in offered if process.feedback_name]
