from odoo import models
from odoo.tools import LazyTranslate

from ..lib.trace_link import RANK, TraceLink

_lt = LazyTranslate(__name__)

BADGES = {
    "low": ("success", "fa-check"),
    "medium": ("warning", "fa-minus"),
    "high": ("danger", "fa-exclamation"),
    "extreme": ("danger", "fa-exclamation-triangle"),
}


class SqmsRiskTrace(models.Model):
    """A risk in the story: what it was seen on, what it endangers, what is done about it."""

    _name = "sqms.risk"
    _inherit = ["sqms.risk", "sqms.trace.mixin"]

    _trace_lane = "happened"
    _trace_rank = RANK["action"] - 5
    _trace_icon = "fa-exclamation-triangle"
    _trace_links = (
        TraceLink("res_id", model_field="res_model", label=_lt("made us see"), direction="from"),
        TraceLink("process_id", label=_lt("may happen in"), direction="from"),
        TraceLink("goal_ids", label=_lt("bears on")),
        TraceLink("document_ids", label=_lt("kept in check by")),
    )

    def _trace_cards(self):
        cards = super()._trace_cards()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        levels = dict(self._fields["level"]._description_selection(self.env))
        for risk in self:
            tone, icon = BADGES.get(risk.level, ("secondary", "fa-question"))
            before = levels.get(risk.level_before)
            cards[risk.id] |= {
                "kind": kinds[risk.kind],
                "date": risk.closed_at or risk.date_next_review,
                "detail": self.env._("was: %s", before) if before and risk.level_before != risk.level else "",
                "badge": {"text": levels.get(risk.level, ""), "tone": tone, "icon": icon},
            }
        return cards
