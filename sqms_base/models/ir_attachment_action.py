from odoo import api, models
from odoo.exceptions import AccessError

from .ir_attachment import OUTSIDE_READING, WHAT_IT_IS


class IrAttachmentAction(models.Model):
    """The evidence of an action stays as it was from the day the action is done, and is never made public.

    Whoever changes a file before that day has worked on the action.
    """

    _inherit = "ir.attachment"

    def write(self, vals):
        public = any(vals.get(name) for name in OUTSIDE_READING)
        if not public and not WHAT_IT_IS.intersection(vals):
            return super().write(vals)
        actions = self._sqms_proven_actions()
        if public and actions:
            raise AccessError(self.env._("“%s” is the evidence of an action and is never made public.", self[0].name))
        self._sqms_refuse_proof(actions)
        result = super().write(vals)
        actions.with_env(self.env)._note_doers(dict.fromkeys(actions.ids, self.env.user))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence_of_action(self):
        self._sqms_refuse_proof(self._sqms_proven_actions())

    def _sqms_proven_actions(self):
        """The actions that these files prove."""
        files = self.sudo().filtered(lambda file: file.res_model == "sqms.action" and not file.res_field)
        actions = self.env["sqms.action"].sudo()
        return actions.search([("evidence_file_ids", "in", files.ids)]) if files else actions

    def _sqms_refuse_proof(self, actions):
        for action in actions:
            if action.state not in ("planned", "started"):
                raise AccessError(
                    self.env._(
                        "%(action)s is “%(state)s”: its evidence can no longer be changed.",
                        action=action.display_name,
                        state=action._workflow_state_label(),
                    )
                )
