from odoo import fields, models
from odoo.tools import format_amount, format_date, format_datetime, html2plaintext, is_html_empty

QUOTED = 900  # characters of the customer's own words


class HelpdeskTicketLetterWords(models.Model):
    """What the letters say, as plain data in the customer's language: laid down once, printed later."""

    _inherit = "helpdesk.ticket"

    def _complaint_letter_content(self, letter):
        """Everything that a letter says, ready for a Json field: words and safe HTML, no records."""
        self.ensure_one()
        company = self.company_id.sudo()
        lang = self.complaint_lang or company.partner_id.lang or "en_US"
        ticket = self.sudo().with_context(lang=lang, tz=company._sqms_tz())
        content = {
            "letter": letter,
            "lang": lang,
            "number": ticket.number,
            "subject": ticket.name,
            "sender": ticket._letter_sender(),
            "receiver": ticket._letter_receiver(),
            "salutation": ticket._letter_salutation(),
            "status_url": ticket._get_complaint_status_url() if ticket._has_access_code() else "",
            "follow": ticket.env._(
                "See how it stands, add something or answer on this page, with the number %s and the code that was "
                "shown to you when you sent the complaint:",
                ticket.number,
            ),
            "reach": ticket._letter_reach(),
        }
        return {**content, **getattr(ticket, f"_letter_{letter}")()}

    # -- both --------------------------------------------------------------------------

    def _letter_sender(self):
        company = self.company_id
        address = company.partner_id._display_address(without_company=True)
        lines = [line.strip(" ,") for line in address.splitlines() if line.strip(" ,")]
        reach = [part for part in (company.phone, company.email) if part]
        return {
            "name": company.name,
            "address": lines,
            "phone": company.phone or "",
            "email": company.email or "",
            "line": " · ".join(reach),
        }

    def _letter_reach(self):
        company = self.company_id
        words = [
            self.env._("Telephone: %s.", company.phone) if company.phone else "",
            self.env._("Email: %s.", company.email) if company.email else "",
            self.env._("Please name the number %s.", self.number),
        ]
        return " ".join(filter(None, words))

    def _letter_receiver(self):
        """Name and address; nothing of somebody who does not want to be known."""
        if self.complaint_is_anonymous:
            return []
        name = self.partner_name or self.partner_id.name or ""
        partner = self.partner_id
        address = partner._display_address(without_company=True) if partner.street or partner.city else ""
        return [line for line in (name, *(part.strip(" ,") for part in address.splitlines())) if line]

    def _letter_salutation(self):
        if self.complaint_is_anonymous or not self.partner_name:
            return self.env._("Dear customer,")
        return self.env._("Dear %s,", self.partner_name)

    def _letter_day(self, moment):
        """The day of an instant, on the company's wall."""
        return self._letter_date(fields.Datetime.context_timestamp(self, moment).date())

    def _letter_date(self, day):
        return (
            format_date(self.env, day, date_format=self._letter_pattern().partition(" HH")[0].rstrip(","))
            if day
            else ""
        )

    def _letter_time(self, moment):
        return format_datetime(self.env, moment, tz=self.env.context["tz"], dt_format=self._letter_pattern())

    def _letter_pattern(self):
        """How a day with its time is written."""
        return "y年M月d日 HH:mm" if (self.env.lang or "").startswith("zh") else "d MMMM y, HH:mm"

    def _letter_choice(self, name):
        return dict(self._fields[name]._description_selection(self.env)).get(self[name], "")

    def _letter_money(self, amount):
        return format_amount(self.env, amount, self.company_id.currency_id) if amount else ""

    # -- the acknowledgement -------------------------------------------------------------

    def _letter_acknowledgement(self):
        told = self.complaint_acknowledged_at or fields.Datetime.now()
        handler = self.user_id.name or self.team_id.name or ""
        return {
            "is_draft": False,
            "date": self._letter_day(told),
            "opening": self.env._(
                "thank you for telling us. Your complaint reached us on %(received)s and has the number %(number)s. "
                "Handling it costs you nothing.",
                received=self._letter_time(self.complaint_received_at),
                number=self.number,
            ),
            "facts": self._letter_facts(),
            "words": self._letter_quote(),
            "steps": self._letter_steps(),
            "handler": handler,
            "in_hands": self.env._("It is in the hands of %s.", handler) if handler else "",
        }

    def _letter_facts(self):
        """`[(label, value), ...]` of how we understood the complaint."""
        rows = [
            (self.env._("Subject"), self.name),
            (self.env._("Product or service"), self.complaint_service),
            (self.env._("Order"), self.complaint_order_ref),
            (self.env._("Happened on"), self._letter_date(self.complaint_event_date)),
            (self.env._("About"), self.complaint_category_id.display_name),
            (self.env._("What would put it right"), self._letter_choice("complaint_wish")),
            (self.env._("Amount"), self._letter_money(self.complaint_amount)),
        ]
        return [[label, value] for label, value in rows if value]

    def _letter_quote(self):
        words = html2plaintext(self.description or "", include_references=False).strip()
        return words if len(words) <= QUOTED else words[:QUOTED].rsplit(" ", 1)[0] + " …"

    def _letter_steps(self):
        """`[(what, until when), ...]`: the next steps with their dates, as far as a date can be named."""
        rows = [
            [row["name"], self._letter_time(row["due_at"])]
            for row in self._complaint_deadlines_public()
            if row["due_at"] and row["status"] not in ("met", "stopped")
        ]
        if rows:
            return rows
        days = self.company_id.complaint_promise_days
        if days <= 0:
            return []
        due = fields.Datetime.context_timestamp(self, self.complaint_received_at).date()
        return [
            [
                self.env._("Our decision, with its reasons"),
                self._letter_date(fields.Date.add(due, days=days)),
            ]
        ]

    # -- the decision --------------------------------------------------------------------

    def _letter_decision(self):
        is_out = self._complaint_letter_is_out("decision")
        told = self.complaint_communicated_at if is_out else False
        return {
            "is_draft": not is_out,
            "date": self._letter_day(told or fields.Datetime.now()),
            "opening": self.env._(
                "we have looked into your complaint %(number)s of %(day)s, “%(subject)s”.",
                number=self.number,
                day=self._letter_day(self.complaint_received_at),
                subject=self.name,
            ),
            "decision": self._letter_choice("complaint_decision"),
            "answer": self._letter_html(self.complaint_answer),
            "reason": self._letter_html(self.complaint_reason),
            "remedies": self._complaint_remedies_public(),
            "further": self._letter_html(self.complaint_further),
            "may_object": self.complaint_level != "2",
            "bodies": self._letter_bodies(),
            "signature": self._letter_signature(),
        }

    def _letter_html(self, html):
        return "" if is_html_empty(html) else str(html)

    def _letter_bodies(self):
        """Those that the decision names; at the second level, all that the company names to its customers."""
        bodies = self.complaint_body_ids
        if not bodies and self.complaint_level == "2" and self.complaint_decision != "upheld":
            bodies = self.env["sqms.dispute.body"]._offered(self.company_id).with_env(self.env)
        return bodies._told()

    def _letter_signature(self):
        decider = self.complaint_decided_by_id
        if not decider or decider._is_superuser():
            decider = self.user_id
        return {"name": decider.name or "", "job": decider.employee_id.job_title or ""}
