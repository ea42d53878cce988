from odoo import api, fields, models


class SurveyUserInput(models.Model):
    """An attempt at the exam of an enrolment; one is under way at a time."""

    _inherit = "survey.user_input"

    sqms_enrolment_id = fields.Many2one(
        "sqms.training.enrolment", "Enrolment", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    sqms_invigilator_id = fields.Many2one(
        "res.users", "Opened By", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )

    _sqms_one_exam_open = models.UniqueIndex(
        "(sqms_enrolment_id) WHERE sqms_enrolment_id IS NOT NULL AND state != 'done'",
        "An attempt is under way; finish it first.",
    )

    @api.model
    def _sqms_links(self):
        return (*super()._sqms_links(), "sqms_enrolment_id", "sqms_invigilator_id")

    def _mark_done(self):
        """Whoever finishes waits for whoever finishes the same; the verdict is laid down at once."""
        exams = self.filtered(lambda attempt: attempt.sqms_enrolment_id and attempt.state != "done")
        if exams:
            exams.sqms_enrolment_id.sudo()._workflow_lock_rows()
        result = super()._mark_done()
        for attempt in exams:
            attempt.sqms_enrolment_id.sudo()._exam_attempted(attempt)
        return result

    def _sqms_exam_verdict(self):
        """What the last page says: the attempt as it was judged."""
        attempts = self.env["sqms.training.exam.attempt"].sudo()
        return attempts.search([("input_id", "=", self.id)], limit=1) if self.sqms_enrolment_id else attempts
