from odoo import models
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.trace_link import TraceLink

_lt = LazyTranslate(__name__)


class HelpdeskTicketRepeatTrace(models.Model):
    """The thread leads from a complaint to its repetition, and from a merged one to the one that is kept."""

    _inherit = "helpdesk.ticket"

    _trace_links = (
        TraceLink("complaint_repeat_of_id", label=_lt("came again"), direction="from", kind="repeats"),
        TraceLink("complaint_merged_into_id", label=_lt("merged into")),
    )
