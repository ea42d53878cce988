import hashlib
from datetime import timedelta

import psycopg2

from odoo import api, fields, models, tools
from odoo.fields import Command
from odoo.tools import SQL

from ..lib.satisfaction_sample import effective_percent, is_drawn

WINDOW_DAYS = 14  # a server that stood still for so long still asks
BATCH = 100
LOCK = 7702004  # of all databases' locks, the one of this job
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


class SqmsSatisfactionAnswerInvite(models.Model):
    """Asking, reminding, and seeing what was delivered. Everything in batches, by scheduled jobs.

    1. A resolution without a row is what is left to do: a run that breaks off is taken up where it ended, and two
       runs at once cannot ask twice.
    2. Not asked are imported cases, our own people, those who want no surveys or were asked about another complaint
       not long ago, those whom neither mail nor status page reaches, and those whom the draw left out.
    3. Anonymous people are asked on their status page alone; the row then says nothing of who they are.
    4. Mails are queued in the customer's language. They are filed at no record, so that nobody who reads the
       complaint finds the link.
    """

    _inherit = "sqms.satisfaction.answer"

    # -- jobs ----------------------------------------------------------------------

    @api.model
    def _cron_invite(self):
        left = self._queue_length()
        self.env["ir.cron"]._commit_progress(remaining=left)
        while left and (done := self._invite_batch()):
            left = max(left - done, 0)
            if not self.env["ir.cron"]._commit_progress(done, remaining=left):
                return
        while done := self.env["sqms.satisfaction.campaign"]._ask_batch():
            if not self.env["ir.cron"]._commit_progress(done, remaining=1):
                return

    @api.model
    def _cron_follow_up(self):
        """What became of the mails; what ran out; who is reminded."""
        self._note_deliveries()
        self._note_expired()
        self.env["ir.cron"]._commit_progress(remaining=self._remind_count())
        while done := self._remind_batch():
            if not self.env["ir.cron"]._commit_progress(done):
                break

    # -- asking ----------------------------------------------------------------------

    @api.model
    def _queue_query(self, columns, tail):
        """Resolutions that nobody has thought about yet."""
        return SQL(
            """
            SELECT %(columns)s
              FROM helpdesk_ticket ticket
              JOIN res_company company
                ON company.id = ticket.company_id
               AND company.satisfaction_is_on
             WHERE ticket.is_complaint IS TRUE
               AND ticket.complaint_state = 'closed'
               AND ticket.complaint_closed_at >= %(since)s
               AND NOT EXISTS (
                       SELECT 1
                         FROM sqms_satisfaction_answer answer
                        WHERE answer.ticket_id = ticket.id
                          AND answer.resolution = COALESCE(ticket.complaint_reopen_count, 0)
                   )
             %(tail)s
            """,
            columns=columns,
            since=fields.Datetime.now() - timedelta(days=WINDOW_DAYS),
            tail=tail,
        )

    @api.model
    def _queue_length(self):
        self.env.flush_all()
        return self.env.execute_query(self._queue_query(SQL("COUNT(*)"), SQL("")))[0][0]

    @api.model
    def _invite_batch(self, limit=BATCH):
        """Think about so many resolutions, the oldest first.

        :return: how many; 0 if there are none, or if another run is at them
        """
        answers = self.sudo()
        if not answers.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s)", LOCK))[0][0]:
            return 0
        answers.env.flush_all()
        tail = SQL("ORDER BY ticket.complaint_closed_at, ticket.id LIMIT %s", limit)
        found = [row[0] for row in answers.env.execute_query(self._queue_query(SQL("ticket.id"), tail))]
        try:
            with self.env.cr.savepoint(), tools.mute_logger("odoo.sql_db"):
                answers._invite(self.env["helpdesk.ticket"].sudo().with_context(active_test=False).browse(found))
        except psycopg2.errors.UniqueViolation:
            self.env.invalidate_all()
            return 0  # another run has asked them in the meantime
        return len(found)

    def _invite(self, tickets):
        """One row for each ticket, and for those who are asked a place to answer and a mail."""
        if not tickets:
            return self
        now = fields.Datetime.now()
        rows = [values for tickets in tickets.grouped("company_id").values() for values in self._plan(tickets, now)]
        answers = self.create(rows)
        asked = answers.filtered(lambda answer: answer.state == "invited")
        asked._open_inputs()
        asked.filtered(lambda answer: answer.delivery == "queued")._send("invitation")
        return answers

    def _plan(self, tickets, now):
        """The values of the rows of one company."""
        company = tickets.company_id
        survey = company._satisfaction_survey()
        keys = {ticket.id: ticket._satisfaction_customer_key() for ticket in tickets}
        recent, refusing = self._customers(company, set(filter(None, keys.values())), now)
        percent = effective_percent(
            company.satisfaction_percent, company.satisfaction_at_least, self._expected(company)
        )
        secret = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        for ticket in tickets:
            key = keys[ticket.id]
            reason = ticket._satisfaction_obstacle()
            if not reason and not survey:
                reason = "no_way"
            if not reason and key in refusing:
                reason = "opt_out"
            if not reason and not is_drawn(f"{secret}/{ticket.id}/{ticket.complaint_reopen_count}", percent):
                reason = "sample"
            if not reason and recent.get(key, {ticket.id}) != {ticket.id}:
                reason = "cooldown"
            if not reason and key and company.satisfaction_cooldown_days:
                recent.setdefault(key, set()).add(ticket.id)
            yield self._prepare_row(ticket, key, reason, survey, now)

    def _prepare_row(self, ticket, key, reason, survey, now):
        anonymous = ticket.complaint_is_anonymous
        by_mail = not reason and ticket._get_letter_address()
        return {
            "ticket_id": ticket.id,
            "resolution": ticket.complaint_reopen_count,
            "company_id": ticket.company_id.id,
            "partner_id": not anonymous and ticket.partner_id.id,
            "complaint_category_id": ticket.complaint_category_id.id,
            "team_id": ticket.team_id.id,
            "channel_id": ticket.channel_id.id,
            "user_id": ticket.user_id.id,
            "decision": ticket.complaint_decision,
            "resolved_at": ticket.complaint_closed_at,
            "lang": ticket.complaint_lang or ticket.partner_id.lang,
            "customer_key": key,
            **(
                {"state": "skipped", "skip_reason": reason}
                if reason
                else {
                    "state": "invited",
                    "survey_id": survey.id,
                    "invited_at": now,
                    "deadline": now + timedelta(days=ticket.company_id.satisfaction_deadline_days),
                    "delivery": "queued" if by_mail else "page",
                }
            ),
        }

    def _customers(self, company, keys, now):
        """Who was asked not long ago, about which complaints; and who wants no more surveys."""
        if not keys:
            return {}, set()
        since = now - timedelta(days=company.satisfaction_cooldown_days)
        mine = [("customer_key", "in", list(keys)), ("company_id", "=", company.id)]
        recent = self._read_group(
            [*mine, ("state", "!=", "skipped"), ("invited_at", ">", since)], ["customer_key"], ["ticket_id:array_agg"]
        )
        refusing = self._read_group([*mine, ("is_opted_out", "=", True)], ["customer_key"])
        return {key: set(tickets) for key, tickets in recent}, {key for (key,) in refusing}

    def _expected(self, company):
        """How many complaints were closed in the last thirty days: so many are expected in the next."""
        return (
            self.env["helpdesk.ticket"]
            .sudo()
            .with_context(active_test=False)
            .search_count(
                [
                    ("is_complaint", "=", True),
                    ("company_id", "=", company.id),
                    ("complaint_state", "=", "closed"),
                    ("complaint_closed_at", ">=", fields.Datetime.now() - timedelta(days=30)),
                ]
            )
        )

    def _open_inputs(self):
        """A place to answer for each, in one batch."""
        langs = self.env["res.lang"].sudo()
        vals_list = []
        for answer in self:
            lang = answer.lang and langs._get_data(code=answer.lang).id
            vals_list.append(
                {
                    "survey_id": answer.survey_id.id,
                    "partner_id": answer.partner_id.id,
                    "deadline": answer.deadline,
                    "lang_id": lang,
                    "predefined_question_ids": [Command.set(answer.survey_id.question_ids.ids)],
                }
            )
        inputs = self.env["survey.user_input"].sudo().create(vals_list)
        for answer, place in zip(self, inputs, strict=True):
            answer.user_input_id = place

    # -- mails -----------------------------------------------------------------------

    def _send(self, letter):
        """Queue the invitation, or the reminder."""
        template = self.env.ref(f"sqms_complaint.mail_template_satisfaction_{letter}").sudo()
        mails = template.send_mail_batch(
            self.ids, email_values={"headers": repr(HEADERS), "model": False, "res_id": False}
        )
        for answer, mail in zip(self, mails, strict=True):
            answer.write({"mail_id": mail.id, "message_id": mail.mail_message_id.id, "delivery": "queued"})

    def _get_address(self):
        """Where the mail goes, or False."""
        self.ensure_one()
        if self.ticket_id:
            return self.sudo().ticket_id._get_letter_address()
        return tools.email_normalize(self.sudo().partner_id.email or "", strict=False)

    def _get_survey_url(self):
        self.ensure_one()
        return f"{self.get_base_url()}{self.sudo().user_input_id.get_start_url()}"

    def _get_opt_out_url(self):
        self.ensure_one()
        lang = self.lang and self.env["res.lang"]._get_data(code=self.lang).url_code
        token = self.sudo().user_input_id.access_token
        return f"{self.get_base_url()}{f'/{lang}' if lang else ''}/satisfaction/stop/{token}"

    # -- afterwards ------------------------------------------------------------------

    @api.model
    def _note_deliveries(self):
        """Mails that went out, and mails that could not."""
        answers = self.sudo()
        answers.env.flush_all()
        rows = answers.env.execute_query(
            SQL(
                """
                SELECT CASE WHEN mail.state = 'sent' THEN 'sent' ELSE 'failed' END,
                       array_agg(answer.id ORDER BY answer.id)
                  FROM sqms_satisfaction_answer answer
                  JOIN mail_mail mail ON mail.id = answer.mail_id
                 WHERE answer.delivery = 'queued'
                   AND mail.state IN ('sent', 'exception', 'cancel')
                 GROUP BY 1
                """
            )
        )
        for delivery, ids in rows:
            found = answers.browse(ids)
            found.write({"delivery": delivery})
            if delivery == "sent":
                found.write({"is_delivered": True})

    def _note_bounce(self):
        """A mail came back: it was not delivered, unless somebody has answered it."""
        silent = self.filtered(lambda answer: answer.state != "answered")
        silent.write({"delivery": "bounced", "is_delivered": False})

    @api.model
    def _note_expired(self):
        late = self.sudo().search([("state", "=", "invited"), ("deadline", "<", fields.Datetime.now())])
        late.write({"state": "expired"})

    @api.model
    def _remind_domain(self, company, now):
        return [
            ("company_id", "=", company.id),
            ("state", "=", "invited"),
            ("delivery", "=", "sent"),
            ("is_opted_out", "=", False),
            ("deadline", ">", now),
            ("reminder_count", "<", company.satisfaction_reminders),
            ("invited_at", "<=", now - timedelta(days=company.satisfaction_reminder_days)),
            "|",
            ("reminded_at", "=", False),
            ("reminded_at", "<=", now - timedelta(days=company.satisfaction_reminder_days)),
            "|",
            ("ticket_id", "=", False),
            ("ticket_id.complaint_state", "=", "closed"),
        ]

    @api.model
    def _remind_count(self):
        now = fields.Datetime.now()
        return sum(self.sudo().search_count(self._remind_domain(company, now)) for company in self._asking_companies())

    @api.model
    def _asking_companies(self):
        return self.env["res.company"].sudo().search([("satisfaction_is_on", "=", True)])

    @api.model
    def _remind_batch(self, limit=BATCH):
        """Remind so many; the mark and the mail are one transaction."""
        now = fields.Datetime.now()
        done = 0
        for company in self._asking_companies():
            due = self.sudo().search(self._remind_domain(company, now), limit=limit, order="id")
            due = due.try_lock_for_update()
            for count, alike in due.grouped("reminder_count").items():
                alike.write({"reminded_at": now, "reminder_count": count + 1})
            due._send("reminder") if due else None
            done += len(due)
        return done

    @api.model
    def _customer_key(self, email, partner):
        """One customer, whatever record he comes by; of an address only a digest is kept."""
        email = tools.email_normalize(email or "", strict=False)
        if email:
            secret = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
            return hashlib.sha256(f"{secret}/{email}".encode()).hexdigest()[:32]
        return f"partner/{partner.id}" if partner else False

    # -- who wants no more ---------------------------------------------------------------

    @api.model
    def _of_token(self, token):
        """The row of a link, or none; for the page alone."""
        if not isinstance(token, str) or not 8 <= len(token) <= 64 or not token.isascii():
            return self.browse()
        return self.sudo().search([("user_input_id.access_token", "=", token)], limit=1)

    def _opt_out(self):
        """The customer wants no more surveys, whatever complaint they are about."""
        for answer in self.sudo():
            answer.is_opted_out = True
            answer.partner_id.satisfaction_opt_out = True
