# `_` is the environment's own translation, named once in each method.
# pylint: disable=prefer-env-translation
from markupsafe import Markup

from odoo import fields
from odoo.http import request
from odoo.tools import format_date, format_datetime

from odoo.addons.sqms_base.controllers import public_page
from odoo.addons.sqms_base.lib.no_trace import keep_no_trace
from odoo.addons.sqms_base.lib.public_text import plain_text

from ..lib.intake_form import TEXT_LENGTH

keep_no_trace("/complaint")


class PublicPage(public_page.PublicPage):
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
        """Let the customer write, accept or object.

        A page that is sent twice acts once. What he typed comes back with the mistake.

        :return: values for the page that answers: `typed` and `errors`, or `done`
        """
        _ = request.env._
        text = plain_text(self._text("text", TEXT_LENGTH + 1)).strip()
        files, refused = self._take_files(complaint.complaint_is_anonymous) if action == "message" else ([], [])
        allowed = {"accept": complaint._complaint_may_answer, "object": complaint._complaint_may_object}
        if action in allowed and not allowed[action]():
            return {"problem": _("You have answered already, or there is no decision yet.")}
        error = self._mistake(action, text, files, refused)
        if error:
            return {"typed": {action: text}, "errors": {action: error}}
        throttle = self._throttle()
        once = self._text("once", 40)
        if (once and not throttle.first_time(f"page {complaint.id}", once)) or action not in (
            "message",
            "accept",
            "object",
        ):
            return {}
        if not throttle.hit("message_case", complaint.id):
            return {"typed": {action: text}, "problem": _("That was a lot at once. Please wait a while.")}
        complaint = complaint.sudo().with_context(lang=request.env.lang)
        if action == "message":
            complaint._complaint_customer_message(text or _("Files"), files, author)
            return {"done": _("Your message has been sent.")}
        if action == "accept":
            complaint._complaint_accept(author)
            return {"done": _("Thank you. We have noted that you accept.")}
        complaint._complaint_object(text, author)
        return {"done": _("Your objection has been sent.")}

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
        return ""

    # -- the status page, the same for visitors with a code and for customers who are logged in --------

    def _prepare_status_values(self, complaint, **values):
        complaint = complaint.sudo().with_context(lang=request.env.lang, tz=self._tz(complaint))
        told = complaint.complaint_state in ("communicated", "implementing", "closed")
        return {
            "complaint": complaint,
            "company": complaint.company_id,
            "turn": self._prepare_turn(complaint),
            "decision": complaint.complaint_answer if told and complaint.complaint_communicated_at else False,
            "verdict": self._verdict(complaint),
            "may_answer": complaint._complaint_may_answer(),
            "may_object": complaint._complaint_may_object(),
            "steps": self._prepare_steps(complaint),
            "day_count": self._day_count(complaint),
            "messages": self._prepare_messages(complaint),
            "loose_files": self._prepare_loose_files(complaint),
            "typed": {},
            "errors": {},
            **values,
        }

    def _tz(self, complaint):
        return complaint.company_id.sudo().resource_calendar_id.tz or "UTC"

    def _moment(self, complaint, moment):
        if not moment:
            return ""
        this_year = moment.year == fields.Datetime.now().year
        chinese = (request.env.lang or "").startswith("zh")
        pattern = ("M月d日 HH:mm" if chinese else "d MMM, HH:mm") if this_year else False
        return format_datetime(complaint.env, moment, tz=self._tz(complaint), dt_format=pattern)

    def _day(self, complaint, moment):
        day = fields.Datetime.context_timestamp(complaint, moment).date()
        chinese = (request.env.lang or "").startswith("zh")
        return format_date(complaint.env, day, date_format="M月d日" if chinese else "d MMM")

    def _prepare_steps(self, complaint):
        """The way of a complaint as a customer understands it: [{label, date, state}]."""
        _ = request.env._
        received, answered = complaint.complaint_received_at, complaint.complaint_communicated_at
        acknowledged, closed = complaint.complaint_acknowledged_at, complaint.complaint_closed_at
        span = dict.fromkeys(self._day(complaint, moment) for moment in (acknowledged, answered) if moment)
        dates = {
            "received": self._moment(complaint, received),
            "acknowledged": self._moment(complaint, acknowledged),
            "investigating": " – ".join(span) if answered else "",
            "communicated": self._moment(complaint, answered),
            "closed": self._moment(complaint, closed),
        }
        labels = {
            "received": _("Received"),
            "acknowledged": _("Acknowledged"),
            "investigating": _("Investigated"),
            "communicated": _("Decision sent to you"),
            "implementing": _("Put into effect"),
            "closed": _("Closed"),
        }
        if complaint.complaint_state == "withdrawn":
            return [
                {"label": labels["received"], "date": dates["received"], "state": "done"},
                {"label": _("Withdrawn by you"), "date": dates["closed"], "state": "now"},
            ]
        if complaint.complaint_decision == "rejected" and answered:
            labels.pop("implementing")
        place = {"assessed": "investigating", "decided": "investigating"}
        names = list(labels)
        current = place.get(complaint.complaint_state, complaint.complaint_state)
        now = names.index(current if current in names else "communicated")
        return [
            {
                "label": labels[name],
                "date": dates.get(name, "") if position <= now else "",
                "state": "done" if position < now or current == "closed" else "now" if position == now else "next",
            }
            for position, name in enumerate(names)
        ]

    def _prepare_turn(self, complaint):
        """Whose turn it is and what that means: {icon, customer, title, text}."""
        _ = request.env._
        state, answer = complaint.complaint_state, complaint.complaint_customer_answer
        if state == "withdrawn":
            return {
                "mine": False,
                "title": _("Closed: you took the complaint back"),
                "text": _("Nothing more is to be done."),
            }
        if state == "closed":
            text = _("Thank you for telling us. If something is still wrong, write to us below.")
            return {"mine": False, "title": _("Your complaint is closed"), "text": text}
        if complaint._complaint_may_answer():
            text = _("Tell us whether you accept it. Without an answer the decision stands.")
            return {"mine": True, "title": _("Your turn: please answer our decision"), "text": text}
        if answer == "objected":
            text = _("You objected to our decision. Somebody else looks at your case again and writes to you here.")
            return {"mine": False, "title": _("Our turn: a second look"), "text": text}
        if answer == "accepted":
            text = _("You accepted our decision. We carry it out and then close your case.")
            return {"mine": False, "title": _("Our turn: we carry out the decision"), "text": text}
        if complaint.complaint_turn == "customer":
            text = _("We need something from you to go on. Please read our last message and answer it below.")
            return {"mine": True, "title": _("Your turn: please answer our message"), "text": text}
        if state == "received":
            text = _("We have your complaint and will confirm that we are handling it.")
            return {"mine": False, "title": _("Our turn"), "text": text}
        return {
            "mine": False,
            "title": _("Our turn: we look into what happened"),
            "text": _("You do not need to do anything. The decision and its reasons will stand on this page."),
        }

    def _verdict(self, complaint):
        _ = request.env._
        return {
            "upheld": _("You are right."),
            "partly": _("You are right in part."),
            "rejected": _("We see it differently."),
        }.get(complaint.complaint_decision, "")

    def _day_count(self, complaint):
        """Which day of the promised ones it is: {day, title, text}, or nothing when there is nothing to count."""
        _ = request.env._
        days = complaint.company_id.complaint_promise_days
        if days <= 0 or complaint.complaint_communicated_at or complaint.complaint_closed_at:
            return {}
        received = fields.Datetime.context_timestamp(complaint, complaint.complaint_received_at).date()
        today = fields.Datetime.context_timestamp(complaint, fields.Datetime.now()).date()
        last = fields.Date.add(received, days=days)
        return {
            "day": _("day %(day)s of %(days)s", day=(today - received).days, days=days),
            "title": _("How the %s days are counted", days),
            "text": _(
                "We count every calendar day, weekends and holidays too. The day we received your complaint is day 0; "
                "we have promised our decision by %s.",
                format_date(complaint.env, last),
            ),
        }

    def _prepare_messages(self, complaint):
        company = complaint.company_id.name
        return [
            {
                "mine": mine,
                "author": "" if mine else message.author_id.name or "",
                "company": company,
                "date": self._moment(complaint, message.date),
                # Pictures from elsewhere would tell their host who reads: the browser is told not to fetch them.
                "body": Markup(message.body or ""),
                "files": [
                    {"id": file.id, "name": file.name, "image": _is_image(file)} for file in message.attachment_ids
                ],
            }
            for message in complaint._complaint_public_messages()
            for mine in [complaint._complaint_is_customers(message)]
        ]

    def _prepare_loose_files(self, complaint):
        shown = complaint._complaint_public_messages().attachment_ids
        return [
            {"id": file.id, "name": file.name, "image": _is_image(file)}
            for file in complaint._complaint_public_files() - shown
        ]


def _is_image(file):
    return (file.mimetype or "").startswith("image/")
