from odoo import models
from odoo.tools import LazyTranslate

from ..lib.trace_link import RANK, TraceLink

_lt = LazyTranslate(__name__)


class SqmsResourceTrace(models.Model):
    """A resource in the story: what a process runs on. What is confidential says nothing to others."""

    _name = "sqms.resource"
    _inherit = ["sqms.resource", "sqms.trace.mixin"]

    _trace_lane = "changed"
    _trace_rank = RANK["document"] + 6
    _trace_icon = "fa-cubes"
    _trace_links = (
        TraceLink("process_id", label=_lt("runs on"), direction="from"),
        TraceLink("document_ids", label=_lt("has become")),
    )

    def _trace_cards(self):
        cards = super()._trace_cards()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for resource in self:
            cards[resource.id] |= {"kind": kinds[resource.kind], "date": resource.date_renewal or resource.date_to}
        return cards
