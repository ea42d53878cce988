from odoo import api, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..lib.trace_link import RANK, TraceLink

_lt = LazyTranslate(__name__)


class SqmsCause(models.Model):
    """A root cause in the story: what the nonconformity led back to. The whys on the way there are its detail."""

    _name = "sqms.cause"
    _inherit = ["sqms.cause", "sqms.trace.mixin"]

    _trace_lane = "happened"
    _trace_rank = RANK["cause"]
    _trace_icon = "fa-search"
    _trace_links = (TraceLink("nonconformity_id", label=_lt("traced back to"), direction="from"),)

    @api.model
    def _trace_domain(self):
        return super()._trace_domain() & Domain("verdict", "=", "root")

    def _trace_cards(self):
        cards = super()._trace_cards()
        states = dict.fromkeys(("found", "contained", "cause"), False)
        for cause in self:
            is_open = cause.sudo().nonconformity_id.state in states
            cards[cause.id] |= {
                "number": self.env._("5-why, level %(level)s", level=cause.level),
                "title": cause.name,
                "detail": cause.type_id.name or "",
                "date": cause.write_date,
                "badge": {"text": self.env._("Proposed"), "tone": "warning", "icon": "fa-hourglass-half"}
                if is_open
                else {"text": self.env._("Confirmed"), "tone": "success", "icon": "fa-check"},
            }
        return cards
