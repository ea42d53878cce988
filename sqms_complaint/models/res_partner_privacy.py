from odoo import api, models
from odoo.exceptions import UserError


class ResPartnerPrivacy(models.Model):
    """A contact that a complaint names is not deleted: the complaint would no longer say whose it is.

    Merging contacts goes on; whoever wants to be forgotten is erased, and the complaint says so.
    """

    _inherit = "res.partner"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_named_by_complaint(self):
        complaints = self.env["helpdesk.ticket"].sudo().with_context(active_test=False)
        named = complaints.search([("is_complaint", "=", True), ("partner_id", "in", self.ids)], limit=1)
        if named:
            raise UserError(
                self.env._(
                    "%(contact)s is the customer of %(complaint)s and stays. Please archive the contact; if the "
                    "person asked to be forgotten, use Configuration / Personal Data / Requests.",
                    contact=named.partner_id.display_name,
                    complaint=named.number,
                )
            )
