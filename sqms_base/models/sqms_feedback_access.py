from odoo import api, models
from odoo.exceptions import AccessError

from .sqms_feedback import OFFICER, PERSON

CERTIFIER = "sqms_base.group_sqms_certifier"
TOP = "sqms_base.group_sqms_top"
# What tells who said it, besides the words themselves.
TELLING = {
    *PERSON, "create_uid", "write_uid", "message_ids", "message_follower_ids", "message_partner_ids",
    "website_message_ids", "file_ids",
}  # fmt: skip


class SqmsFeedbackAccess(models.Model):
    """Who reads what of feedback, besides the rules of records.

    1. Those who handle it read who said it. Top management and certifiers read what was said and what became of it,
       not by whom; the chatter would tell, so it is closed to them as well.
    2. The ledger tells what was done with feedback, and by whom. That it came in is no entry: the entry would name
       the colleague who wrote it, and the second at which somebody spoke who wants to stay anonymous.
    """

    _inherit = "sqms.feedback"

    _mail_post_access = "read"  # who gave it may add to it

    @api.model
    def _knows_persons(self):
        user = self.env.user
        return self.env.su or user.has_group(OFFICER) or not (user.has_group(CERTIFIER) or user.has_group(TOP))

    def _check_access(self, operation):
        # A certifier is a colleague by his group and nothing more: he reads.
        if operation != "read" and not self.env.su and self._is_certifier_alone():
            return self, lambda: AccessError(self.env._("A certifier reads feedback and changes none."))
        return super()._check_access(operation)

    @api.model
    def _is_certifier_alone(self):
        user = self.env.user
        return user.has_group(CERTIFIER) and not user.has_group(OFFICER)

    @api.model
    def _has_field_access(self, field, operation):
        if field.name in TELLING and not self._knows_persons():
            return False
        return super()._has_field_access(field, operation)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        operations = super()._mail_get_operation_for_mail_message_operation(message_operation)
        if not self._knows_persons():
            operations.update(dict.fromkeys(self, "write"))
        return operations

    # -- followers: any colleague may ask who follows a record ---------------------

    @api.model_create_multi
    def create(self, vals_list):
        quiet = self.with_context(mail_create_nosubscribe=True)
        return super(SqmsFeedbackAccess, quiet).create(vals_list).with_env(self.env)

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """Those who handle feedback may follow it, never the one who gave it: followers are open to everybody."""
        handlers = self.env.ref(OFFICER).sudo().all_user_ids.partner_id
        said = self.sudo().staff_id.partner_id | self.sudo().partner_id
        followers = (handlers - said).filtered(lambda partner: partner.id in (partner_ids or ())).ids
        return super()._message_subscribe(followers, subtype_ids, customer_ids) if followers else True

    def message_get_followers(self, after=None, limit=100, filter_recipients=False):
        self.check_access("read")
        return super().message_get_followers(after, limit, filter_recipients)

    @api.model
    def _search_message_partner_ids(self, operator, operand):
        if not self._knows_persons():
            raise AccessError(self.env._("Who follows feedback is for those who handle it."))
        return super()._search_message_partner_ids(operator, operand)

    @api.model
    def _ledger_compare(self, taken):
        return [row for row in super()._ledger_compare(taken) if row["event"] != "create"]
