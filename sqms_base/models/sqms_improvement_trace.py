from odoo import models
from odoo.tools import LazyTranslate

from ..lib.trace_link import RANK, TraceLink
from .sqms_improvement import CONTROLLED

_lt = LazyTranslate(__name__)


class SqmsImprovement(models.Model):
    """An improvement in the story: before the actions that carry it out, up to what it brings and what shows it."""

    _name = "sqms.improvement"
    _inherit = ["sqms.improvement", "sqms.trace.mixin"]

    _trace_lane = "changed"
    _trace_rank = RANK["action"] - 2
    _trace_icon = "fa-lightbulb-o"
    _trace_links = (
        TraceLink("action_ids", label=_lt("carried out by")),
        TraceLink("version_ids", label=_lt("brings")),
        TraceLink("indicator_id", label=_lt("evaluated by")),
    )

    def _trace_cards(self):
        cards = super()._trace_cards()
        for record in self:
            verified = record.state == "verified"
            cards[record.id] |= {
                "detail": self.env._("saves %s a year", record.currency_id.format(record.saving_verified))
                if verified
                else record.pce_label
                if record.before_lead_minutes
                else "",
                "date": record.verified_at or record.implemented_at or record.decided_at or record.create_date,
            }
        return cards

    def _trace_gates(self):
        """What must be done before it counts as implemented: the same that the step refuses for."""
        gates = super()._trace_gates()
        for record in self.filtered(lambda record: record.state == "adopted"):
            gates += [
                {
                    "source": action,
                    "target": record,
                    "text": self.env._("%s is implemented when this is done and verified.", record.display_name),
                    "label": self.env._("to be verified"),
                    "open": action._holds_improvement(),
                    "responsible": action.owner_id,
                    "due": action.date_due,
                }
                for action in record.action_ids
                if action.state != "cancelled"
            ]
            gates += [
                {
                    "source": edition,
                    "target": record,
                    "text": self.env._("%s is implemented when this edition is in force.", record.display_name),
                    "label": self.env._("to be in force"),
                    "open": not edition._has_come_into_force(),
                }
                for edition in (record.version_ids if record.improvement_type in CONTROLLED else ())
            ]
        return gates
