from odoo import api, models
from odoo.fields import Domain


class HelpdeskTicketEligibility(models.Model):
    """A complaint is given to people who are eligible for it; where no rule is in force nothing is asked."""

    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "sqms.eligibility.mixin"]

    @api.model
    def _eligibility_open_domain(self):
        return Domain("stage_id.closed", "=", False) & Domain("active", "=", True)

    @api.onchange("user_id")
    def _onchange_user_id_eligibility(self):
        return self._eligibility_warning()
