from odoo import fields, models
from odoo.tools import format_date

from .hr_employee_skill_guard import certificate_granting


class SqmsTrainingEnrolment(models.Model):
    """Whoever passes the last part grants by it, a candidate at his exam too: the enrolment is the ground."""

    _inherit = "sqms.training.enrolment"

    def _issue_certificates(self):
        with certificate_granting():
            return super()._issue_certificates()

    def _next_step_words(self):
        """What comes next, in two or three words."""
        self.ensure_one()
        session = self.session_id
        today = fields.Date.context_today(self)
        begins = session.date_start and fields.Datetime.context_timestamp(self, session.date_start).date()
        if begins and begins >= today and session.state in ("planned", "open"):
            return self.env._("Session %s", format_date(self.env, begins))
        if self.exam_survey_id and not self.exam_passed_at and not self._missing_parts():
            return self.env._("Exam open")
        if session:
            return self.env._("Session runs")
        return self.env._("Enrolled, no date yet")
