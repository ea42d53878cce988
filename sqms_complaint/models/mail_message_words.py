from odoo import api, models
from odoo.exceptions import AccessError

from .helpdesk_ticket_access import PUBLIC_MESSAGE_TYPES

WORDS = frozenset(("body", "author_id", "email_from", "date", "model", "res_id", "attachment_ids", "message_type"))


class MailMessageWords(models.Model):
    """What stands in the file of a complaint stands in the name of who said it.

    1. Colleagues write in their own name; the customer's words come by his page, his mail, or a mail that was taken in.
    2. What others have said is neither rewritten nor deleted.
    """

    _inherit = "mail.message"

    def _complaint_said_by_others(self):
        """The messages of complaints, among these, that somebody else than the user at hand has said."""
        me = self.env.user.partner_id
        said = self.sudo().filtered(
            lambda one: (
                one.model == "helpdesk.ticket"
                and one.res_id
                and one.message_type in PUBLIC_MESSAGE_TYPES
                and one.author_id != me
            )
        )
        if not said:
            return said
        tickets = self.env["helpdesk.ticket"].sudo().with_context(active_test=False)
        complaints = set(tickets.search([("id", "in", said.mapped("res_id")), ("is_complaint", "=", True)])._ids)
        return said.filtered(lambda one: one.res_id in complaints)

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        if not self.env.su and messages._complaint_said_by_others():
            raise AccessError(self.env._("In the file of a complaint everybody writes in his own name."))
        return messages

    def write(self, vals):
        if not self.env.su and not WORDS.isdisjoint(vals):
            self._complaint_refuse_rewriting()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_words_of_others(self):
        if not self.env.su:
            self._complaint_refuse_rewriting()

    def _complaint_refuse_rewriting(self):
        if self._complaint_said_by_others():
            raise AccessError(self.env._("What others have said in the file of a complaint stays as it was said."))
