from odoo import models

from ..lib.trace_link import RANK


class SqmsDocument(models.Model):
    """A document in the story: its editions hang on it."""

    _name = "sqms.document"
    _inherit = ["sqms.document", "sqms.trace.mixin"]

    _trace_lane = "changed"
    _trace_rank = RANK["document"]
    _trace_icon = "fa-file-text-o"

    def _trace_cards(self):
        cards = super()._trace_cards()
        kinds = dict(self._fields["document_type"]._description_selection(self.env))
        for document in self:
            in_force = document.current_version_id
            cards[document.id] |= {
                "kind": kinds[document.document_type],
                "title": document.name,
                "date": document.current_date,
                "detail": self.env._("in force since %s", self._trace_day(document.current_date)) if in_force else "",
                "badge": {
                    "text": self.env._("Edition %s", in_force.edition) if in_force else self.env._("Not in force"),
                    "tone": "success" if in_force else "secondary",
                    "icon": "fa-check" if in_force else "",
                },
            }
        return cards
