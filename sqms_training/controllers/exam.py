from odoo.http import request

from odoo.addons.survey.controllers.main import Survey


class ExamSurvey(Survey):
    """The exam of somebody without a login is seen in the session of the person who opened it, and in no other."""

    def _check_validity(self, survey_sudo, answer_sudo, answer_token, ensure_token=True, check_partner=True):
        if answer_sudo and answer_sudo.sqms_enrolment_id and answer_sudo.sqms_invigilator_id:
            if answer_sudo.sqms_invigilator_id != request.env.user:
                return "answer_wrong_user"
            check_partner = False
        return super()._check_validity(
            survey_sudo, answer_sudo, answer_token, ensure_token=ensure_token, check_partner=check_partner
        )
