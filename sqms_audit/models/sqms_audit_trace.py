from odoo import models

from odoo.addons.sqms_base.lib.trace_link import RANK

BADGES = {
    "planned": ("info", "fa-calendar"),
    "in_progress": ("warning", "fa-pencil"),
    "report": ("warning", "fa-file-text-o"),
    "closed": ("success", "fa-check"),
    "cancelled": ("secondary", "fa-ban"),
}


class SqmsAudit(models.Model):
    """An audit in the story: its findings hang on it."""

    _name = "sqms.audit"
    _inherit = ["sqms.audit", "sqms.trace.mixin"]

    _trace_lane = "happened"
    _trace_rank = RANK["finding"] - 5
    _trace_icon = "fa-clipboard"

    def _trace_cards(self):
        cards = super()._trace_cards()
        for audit in self:
            tone, icon = BADGES[audit.state]
            cards[audit.id] |= {
                "title": audit.name,
                "date": audit.date_start,
                "detail": self._trace_day(audit.date_start),
                "badge": {"text": audit._workflow_state_label(), "tone": tone, "icon": icon},
            }
        return cards
