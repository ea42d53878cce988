from odoo import models
from odoo.tools import LazyTranslate

from ..lib.trace_link import RANK, TraceLink

_lt = LazyTranslate(__name__)


class SqmsGoal(models.Model):
    """A goal in the story: from the policy down to the indicator that shows whether it is reached."""

    _name = "sqms.goal"
    _inherit = ["sqms.goal", "sqms.trace.mixin"]

    _trace_lane = "changed"
    _trace_rank = RANK["document"] + 2
    _trace_icon = "fa-bullseye"
    _trace_links = (
        TraceLink("document_id", label=_lt("puts into effect"), direction="from"),
        TraceLink("parent_id", label=_lt("broken down into"), direction="from"),
        TraceLink("target_ids.indicator_id", label=_lt("measured by")),
    )

    def _trace_cards(self):
        cards = super()._trace_cards()
        for goal in self:
            cards[goal.id] |= {"detail": goal.progress_label, "date": goal.date_to}
        return cards
