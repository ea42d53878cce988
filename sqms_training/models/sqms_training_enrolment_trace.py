from odoo import models
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.trace_link import RANK, TraceLink

_lt = LazyTranslate(__name__)

BADGES = {
    "enrolled": ("secondary", "fa-hourglass-start"),
    "running": ("info", "fa-play"),
    "passed": ("success", "fa-check"),
    "failed": ("danger", "fa-times"),
    "absent": ("danger", "fa-user-times"),
    "cancelled": ("secondary", "fa-ban"),
}


class SqmsTrainingEnrolmentTrace(models.Model):
    """A training in the story: what it is for stands before it, its certificate behind it."""

    _name = "sqms.training.enrolment"
    _inherit = ["sqms.training.enrolment", "sqms.trace.mixin"]

    _trace_lane = "changed"
    _trace_rank = RANK["training"]
    _trace_icon = "fa-graduation-cap"
    _trace_links = (TraceLink("certificate_id", label=_lt("grants")),)

    def _trace_cards(self):
        cards = super()._trace_cards()
        for enrolment in self:
            tone, icon = BADGES[enrolment.state]
            cards[enrolment.id] |= {
                "title": enrolment.course_id.name,
                "detail": enrolment.employee_id.name,
                "date": enrolment.ended_at or enrolment.date_start,
                "badge": {"text": enrolment._workflow_state_label(), "tone": tone, "icon": icon},
            }
        return cards
