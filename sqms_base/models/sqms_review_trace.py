from odoo import models
from odoo.tools import LazyTranslate

from ..lib.trace_link import RANK, TraceLink

_lt = LazyTranslate(__name__)


class SqmsReview(models.Model):
    """A management review in the story: what it decided."""

    _name = "sqms.review"
    _inherit = ["sqms.review", "sqms.trace.mixin"]

    _trace_lane = "changed"
    _trace_rank = RANK["action"] - 4
    _trace_icon = "fa-gavel"
    _trace_links = (TraceLink("previous_id", label=_lt("followed by"), direction="from", kind="follows"),)

    def _trace_cards(self):
        cards = super()._trace_cards()
        for review in self:
            cards[review.id] |= {"date": review.date}
        return cards
