from odoo import api, fields, models


class SqmsTrainingEnrolmentDue(models.Model):
    """The day on which an enrolment counts in the figures."""

    _inherit = "sqms.training.enrolment"

    # Stored: figures are counted by it, month by month.
    counted_at = fields.Datetime("Was to Be Done By", compute="_compute_counted_at", store=True, index=True)

    @api.depends("session_id.date_end", "session_id.date_start", "ended_at")
    def _compute_counted_at(self):
        """The end of its session; who learns by himself is counted when he is through."""
        for enrolment in self:
            session = enrolment.session_id
            enrolment.counted_at = session.date_end or session.date_start or enrolment.ended_at
