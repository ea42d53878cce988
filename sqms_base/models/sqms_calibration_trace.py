from odoo import models
from odoo.tools import LazyTranslate

from ..lib.trace_link import RANK, TraceLink

_lt = LazyTranslate(__name__)


class SqmsCalibration(models.Model):
    """A calibration in the story: the nonconformity that a device out of tolerance made."""

    _name = "sqms.calibration"
    _inherit = ["sqms.calibration", "sqms.trace.mixin"]

    _trace_lane = "happened"
    _trace_rank = RANK["complaint"] - 3
    _trace_icon = "fa-tachometer"
    _trace_links = (TraceLink("corrects_id", label=_lt("corrected by"), direction="from", kind="replaces"),)
