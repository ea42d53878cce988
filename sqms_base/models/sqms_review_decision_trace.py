from odoo import models
from odoo.tools import LazyTranslate

from ..lib.trace_link import RANK, TraceLink

_lt = LazyTranslate(__name__)
TONES = {"waiting": "secondary", "open": "info", "late": "danger", "done": "success", "dropped": "secondary"}
ICONS = {"late": "fa-clock-o", "done": "fa-check"}


class SqmsReviewDecision(models.Model):
    """A decision between the review and the action that it became."""

    _name = "sqms.review.decision"
    _inherit = ["sqms.review.decision", "sqms.trace.mixin"]

    _trace_lane = "changed"
    _trace_rank = RANK["action"] - 2
    _trace_icon = "fa-check-square-o"
    # The action names its decision, and so is found from here.
    _trace_links = (TraceLink("review_id", label=_lt("decided"), direction="from"),)

    def _trace_cards(self):
        cards = super()._trace_cards()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for decision in self:
            cards[decision.id] |= {
                "title": decision.name,
                "detail": " · ".join(filter(None, (kinds.get(decision.kind), decision.sudo().owner_id.name))),
                "date": decision.date_due,
                "badge": {
                    "text": decision.progress_label, "tone": TONES.get(decision.progress, "secondary"),
                    "icon": ICONS.get(decision.progress, ""),
                },
            }  # fmt: skip
        return cards
