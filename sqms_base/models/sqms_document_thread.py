from odoo import models

from .sqms_document import SEES_COVERAGE


class SqmsDocumentThread(models.AbstractModel):
    """The talk about a document is for those who make it.

    Remarks of a review, what was changed while an edition was written, older titles: who only reads what is in force
    reads none of that, follows nothing and so gets no copy of it by mail. The owner takes part.
    """

    _name = "sqms.document.thread"
    _description = "Talk About a Document"

    def _sqms_in_the_talk(self):
        """Those of the records whose chatter the user at hand may read."""
        if self.env.su or self.env.user.has_groups(SEES_COVERAGE):
            return self
        return self.filtered(lambda record: record.sudo().owner_id == self.env.user)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        operations = super()._mail_get_operation_for_mail_message_operation(message_operation)
        if message_operation == "read":
            # Asked as superuser of records with the person in the environment.
            outside = self - self.sudo(False)._sqms_in_the_talk()
            operations.update(dict.fromkeys(outside, "write"))
        return operations

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        if self and partner_ids and self - self._sqms_in_the_talk():
            return False
        return super().message_subscribe(partner_ids=partner_ids, subtype_ids=subtype_ids)
