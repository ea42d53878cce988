from odoo import api, models
from odoo.fields import Domain

from odoo.addons.sqms_base.lib.trace_link import RANK

ENDED = {"closed": "fa-check", "withdrawn": "fa-reply"}


class HelpdeskTicketTrace(models.Model):
    """A complaint is where a story begins; a plain ticket is no part of it."""

    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "sqms.trace.mixin"]

    _trace_lane = "happened"
    _trace_rank = RANK["complaint"]
    _trace_icon = "fa-comment"
    _trace_button_invisible = "not id or not is_complaint"

    @api.model
    def _trace_domain(self):
        return Domain("is_complaint", "=", True)

    @api.model
    def _trace_kind(self):
        return self.env._("Complaint")

    def _trace_cards(self):
        cards = super()._trace_cards()
        for ticket in self:
            words = (self._trace_day(ticket.complaint_received_at), ticket.sudo().complaint_category_id.name)
            state = ticket.complaint_state
            cards[ticket.id] |= {
                "title": ticket.name,
                "date": ticket.complaint_received_at,
                "detail": " · ".join(filter(None, words)),
                "badge": state
                and {
                    "text": ticket._workflow_state_label(),
                    "tone": "secondary" if state in ENDED else "info",
                    "icon": ENDED.get(state, "fa-spinner"),
                },
            }
        return cards
