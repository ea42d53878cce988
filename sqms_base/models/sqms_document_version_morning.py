from odoo import api, models
from odoo.fields import Domain

from .sqms_document import DIRECTION_TYPES
from .sqms_document_version import MANAGER, OFFICER, TOP


class SqmsDocumentVersionMorning(models.Model):
    """Whose review or approval an edition waits for.

    1. First the reviewer who was asked, then the approver.
    2. Nobody asked by name: everybody whose role may approve it.
    3. Never who has written in it.
    """

    _inherit = "sqms.document.version"

    _morning_sign_due = "date_effective"
    _morning_sign_action = "sqms_base.sqms_document_version_action"

    @api.model
    def _morning_sign_domain(self):
        user = self.env.user
        top, manager = user.has_group(TOP), user.has_group(MANAGER)
        waiting = Domain.FALSE
        if top or user.has_group(OFFICER):
            waiting |= Domain("reviewer_id", "=", user.id) & Domain("reviewed_at", "=", False)
        if top or manager:
            ready = Domain("reviewer_id", "=", False) | Domain("reviewed_at", "!=", False)
            asked = Domain("approver_id", "in", [False, user.id])
            ours = Domain.TRUE if top else Domain("document_id.document_type", "not in", DIRECTION_TYPES)
            waiting |= ready & asked & ours
        others = Domain("author_id", "!=", user.id) & ~Domain("contributor_ids", "in", user.ids)
        return Domain("state", "=", "review") & others & waiting

    def _morning_sign_words(self):
        if self.reviewer_id and not self.reviewed_at:
            return self.env._("by %(author)s · for review", author=self.author_id.name)
        return self.env._("by %(author)s · for approval", author=self.author_id.name)
