from odoo import api, models
from odoo.tools import email_normalize

from ..lib.mail_machine import is_automatic


class MailThread(models.AbstractModel):
    """The gateway tells the records whether a mail was written by a machine; its headers go no further otherwise."""

    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        if not any(route[0] == "helpdesk.ticket" for route in routes or ()):
            return super()._message_route_process(message, message_dict, routes)
        sender = email_normalize(message_dict.get("email_from") or "", strict=False) or ""
        incoming = "automatic" if is_automatic(message, sender) else "written"
        threads = self.with_context(complaint_incoming=incoming)
        return super(MailThread, threads)._message_route_process(message, message_dict, routes)
