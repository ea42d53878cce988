from odoo import http
from odoo.http import request

from odoo.addons.sqms_base.lib.no_trace import keep_no_trace
from odoo.addons.survey.controllers.main import Survey

from .public_page import PublicPage

keep_no_trace("/survey")
keep_no_trace("/satisfaction")


class SatisfactionSurvey(Survey):
    """The page of a survey of satisfaction takes answers in the shape its own form sends, and no others."""

    @http.route()
    def survey_submit(self, survey_token, answer_token, **post):
        survey, _answer = self._fetch_from_access_token(survey_token, answer_token)
        if survey.sqms_is_satisfaction:
            # All of the page before any of it is kept: a half that was kept could not be mended.
            wrong = {}
            for question in survey.question_ids:
                wrong |= self._mistakes(question, post.get(str(question.id)))
            if wrong:
                return {}, {"error": "validation", "fields": wrong}
        return super().survey_submit(survey_token, answer_token, **post)

    def _mistakes(self, question, answer):
        # A list or an object would be taken apart before the question is asked about it.
        if answer is None or isinstance(answer, (str, int)):
            return question.validate_question("" if answer is None else answer)
        return {question.id: request.env._("This answer cannot be read.")}


class SatisfactionStop(PublicPage, http.Controller):
    """Who wants no more surveys says so without an account. The link alone changes nothing: programs open links."""

    @http.route(
        "/satisfaction/stop/<string:token>",
        type="http", auth="public", website=True, sitemap=False, methods=["GET", "POST"], sqms_guard=True,
    )  # fmt: skip
    def satisfaction_stop(self, token, **kwargs):
        answers = request.env["sqms.satisfaction.answer"].sudo()
        answer = answers._of_token(token)
        done = False
        if answer and request.httprequest.method == "POST":
            answer._opt_out()
            done = True
        values = {"known": bool(answer), "done": done}
        return self._render("satisfaction_stop", values, status=200 if answer else 404)
