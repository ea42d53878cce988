from odoo import models
from odoo.tools import LazyTranslate

from ..lib.trace_link import RANK, TraceLink

_lt = LazyTranslate(__name__)


class SqmsRequirement(models.Model):
    """A customer requirement in the story: where a promise comes from."""

    _name = "sqms.requirement"
    _inherit = ["sqms.requirement", "sqms.trace.mixin"]

    _trace_lane = "happened"
    _trace_rank = RANK["complaint"] - 5
    _trace_icon = "fa-user-o"
    _trace_links = (
        TraceLink("previous_id", label=_lt("revised as"), direction="from", kind="replaces"),
        TraceLink("value_document_ids", label=_lt("lived up to by"), direction="from"),
        TraceLink("process_ids", label=_lt("served by")),
        TraceLink("indicator_ids", label=_lt("measured by")),
    )
