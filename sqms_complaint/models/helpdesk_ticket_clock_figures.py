from odoo import fields, models

from .sqms_clock_complaint import FIGURES as NAMES

FIGURES = frozenset(NAMES)


class HelpdeskTicketClockFigures(models.Model):
    """Whether promises were kept, for lists and indicators: filled in by the clocks alone.

    1. On time is what was done at or before due. Late is what was done after it, and what is still open after it.
    2. What is neither is not judged yet: those that count in a share of promises kept are on time or late.
    3. Of a promise that began again (a second level) one miss is a miss.
    """

    _inherit = "helpdesk.ticket"

    complaint_ack_due_at = fields.Datetime("Acknowledgement Due", readonly=True, copy=False)
    complaint_ack_on_time = fields.Boolean("Acknowledged in Time", readonly=True, copy=False)
    complaint_ack_late = fields.Boolean("Acknowledgement Late", readonly=True, copy=False)
    complaint_reply_due_at = fields.Datetime("First Answer Due", readonly=True, copy=False)
    complaint_reply_on_time = fields.Boolean("First Answer in Time", readonly=True, copy=False)
    complaint_reply_late = fields.Boolean("First Answer Late", readonly=True, copy=False)
    complaint_decision_due_at = fields.Datetime("Decision Due", readonly=True, copy=False)
    complaint_decision_on_time = fields.Boolean("Decision in Time", readonly=True, copy=False)
    complaint_decision_late = fields.Boolean("Decision Late", readonly=True, copy=False)

    def _check_clock_fields(self, names):
        names = set(names)
        return super()._check_clock_fields(names | {"clock_due_at"} if names & FIGURES else names)
