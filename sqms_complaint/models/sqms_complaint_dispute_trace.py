from odoo import models
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.trace_link import RANK, TraceLink

_lt = LazyTranslate(__name__)

BADGES = {
    "referred": ("warning", "fa-clock-o"),
    "answered": ("info", "fa-spinner"),
    "settled": ("info", "fa-handshake-o"),
    "closed": ("success", "fa-check"),
    "dropped": ("secondary", "fa-ban"),
}


class SqmsComplaintDisputeTrace(models.Model):
    """A dispute in the story: what the complaint has led to, and what a nonconformity may be raised from."""

    _name = "sqms.complaint.dispute"
    _inherit = ["sqms.complaint.dispute", "sqms.trace.mixin"]

    _trace_lane = "happened"
    _trace_rank = RANK["complaint"] + 5
    _trace_icon = "fa-balance-scale"
    _trace_links = (TraceLink("ticket_id", label=_lt("taken outside"), direction="from"),)

    def _trace_cards(self):
        cards = super()._trace_cards()
        for dispute in self:
            tone, icon = BADGES[dispute.state]
            cards[dispute.id] |= {
                "title": dispute.sudo().body_id.name,
                "date": dispute.referral_date,
                "detail": " · ".join(
                    filter(None, (self._trace_day(dispute.referral_date), dispute.number, dispute.case_number))
                ),
                "badge": {"text": dispute._workflow_state_label(), "tone": tone, "icon": icon},
            }
        return cards

    def _trace_gates(self):
        """A complaint is not closed while its dispute is open."""
        return super()._trace_gates() + [
            {
                "source": dispute.ticket_id,
                "target": dispute,
                "text": self.env._(
                    "%(complaint)s is closed when %(dispute)s has ended.",
                    complaint=dispute.ticket_id.number,
                    dispute=dispute.display_name,
                ),
                "open": dispute.state not in ("closed", "dropped"),
            }
            for dispute in self
            if dispute.ticket_id.complaint_state not in ("closed", "withdrawn", "merged")
        ]

    def _nonconformity_values(self):
        """What went before an outside body is major; a safety matter is critical."""
        self.ensure_one()
        return {
            "name": self.env._(
                "%(body)s: %(complaint)s", body=self.body_id.name, complaint=self.ticket_id.display_name
            ),
            "grade": "critical" if self.ticket_id.complaint_is_safety else "major",
            "company_id": self.company_id.id,
        }
