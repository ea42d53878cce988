# The environment of a controller is that of the request.
# pylint: disable=prefer-env-translation
from odoo import http
from odoo.http import request

from ..lib.feedback_form import LABELS, TEXT_LENGTH, FeedbackForm
from ..lib.no_trace import keep_no_trace
from ..lib.public_code import group_code
from .public_page import MAX_CONTENT, PublicPage

PAGE = "/quality/feedback"
SEED_LENGTH = 32
keep_no_trace(PAGE)


class FeedbackPage(PublicPage, http.Controller):
    """The public page on which everybody says what he wants to say, without an account.

    1. One page, sent as it is: it works without a script, and the address stays the same.
    2. Whoever sends the same filled-in page twice has said it once, and sees the same code again for an hour at most.
    3. A visitor who is signed in is never anonymous: his session would tell. He is asked to sign out first.
    """

    _home_url = PAGE
    _privacy_url = f"{PAGE}/privacy"
    _hide_query = True

    @http.route(
        PAGE,
        type="http",
        auth="public",
        website=True,
        sitemap=True,
        methods=["GET", "POST"],
        max_content_length=MAX_CONTENT,
        sqms_guard=True,
        sqms_files=("files",),
    )
    def feedback(self, **kwargs):
        if not request.env.company.sudo().sqms_feedback_page:
            return self._render("feedback_closed")
        if request.httprequest.method != "POST":
            return self._chinese_reader(PAGE) or self._form_page(self._blank_answers())
        return self._send()

    @http.route(f"{PAGE}/privacy", type="http", auth="public", website=True, methods=["GET"], sqms_guard=True)
    def feedback_privacy(self, **kwargs):
        return self._render("feedback_privacy")

    # -- the page ----------------------------------------------------------

    def _prepare_sentences(self, company):
        days = company.sqms_feedback_days
        return {
            **super()._prepare_sentences(company),
            "promise": days > 0 and request.env._("Our answer within %s days", days),
            "by": days > 0 and request.env._("We answer within %s days.", days),
        }

    def _signed_in(self):
        return not request.env.user._is_public()

    def _blank_answers(self):
        answers = {"kind": request.params.get("kind") if request.params.get("kind") in ("idea", "praise") else ""}
        if self._signed_in():
            partner = request.env.user.partner_id
            answers.update(person=partner.name or "", email=partner.email or "")
            answers["source"] = "staff" if request.env.user._is_internal() else "customer"
        return answers

    def _form_page(self, answers, errors=None, seed=None):
        errors = errors or {}
        labels = request.env["sqms.feedback"]._fields

        def choices(name):
            return labels[name]._description_selection(request.env)

        return self._render(
            "feedback_form",
            {
                "answers": answers,
                "errors": errors,
                "error_list": [(name, LABELS[name], errors[name]) for name in LABELS if name in errors],
                "general_error": errors.get("general"),
                "kinds": choices("kind"),
                "stages": choices("journey_stage"),
                "ratings": list(reversed(choices("rating"))),
                "processes": self._processes(),
                "seed": seed or self._new_seed(),
                "signed_in": self._signed_in(),
                "text_length": TEXT_LENGTH,
                "page_url": PAGE,
                "hide_language": False,
            },
        )

    def _processes(self):
        return request.env["sqms.process"]._offered_to_public(request.env.company)

    # -- sending -----------------------------------------------------------

    def _send(self):
        throttle = self._throttle()
        address = throttle.address()
        if not throttle.hit("feedback_all") or (address and not throttle.hit("feedback_address", address)):
            return self._too_many()
        typed_seed = self._text("form", 40)
        plain = typed_seed.replace("-", "").replace("_", "")
        is_seed = len(typed_seed) == SEED_LENGTH and plain.isascii() and plain.isalnum()
        seed = typed_seed if is_seed else self._new_seed()
        form = FeedbackForm(request.params, [id_ for id_, _name in self._processes()], self._signed_in())
        errors, files = self._take_form(form)
        if errors:
            return self._form_page(form.answers, errors, seed)
        sent = self._receive_once(form, files, seed)
        if not sent:
            errors["general"] = request.env._("This page was sent already. Please send it once more if it is new.")
            return self._form_page(form.answers, errors)
        code = request.env["sqms.feedback"]._code(seed)
        mailed = not form.is_anonymous and (form.values["email"] or self._signed_in())
        return self._render(
            "feedback_sent", {"code": group_code(code), "mailed": mailed, "page_url": PAGE, "hide_language": True}
        )

    def _receive_once(self, form, files, seed):
        """Whether the feedback of this page is there: made now or, if it was sent a moment ago, made then."""
        Feedback = request.env["sqms.feedback"]
        if not self._throttle().first_time("feedback", seed):
            return self._wait_for(lambda env: env["sqms.feedback"]._was_sent(seed))
        if Feedback._was_sent(seed):
            return False
        Feedback._receive(self._prepare_feedback_values(form), files, seed)
        return True

    def _prepare_feedback_values(self, form):
        values = {**form.values, "company_id": request.env.company.id, "lang": request.env.lang}
        user = request.env.user
        if self._signed_in() and user._is_internal():
            values.update(staff_id=user.id, source="staff")
        elif self._signed_in():
            values.update(partner_id=user.partner_id.id, source="customer")
        return values
