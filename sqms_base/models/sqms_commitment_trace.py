from odoo import models
from odoo.tools import LazyTranslate

from ..lib.trace_link import RANK, TraceLink

_lt = LazyTranslate(__name__)


class SqmsCommitment(models.Model):
    """A promise in the story: what became of a requirement, and how it is measured."""

    _name = "sqms.commitment"
    _inherit = ["sqms.commitment", "sqms.trace.mixin"]

    _trace_lane = "changed"
    _trace_rank = RANK["document"] + 5
    _trace_icon = "fa-handshake-o"
    _trace_links = (
        TraceLink("requirement_ids", label=_lt("promised as"), direction="from"),
        TraceLink("process_id", label=_lt("kept by"), direction="from"),
        TraceLink("indicator_id", label=_lt("measured by")),
    )
