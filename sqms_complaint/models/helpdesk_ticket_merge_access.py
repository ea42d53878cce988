from odoo import api, models

OPENED_AS = "sqms_complaint_opened_as"


class HelpdeskTicketMergeAccess(models.Model):
    """The customer of a merged complaint finds the one that is kept, under the number and code that he holds.

    1. Only where both are the same customer's. Otherwise each customer keeps a page of his own and sees nothing of the
       other's.
    2. Number, code and word are asked of the complaint that he names, and the proof that he came in stays bound to it:
       a merge undone while he reads takes him back to his own complaint.
    """

    _inherit = "helpdesk.ticket"

    def _complaint_followed(self):
        """The complaint whose page the customer of this one sees; itself unless it is merged. In sudo."""
        ticket = self.sudo()
        while ticket.complaint_state == "merged":
            merge = ticket._merge_record()
            if not merge.is_same_customer:
                break
            ticket = merge.target_id
        return ticket

    def _complaint_opened(self):
        """The followed complaint, remembering whose code has opened it."""
        followed = self._complaint_followed()
        return followed if followed == self else followed.with_context(**{OPENED_AS: self.id})

    @api.model
    def _complaint_from_proof(self, proof):
        complaint, hint = super()._complaint_from_proof(proof)
        return (complaint._complaint_opened() if complaint else complaint), hint

    def _complaint_proof(self, code_hint):
        # The context is set by the server alone, and counts only where it leads here.
        opened = self.sudo().browse(self.env.context.get(OPENED_AS) or []).with_context(**{OPENED_AS: False})
        if opened and opened._complaint_followed() == self:
            return super(HelpdeskTicketMergeAccess, opened)._complaint_proof(code_hint)
        return super()._complaint_proof(code_hint)
