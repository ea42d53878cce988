from odoo import models

TONES = {"better": "success", "worse": "danger", "same": "secondary"}


class SqmsIndicatorTrace(models.Model):
    """An indicator in the story with its figure of the last month, n, and where it goes."""

    _inherit = "sqms.indicator"

    def _trace_cards(self):
        cards = super()._trace_cards()
        if not self.env["sqms.measure"].has_access("read"):
            return cards
        for indicator in self:
            if not indicator.latest_month:
                continue
            meaning = indicator.change_meaning
            cards[indicator.id] |= {
                "detail": self.env._(
                    "%(value)s in %(month)s, n = %(n)s",
                    value=indicator.latest_label,
                    month=indicator.latest_month,
                    n=indicator.latest_n,
                ),
                "badge": meaning and {"text": indicator.change_label, "tone": TONES[meaning], "icon": ""},
            }
        return cards
