from odoo import models


class SurveySurvey(models.Model):
    """The frozen questions of an exam are taken by who is enrolled, each in the pool of his enrolment."""

    _inherit = "survey.survey"

    def _sqms_exam(self):
        return self.env["sqms.training.exam"].sudo().search([("copy_id", "=", self.id)], limit=1)

    def _sqms_taken_for(self, token, user, partner):
        exam = self._sqms_exam()
        if not exam:
            return super()._sqms_taken_for(token, user, partner)
        enrolments = self.env["sqms.training.enrolment"].sudo()
        enrolment = enrolments.search([("exam_token", "=", token)], limit=1) if token else enrolments
        return enrolment._exam_taken_for(exam, user, partner)

    def _get_number_of_attempts_lefts(self, partner, email, invite_token):
        """The count of the enrolment: it does not depend on who is named in an attempt."""
        if self.sqms_is_frozen and self._sqms_exam():
            enrolments = self.env["sqms.training.enrolment"].sudo()
            enrolment = enrolments.search([("exam_token", "=", invite_token)], limit=1) if invite_token else enrolments
            return enrolment._exam_left() if enrolment else 0
        return super()._get_number_of_attempts_lefts(partner, email, invite_token)
