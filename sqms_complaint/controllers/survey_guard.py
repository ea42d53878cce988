from odoo import http

from .satisfaction import SatisfactionSurvey


class SurveyGuarded(SatisfactionSurvey):
    """The public pages of surveys, with what they take from the address unread held to what the survey has."""

    @http.route(sqms_guard=True)
    def survey_start(self, survey_token, answer_token=None, email=False, **post):
        return super().survey_start(survey_token, answer_token=answer_token, email=email, **post)

    @http.route(sqms_guard=True)
    def survey_display_page(self, survey_token, answer_token, **post):
        return super().survey_display_page(survey_token, answer_token, **post)

    def _prepare_survey_data(self, survey_sudo, answer_sudo, **post):
        wanted = str(post.pop("previous_page_id", ""))
        # A survey of one page, as ours are, has nothing before it to turn back to.
        turns = survey_sudo.questions_layout != "one_page"
        if turns and wanted in map(str, survey_sudo.question_and_page_ids.ids):
            post["previous_page_id"] = wanted
        return super()._prepare_survey_data(survey_sudo, answer_sudo, **post)
