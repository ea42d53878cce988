from odoo import models
from odoo.tools import LazyTranslate

from ..lib.trace_link import RANK, TraceLink

_lt = LazyTranslate(__name__)


class SqmsCommitmentBreach(models.Model):
    """A broken promise in the story, between the promise and the record on which it was broken."""

    _name = "sqms.commitment.breach"
    _inherit = ["sqms.commitment.breach", "sqms.trace.mixin"]

    _trace_lane = "happened"
    _trace_rank = RANK["complaint"] + 2
    _trace_icon = "fa-chain-broken"
    _trace_links = (
        TraceLink("commitment_id", label=_lt("broken"), direction="from"),
        TraceLink("res_id", model_field="res_model", label=_lt("happened on"), direction="from"),
    )
