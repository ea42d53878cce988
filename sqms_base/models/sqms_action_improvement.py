from odoo import models

PROVEN = ("verified", "effective")  # somebody else has looked at it


class SqmsActionImprovement(models.Model):
    _inherit = "sqms.action"

    def _holds_improvement(self):
        """Whether the improvement that it carries out still waits for it.

        Neither one that was given up, nor one that did not help and was followed by another: that one is waited for.
        """
        self.ensure_one()
        return self.state not in (*PROVEN, "cancelled") and not (self.state == "ineffective" and self.following_ids)
