from odoo import models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..lib.trace_link import RANK, TraceLink

_lt = LazyTranslate(__name__)


class SqmsControlRecord(models.Model):
    """A check in the story: by which plan it was made, and the nonconformity that it made."""

    _name = "sqms.control.record"
    _inherit = ["sqms.control.record", "sqms.trace.mixin"]

    _trace_lane = "happened"
    _trace_rank = RANK["complaint"] - 2
    _trace_icon = "fa-check-square-o"
    _trace_links = (
        TraceLink("plan_id", label=_lt("checked"), direction="from"),
        TraceLink("corrects_id", label=_lt("corrected by"), direction="from", kind="replaces"),
    )

    def _trace_domain(self):
        """Thousands of checks that found nothing are no story."""
        return super()._trace_domain() & (Domain("result", "=", "out") | Domain("nonconformity_id", "!=", False))
