from odoo import models


class HelpdeskTicketDisputeWithdraw(models.Model):
    """What is before an outside body ends there first, whoever takes the complaint back."""

    _inherit = "helpdesk.ticket"

    def _check_withdraw(self):
        return {
            dispute.ticket_id.id: self.env._("%s is still open", dispute.display_name)
            for dispute in self._open_disputes()
        }

    def _complaint_may_withdraw(self):
        return super()._complaint_may_withdraw() and not self._open_disputes()
