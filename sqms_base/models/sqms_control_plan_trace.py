from odoo import models
from odoo.tools import LazyTranslate

from ..lib.trace_link import RANK, TraceLink

_lt = LazyTranslate(__name__)


class SqmsControlPlan(models.Model):
    """A control plan in the story: what a procedure is checked by."""

    _name = "sqms.control.plan"
    _inherit = ["sqms.control.plan", "sqms.trace.mixin"]

    _trace_lane = "happened"
    _trace_rank = RANK["complaint"] - 6
    _trace_icon = "fa-list-alt"
    _trace_links = (
        TraceLink("process_id", label=_lt("checks"), direction="from"),
        TraceLink("document_id", label=_lt("checked by"), direction="from"),
    )

    def _trace_cards(self):
        cards = super()._trace_cards()
        for plan in self:
            cards[plan.id] |= {"detail": plan.result_summary}
        return cards
