# `_` is the environment's own translation, named once in each method.
# pylint: disable=prefer-env-translation
from markupsafe import Markup

from odoo import fields
from odoo.http import request
from odoo.tools import format_date, format_datetime, is_html_empty

TOLD = ("communicated", "implementing", "closed")
# States that a customer does not tell apart, and the step of his page that stands for them.
PLACES = {"assessed": "investigating", "decided": "investigating"}


class StatusValues:
    """What stands on the page of a case: the same for visitors with a code and for customers who are logged in.

    1. Whose turn it is comes first, with the day until when, and what happens if nothing is done.
    2. Of the decision nothing is seen before it was told.
    3. Steps have the dates at which they were reached; how days are counted is laid open.
    """

    def _prepare_status_values(self, complaint, **values):
        complaint = complaint.sudo().with_context(lang=request.env.lang, tz=self._tz(complaint))
        return {
            "complaint": complaint,
            "company": complaint.company_id,
            "turn": self._prepare_turn(complaint),
            **self._prepare_decision(complaint),
            "may_answer": complaint._complaint_may_answer(),
            "may_object": complaint._complaint_may_object(),
            "may_withdraw": complaint._complaint_may_withdraw(),
            "steps": self._prepare_steps(complaint),
            "day_count": self._day_count(complaint),
            "deadlines": self._prepare_deadlines(complaint),
            "messages": self._prepare_messages(complaint),
            "loose_files": self._prepare_loose_files(complaint),
            "letters": self._prepare_letters(complaint),
            "survey_url": self._survey_url(complaint),
            "typed": {},
            "errors": {},
            **values,
        }

    # -- days and hours ------------------------------------------------------

    def _tz(self, complaint):
        return complaint.company_id.sudo().resource_calendar_id.tz or "UTC"

    def _is_chinese(self):
        return (request.env.lang or "").startswith("zh")

    def _moment(self, complaint, moment):
        if not moment:
            return ""
        this_year = moment.year == fields.Datetime.now().year
        pattern = ("M月d日 HH:mm" if self._is_chinese() else "d MMM, HH:mm") if this_year else False
        return format_datetime(complaint.env, moment, tz=self._tz(complaint), dt_format=pattern)

    def _day(self, complaint, moment):
        return self._date(complaint, fields.Datetime.context_timestamp(complaint, moment).date()) if moment else ""

    def _date(self, complaint, day):
        return format_date(complaint.env, day, date_format="M月d日" if self._is_chinese() else "d MMM")

    def _today(self, complaint):
        return fields.Datetime.context_timestamp(complaint, fields.Datetime.now()).date()

    # -- whose turn --------------------------------------------------------------

    def _prepare_turn(self, complaint):
        """Whose turn it is and what that means: {mine, title, text}."""
        _ = request.env._
        state = complaint.complaint_state
        if state == "withdrawn":
            return self._ours(_("Closed: you took the complaint back"), _("Nothing more is to be done."))
        if state == "merged":
            return self._ours(
                _("We look at it together with another complaint"),
                _("It is about the same thing as another complaint. We answer both together."),
            )
        if state == "closed":
            return self._ours(
                _("Your complaint is closed"),
                _("Thank you for telling us. If something is still wrong, write to us below."),
            )
        if complaint._complaint_may_answer():
            return {
                "mine": True,
                "title": _("Your turn: please answer our decision"),
                "text": self._answer_until(complaint),
            }
        if complaint.complaint_customer_answer == "accepted":
            return self._ours(
                _("Our turn: we carry out the decision"),
                _("You accepted our decision. We carry it out and then close your case."),
            )
        if complaint.complaint_turn == "customer":
            text = _("We need something from you to go on. Please read our last message and answer it below.")
            return {"mine": True, "title": _("Your turn: please answer our message"), "text": text}
        if complaint.complaint_level == "2":
            return self._ours(
                _("Our turn: a second look"),
                _("You objected to our decision. Somebody else looks at your case again and writes to you here."),
            )
        if state == "received":
            return self._ours(_("Our turn"), _("We have your complaint and will confirm that we are handling it."))
        return self._ours(
            _("Our turn: we look into what happened"),
            _("You do not need to do anything. The decision and its reasons will stand on this page."),
        )

    def _ours(self, title, text):
        return {"mine": False, "title": title, "text": text}

    def _answer_until(self, complaint):
        """Until when the customer answers, and what happens otherwise."""
        _ = request.env._
        until = complaint._complaint_answer_until()
        if not until:
            return _("Tell us whether you accept it. Without an answer the decision stands.")
        left = (until - self._today(complaint)).days
        day = self._date(complaint, until)
        if left < 0:
            return _("You had until %s. You can still answer; without an answer the decision stands.", day)
        if left == 0:
            return _("You have until today. Without an answer the decision stands.")
        if left == 1:
            return _("You have until %s (1 day left). Without an answer the decision stands.", day)
        return _(
            "You have until %(day)s (%(left)s days left). Without an answer the decision stands.", day=day, left=left
        )

    # -- the decision -------------------------------------------------------------

    def _prepare_decision(self, complaint):
        _ = request.env._
        told = complaint.complaint_state in TOLD and complaint.complaint_communicated_at
        if not told:
            return {"decision": False, "verdict": "", "reasons": False, "further": False, "bodies": []}
        verdict = {
            "upheld": _("You are right."),
            "partly": _("You are right in part."),
            "rejected": _("We see it differently."),
        }.get(complaint.complaint_decision, "")
        short = complaint.complaint_decision in ("rejected", "partly")
        is_last = complaint.complaint_level == "2"
        return {
            "decision": complaint.complaint_answer or Markup(),
            "verdict": (" " if not self._is_chinese() else "").join([verdict, *complaint._complaint_remedy_words()]),
            "reasons": not is_html_empty(complaint.complaint_reason) and complaint.complaint_reason,
            "further": not is_html_empty(complaint.complaint_further) and complaint.complaint_further,
            "bodies": [
                {"name": body.name, "phone": body.phone, "website": body.website, "note": body.note}
                for body in (complaint._complaint_bodies() if short or is_last else complaint.complaint_body_ids)
            ],
        }

    def _prepare_letters(self, complaint):
        """The letters that the customer may take with him: [{name, label}]."""
        _ = request.env._
        letters = []
        if complaint.complaint_acknowledged_at:
            letters.append({"name": "acknowledgement", "label": _("Our acknowledgement (PDF)")})
        if complaint.complaint_state in TOLD and complaint.complaint_communicated_at:
            letters.append({"name": "decision", "label": _("Our decision (PDF)")})
        return letters

    def _survey_url(self, complaint):
        return complaint.complaint_state in TOLD and complaint._satisfaction_survey_url()

    # -- where it stands ---------------------------------------------------------------

    def _prepare_steps(self, complaint):
        """The way of a complaint as a customer understands it: [{label, date, state}]."""
        if complaint.complaint_state in ("withdrawn", "merged"):
            return self._prepare_ended(complaint)
        labels = self._step_labels(complaint)
        dates = self._step_dates(complaint)
        names = list(labels)
        current = PLACES.get(complaint.complaint_state, complaint.complaint_state)
        now = names.index(current if current in names else "communicated")
        return [
            {
                "label": labels[name],
                "date": dates.get(name, "") if position <= now or name == "implementing" else "",
                "state": "done" if position < now or current == "closed" else "now" if position == now else "next",
            }
            for position, name in enumerate(names)
        ]

    def _prepare_ended(self, complaint):
        _ = request.env._
        label = (
            _("Withdrawn by you") if complaint.complaint_state == "withdrawn" else _("Joined with another complaint")
        )
        received = self._moment(complaint, complaint.complaint_received_at)
        return [
            {"label": _("Received"), "date": received, "state": "done"},
            {"label": label, "date": self._moment(complaint, complaint.complaint_closed_at), "state": "now"},
        ]

    def _step_labels(self, complaint):
        _ = request.env._
        second = complaint.complaint_level == "2"
        labels = {
            "received": _("Received"),
            "acknowledged": _("Acknowledged"),
            **({"objected": _("You objected")} if second else {}),
            "investigating": _("Looked at again") if second else _("Investigated"),
            "communicated": _("Decision sent to you"),
            "implementing": _("Put into effect"),
            "closed": _("Closed"),
        }
        if complaint.complaint_decision == "rejected" and complaint.complaint_communicated_at:
            labels.pop("implementing")
        return labels

    def _step_dates(self, complaint):
        answered, objected = complaint.complaint_communicated_at, complaint.complaint_objected_at
        second = complaint.complaint_level == "2"
        if second and answered and objected and answered < objected:
            answered = False
        begun = objected if second else complaint.complaint_acknowledged_at
        span = dict.fromkeys(self._day(complaint, moment) for moment in (begun, answered) if moment)
        return {
            "received": self._moment(complaint, complaint.complaint_received_at),
            "acknowledged": self._moment(complaint, complaint.complaint_acknowledged_at),
            "objected": self._moment(complaint, objected),
            "investigating": " – ".join(span) if answered else "",
            "communicated": self._moment(complaint, answered),
            "implementing": request.env._("after your answer") if complaint._complaint_may_answer() else "",
            "closed": self._moment(complaint, complaint.complaint_closed_at),
        }

    def _day_count(self, complaint):
        """Which day of the promised ones it is: {day, title, text}, or nothing when there is nothing to count."""
        _ = request.env._
        days = complaint.company_id.complaint_promise_days
        if days <= 0 or complaint.complaint_state in ("withdrawn", "merged"):
            return {}
        end = complaint.complaint_communicated_at or complaint.complaint_closed_at or fields.Datetime.now()
        received = fields.Datetime.context_timestamp(complaint, complaint.complaint_received_at).date()
        last = fields.Date.add(received, days=days)
        day = (fields.Datetime.context_timestamp(complaint, end).date() - received).days
        return {
            "day": _("day %(day)s of %(days)s", day=day, days=days),
            "title": _("How the %s days are counted", days),
            "text": _(
                "We count every calendar day, weekends and holidays too. The day we received your complaint is day 0; "
                "we have promised our decision by %s.",
                self._date(complaint, last),
            ),
        }

    def _prepare_deadlines(self, complaint):
        """Each deadline with its own count, as `_complaint_deadlines_public` tells it."""
        return complaint._complaint_deadlines_public(request.env.lang)

    # -- messages ---------------------------------------------------------------------

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
                "files": [self._prepare_file(file) for file in message.attachment_ids],
            }
            for message in complaint._complaint_public_messages()
            for mine in [complaint._complaint_is_customers(message)]
        ]

    def _prepare_loose_files(self, complaint):
        shown = complaint._complaint_public_messages().attachment_ids
        return [self._prepare_file(file) for file in complaint._complaint_public_files() - shown]

    def _prepare_file(self, file):
        return {"id": file.id, "name": file.name, "image": (file.mimetype or "").startswith("image/")}
