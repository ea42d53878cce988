# The environment of a controller is that of the request.
# pylint: disable=prefer-env-translation
from odoo import http
from odoo.http import request
from odoo.tools import format_date

from ..lib.public_code import normalize_code
from .feedback import PAGE, FeedbackPage

STATUS = f"{PAGE}/status"


class FeedbackStatus(FeedbackPage):
    """What became of it, by the code alone.

    1. The code travels in the body of a POST, the address is always the same. Nothing is kept in the session.
    2. Failures are counted by address and for all together; a right code is never counted.
    """

    @http.route(
        STATUS,
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
        sqms_guard=True,
    )
    def feedback_status(self, **kwargs):
        if request.httprequest.method != "POST":
            return self._lookup_page()
        throttle = self._throttle()
        address = throttle.address()
        if not throttle.is_within("failure_all") or (address and not throttle.is_within("failure_address", address)):
            return self._too_many()
        code = normalize_code(self._text("code", 60))
        feedback = request.env["sqms.feedback"]._find_by_code(code)
        if feedback:
            return self._render("feedback_status", self._prepare_status(feedback, code))
        throttle.hit("failure_all")
        if address:
            throttle.hit("failure_address", address)
        return self._lookup_page(
            request.env._("No feedback has this code. Please compare it with what you wrote down.")
        )

    def _lookup_page(self, error=None):
        return self._render("feedback_lookup", {"error": error, "page_url": PAGE, "status_url": STATUS})

    def _prepare_status(self, feedback, code):
        _ = request.env._
        feedback = feedback.with_context(lang=request.env.lang)
        answered = bool(feedback.answered_on and feedback.answer)
        if answered:
            title, text = _("We have answered"), _("Our answer stands below. Thank you for telling us.")
        elif feedback.state == "converted":
            title, text = _("We are working on it"), _("What you told us is being taken further. An answer follows.")
        else:
            title, text = _("We have it"), _("Somebody reads it and answers. You need not do anything.")
        return {
            "company": feedback.company_id,
            "title": title,
            "turn_text": text,
            "kind": dict(feedback._fields["kind"]._description_selection(request.env))[feedback.kind],
            "words": feedback.text,
            "received": format_date(feedback.env, feedback.received_on, date_format="long"),
            "due": not answered
            and feedback.date_due
            and _("We answer by %s.", format_date(feedback.env, feedback.date_due, date_format="long")),
            "answer": answered and feedback.answer,
            "answered": answered and format_date(feedback.env, feedback.answered_on, date_format="long"),
            "further": feedback.state == "converted" and answered and _("What you told us is being taken further."),
            "hint": _("Only you see this page, with your code %s.", f"{code[:4]}-****"),
            "page_url": PAGE,
            "status_url": STATUS,
        }
