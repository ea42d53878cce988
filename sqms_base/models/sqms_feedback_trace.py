from odoo import models
from odoo.tools import LazyTranslate

from ..lib.trace_link import RANK, TraceLink

_lt = LazyTranslate(__name__)

TONES = {"received": "warning", "answered": "info", "converted": "info", "closed": "success"}


class SqmsFeedbackTrace(models.Model):
    """Feedback in the story: what somebody said, and what it became. Who said it is no part of it."""

    _inherit = "sqms.feedback"

    _trace_lane, _trace_rank, _trace_icon = "happened", RANK["feedback"], "fa-comment-o"
    # A nonconformity names what it was raised from: that link is its own.
    _trace_links = (TraceLink("improvement_id", label=_lt("became")),)

    def _trace_cards(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        cards = super()._trace_cards()
        for feedback in self:
            badge = {"text": feedback._workflow_state_label(), "tone": TONES[feedback.state], "icon": ""}
            cards[feedback.id].update(detail=kinds[feedback.kind], date=feedback.received_on, badge=badge)
        return cards
