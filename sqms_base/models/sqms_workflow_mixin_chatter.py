from odoo import models

CERTIFIER = "sqms_base.group_sqms_certifier"


class SqmsWorkflowMixinChatter(models.AbstractModel):
    """Where everybody who reads may write in the chatter, a certifier still only reads.

    One who has another role as well writes where that role lets him.
    """

    _inherit = "sqms.workflow.mixin"

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        operations = super()._mail_get_operation_for_mail_message_operation(message_operation)
        if message_operation == "create" and self.env.user.has_group(CERTIFIER):
            ours = self.sudo().filtered(self._workflow_field)
            operations.update(dict.fromkeys(ours.with_env(self.env), "write"))
        return operations
