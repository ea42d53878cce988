from odoo import api, models
from odoo.exceptions import UserError


class SqmsActionRisk(models.Model):
    """Actions of a risk: none is added to one that is closed, or taken away from it."""

    _inherit = "sqms.action"

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._refuse_closed_risk()
        return actions

    def write(self, vals):
        if "risk_id" in vals and any(action.risk_id.id != vals["risk_id"] for action in self):
            self._refuse_closed_risk()
            result = super().write(vals)
            self._refuse_closed_risk()
            return result
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_closed_risk(self):
        self._refuse_closed_risk()

    def _refuse_closed_risk(self):
        closed = self.sudo().risk_id.filtered(lambda risk: risk.state == "closed")
        if closed:
            raise UserError(
                self.env._(
                    "%s is closed; its actions stay as they are. Please reopen it first.", closed[0].display_name
                )
            )
