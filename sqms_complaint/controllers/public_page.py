# `_` is the environment's own translation, named once in each method.
# pylint: disable=prefer-env-translation
from odoo import SUPERUSER_ID
from odoo.http import request

from odoo.addons.sqms_base.controllers import public_page
from odoo.addons.sqms_base.lib.no_trace import keep_no_trace
from odoo.addons.sqms_base.lib.public_text import plain_text

from ..lib.intake_form import TEXT_LENGTH
from .status_values import StatusValues

keep_no_trace("/complaint")


class PublicPage(StatusValues, public_page.PublicPage):
    """What the public pages of complaints share. No method here writes to the session."""

    _module = "sqms_complaint"
    _home_url = "/complaint"
    _privacy_url = "/complaint/privacy"

    def _prepare_sentences(self, company):
        """Sentences with a number or a name in them, whole, so that each language can put it where it belongs."""
        _ = request.env._
        days, outside = company.complaint_promise_days, company.complaint_outside_body
        return {
            **super()._prepare_sentences(company),
            "promise": days > 0 and _("Our decision within %s days, with reasons", days),
            "decision": days > 0 and _("Within %s days you get our decision with the reasons.", days),
            "disagree": _("If you disagree: a second look, then %s", outside)
            if outside
            else _("If you disagree: a second look by somebody else"),
            "object": _("If you object, somebody else looks at it again. You can also go to %s at any time.", outside)
            if outside
            else _("If you object, somebody else looks at it again."),
        }

    # -- what a customer does on his page ---------------------------------------------------------------

    def _customer_acts(self, complaint, action, author=None):
        """Let the customer write, accept, object or take the complaint back.

        A page that is sent twice acts once. What he typed comes back with the mistake.

        :return: values for the page that answers: `typed` and `errors`, or `done`
        """
        _ = request.env._
        if action not in ("message", "accept", "object", "withdraw"):
            return {}
        text = plain_text(self._text("text", TEXT_LENGTH + 1)).strip()
        files, refused = self._take_files(complaint.complaint_is_anonymous) if action == "message" else ([], [])
        problem = self._not_open(complaint, action)
        if problem:
            return {"problem": problem}
        error = self._mistake(action, text, files, refused)
        if error:
            return {"typed": {action: text}, "errors": {action: error}}
        throttle = self._throttle()
        once = self._text("once", 40)
        if once and not throttle.first_time(f"page {complaint.id}", once):
            return {}
        if not throttle.hit("message_case", complaint.id):
            return {"typed": {action: text}, "problem": _("That was a lot at once. Please wait a while.")}
        # As the system: the visitor is nobody, and nobody's name shall stand in the chatter.
        complaint = complaint.with_user(SUPERUSER_ID).with_context(lang=request.env.lang)
        if action == "message":
            complaint._complaint_customer_message(text or _("Files"), files, author)
            return {"done": _("Your message has been sent.")}
        if action == "accept":
            complaint._complaint_accept(author)
            return {"done": _("Thank you. We have noted that you accept.")}
        if action == "withdraw":
            complaint._complaint_withdraw(text, author)
            return {"done": _("You have taken your complaint back. Thank you for telling us.")}
        complaint._complaint_object(text, author)
        return {"done": _("Your objection has been sent.")}

    def _not_open(self, complaint, action):
        """Why this is not to be done at the moment, or nothing."""
        _ = request.env._
        if action == "accept" and not complaint._complaint_may_answer():
            return _("You have answered already, or there is no decision yet.")
        if action == "object" and not complaint._complaint_may_object():
            if complaint.complaint_level == "2" and complaint.complaint_communicated_at:
                return complaint.with_context(lang=request.env.lang)._complaint_last_word()
            return _("You have answered already, or there is no decision yet.")
        if action == "withdraw" and not complaint._complaint_may_withdraw():
            return _("Your case is closed already.")
        return ""

    def _mistake(self, action, text, files, refused):
        _ = request.env._
        if refused:
            return " ".join(refused)
        if len(text) > TEXT_LENGTH:
            return _("Please keep it under 5,000 characters.")
        if action == "message" and not (text or files):
            return _("Please write your message.")
        if action == "object" and not text:
            return _("Please tell us why you object.")
        if action == "withdraw" and not self._text("sure", 5):
            return _("Please tick the box if you are sure.")
        return ""

    def _letter(self, complaint):
        """The letter that was asked for, as a download; none if it is not one of those on the page."""
        wanted = self._text("letter", 20)
        # As the system: what is printed for the visitor is ours, not a file of his.
        complaint = complaint.with_user(SUPERUSER_ID)
        if wanted not in [letter["name"] for letter in self._prepare_letters(complaint)]:
            return None
        if not self._throttle().hit("message_case", complaint.id):
            return self._too_many()
        attachment = complaint._complaint_letter_attachment(wanted)
        return self._stream(attachment) if attachment else None
