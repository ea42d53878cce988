from odoo import models

from ..lib.trace_link import RANK


class SqmsIndicator(models.Model):
    """An indicator in the story: where it shows whether something helped."""

    _name = "sqms.indicator"
    _inherit = ["sqms.indicator", "sqms.trace.mixin"]

    _trace_lane = "helped"
    _trace_rank = RANK["indicator"]
    _trace_icon = "fa-line-chart"

    def _trace_cards(self):
        cards = super()._trace_cards()
        families = dict(self._fields["family"]._description_selection(self.env))
        for indicator in self:
            cards[indicator.id] |= {
                "number": indicator.code,
                "title": indicator.name,
                "detail": families[indicator.family],
            }
        return cards
