from odoo import api, models

from .sqms_keep_mixin import heed_guards

WHAT_WAS_SAID = {"body", "subject", "model", "res_id", "attachment_ids", "author_id", "email_from"}


class MailMessageHold(models.Model):
    """What was said about a record that a legal hold needs is neither deleted nor rewritten."""

    _inherit = "mail.message"

    def write(self, vals):
        if WHAT_WAS_SAID.intersection(vals):
            self._sqms_refuse_held()
        return super().write(vals)

    def unlink(self):
        return super(MailMessageHold, heed_guards(self)).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        self._sqms_refuse_held()

    def _sqms_refuse_held(self):
        holds = self.env["sqms.legal.hold"].sudo()
        for model in holds._held_models():
            messages = self.sudo().filtered(lambda message, model=model: message.model == model and message.res_id)
            if messages and model in self.env:
                holds._refuse_held(self.env[model].browse(set(messages.mapped("res_id"))))
