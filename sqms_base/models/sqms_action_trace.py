from odoo import models
from odoo.tools import LazyTranslate

from ..lib.trace_link import RANK, TraceLink
from .sqms_action import LASTING

_lt = LazyTranslate(__name__)

BADGES = {
    "planned": ("secondary", "fa-circle-o"),
    "started": ("info", "fa-play"),
    "done": ("warning", "fa-hourglass-half"),
    "verified": ("success", "fa-check"),
    "effective": ("success", "fa-check"),
    "ineffective": ("danger", "fa-times"),
    "cancelled": ("secondary", "fa-ban"),
}


class SqmsActionTrace(models.Model):
    """An action in the story: from what it answers to the editions it brings."""

    _name = "sqms.action"
    _inherit = ["sqms.action", "sqms.trace.mixin"]

    _trace_lane = "changed"
    _trace_rank = RANK["action"]
    _trace_icon = "fa-wrench"
    _trace_links = (
        TraceLink("nonconformity_id", label=_lt("answered by"), direction="from"),
        TraceLink("cause_ids", label=_lt("removed by"), direction="from"),
        TraceLink("risk_id", label=_lt("answered by"), direction="from"),
        TraceLink("improvement_id", label=_lt("carried out by"), direction="from"),
        TraceLink("decision_id", label=_lt("carried out by"), direction="from"),
        TraceLink("res_id", label=_lt("answered by"), direction="from", model_field="res_model"),
        TraceLink("previous_id", label=_lt("did not help, followed by"), direction="from", kind="replaces"),
        TraceLink("version_ids", label=_lt("brings")),
        TraceLink("document_ids", label=_lt("rests on")),
        TraceLink("indicator_id", label=_lt("judged by")),
    )

    def _trace_cards(self):
        cards = super()._trace_cards()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for action in self:
            tone, icon = BADGES[action.state]
            cards[action.id] |= {
                "kind": self.env._("Action") if action.kind in LASTING else kinds[action.kind],
                "date": action.done_at or action.date_due,
                "detail": self.env._("done %s", self._trace_day(action.done_at))
                if action.done_at
                else action.due_words,
                "badge": {"text": action._workflow_state_label(), "tone": tone, "icon": icon},
            }
        return cards
