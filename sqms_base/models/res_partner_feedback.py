from odoo import fields, models

from .sqms_feedback import OFFICER


class ResPartnerFeedback(models.Model):
    """What a customer told us, his contacts included."""

    _inherit = "res.partner"

    sqms_feedback_count = fields.Integer(string="Feedback", compute="_compute_sqms_feedback_count", groups=OFFICER)

    def _compute_sqms_feedback_count(self):
        totals = self._sqms_counts("sqms.feedback")
        for partner in self:
            partner.sqms_feedback_count = totals.get(partner._origin.id, 0)

    def action_open_sqms_feedback(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_feedback_action"),
            "domain": [("partner_id", "child_of", self.id)],
            "context": {"default_partner_id": self.id},
        }
