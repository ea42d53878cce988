from odoo import fields

from odoo.addons.sqms_base.lib.workflow_pass import workflow_import

from .common import ComplaintCase


class SatisfactionCase(ComplaintCase):
    """Closed complaints, and short ways to ask and to answer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.answers = cls.env["sqms.satisfaction.answer"]
        cls.survey = cls.env.ref("sqms_complaint.survey_satisfaction")
        cls.company.write(
            {
                "satisfaction_is_on": True,
                "satisfaction_percent": 100,
                "satisfaction_at_least": 0,
                "satisfaction_cooldown_days": 0,
                "satisfaction_deadline_days": 21,
                "satisfaction_reminders": 1,
                "satisfaction_reminder_days": 5,
            }
        )
        cls._ask_all()  # demo data

    @classmethod
    def _ask_all(cls):
        while cls.answers._invite_batch():
            pass

    @classmethod
    def _closed(cls, number=1, **values):
        """Complaints at the end of their way, by the door of those that arrive there."""
        return cls._end(cls._create_complaints(number, **values))

    @classmethod
    def _end(cls, complaints, **values):
        with workflow_import(complaints, "At the end of the way"):
            complaints.write({"complaint_state": "closed", "complaint_closed_at": fields.Datetime.now(), **values})
        cls.env.flush_all()
        return complaints

    @classmethod
    def _merged(cls, main, **values):
        """A complaint that was merged into another; how that is done is tried elsewhere."""
        complaint = cls._create_complaint(**values)
        cls.env.flush_all()
        cls.cr.execute("SET LOCAL session_replication_role = replica")
        cls.cr.execute(
            "UPDATE helpdesk_ticket SET complaint_state = 'merged', complaint_merged_into_id = %s WHERE id = %s",
            [main.id, complaint.id],
        )
        cls.cr.execute("SET LOCAL session_replication_role = origin")
        cls.env.invalidate_all()
        return complaint

    def _reopened(self, complaint):
        """Closed once more."""
        return self._end(complaint, complaint_reopen_count=complaint.complaint_reopen_count + 1)

    def _invite(self, complaints):
        self._ask_all()
        self.env.invalidate_all()
        return self.answers.search([("ticket_id", "in", complaints.ids)], order="id")

    def _question(self, metric):
        return self.survey.question_ids.filtered(lambda question: question.sqms_metric == metric)

    def _answer(self, answer, **marks):
        """As the page of the survey does it."""
        place = answer.sudo().user_input_id
        place._mark_in_progress()
        for metric in ("csat", "nps", "ces", "comment"):
            value = marks.get(metric)
            place._save_lines(self._question(metric), "" if value is None else str(value))
        place._mark_done()
        self.env.invalidate_all()
        return answer
