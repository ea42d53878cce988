from odoo.http import request, route

from odoo.addons.survey.controllers.main import Survey


class FrozenSurvey(Survey):
    """Frozen questions are seen by who answers them, when he answers them."""

    @route()
    def survey_print(self, survey_token, review=False, answer_token=None, **post):
        """Nobody prints the questions before his attempt is finished, while no time is running."""
        _survey, answer = self._fetch_from_access_token(survey_token, answer_token)
        if answer.survey_id.sqms_is_frozen and answer.state != "done":
            return request.redirect("/")
        return super().survey_print(survey_token, review=review, answer_token=answer_token, **post)
