import re

from odoo import api, fields, models, tools

from ..lib.mail_files import clean_attachments

HAN = re.compile("[\u4e00-\u9fff]")
# What an alias may decide about a complaint; all else of it belongs to steps and people.
GIVEN_BY_ALIAS = ("complaint_category_id", "complaint_is_confidential", "complaint_lang", "complaint_service")
FORBIDDEN_BY_MAIL = ("is_complaint", "number", "stage_id")


class HelpdeskTicketMailIn(models.Model):
    """Mails from customers.

    1. A mail becomes a complaint if the team says so, and is acknowledged at once. Whatever it contains, it is never
       refused; only a machine that writes twenty in two hours is stopped, by the mail gateway itself.
    2. What a machine has written is never acknowledged, and the same sender gets one acknowledgement in an hour: two
       machines do not talk to each other through us.
    3. Files of a mail are held to the list of the public form and cleaned; what is not taken is named to the handler.
    4. An answer reaches a case if its sender belongs to it: the customer, his company, his representative, colleagues.
       Whoever else answers knows a number in a header and nothing more; his mail waits, out of sight, until an agent
       takes it in or refuses it. So does what a machine answers.
    5. Nobody becomes a follower because his address stood in a mail.
    """

    _inherit = "helpdesk.ticket"

    @api.model
    def message_new(self, msg, custom_values=None):
        team = self.env["helpdesk.ticket.team"].browse((custom_values or {}).get("team_id") or []).exists()
        if not team.sudo().complaints_by_mail:
            return super().message_new(msg, custom_values=custom_values).with_context(complaint_incoming=False)
        _strip_nul(msg)
        refused = self._take_mail_files(msg)
        values = self._prepare_mail_complaint(msg, custom_values)
        is_answered = self._may_acknowledge_mail(values["partner_email"])
        complaint = super().message_new(_without_recipients(msg), custom_values=values)
        complaint._note_refused_files(refused)
        if is_answered:
            complaint._acknowledge_on_receipt()
        return complaint.with_context(complaint_incoming=False)

    def _prepare_mail_complaint(self, msg, custom_values):
        """The values of a complaint that came by mail; those of the alias count unless they forge something."""
        addresses = tools.mail.email_split_tuples(msg.get("email_from") or msg.get("from") or "")
        name, address = addresses[0] if addresses else ("", "")
        values = {
            "name": (msg.get("subject") or "").strip() or self.env._("Complaint by mail"),
            "description": msg.get("body") or self.env._("(The mail has no text.)"),
            "partner_name": name or address,
            "partner_email": tools.email_normalize(address, strict=False) or address,
            "complaint_contact": "email",
            "complaint_lang": self._guess_lang(msg),
            "channel_id": self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_email", raise_if_not_found=False),
        }
        values["channel_id"] = values["channel_id"] and values["channel_id"].id
        given = {
            key: value
            for key, value in (custom_values or {}).items()
            if key in self._fields
            and key not in FORBIDDEN_BY_MAIL
            and (key in GIVEN_BY_ALIAS or not key.startswith("complaint_"))
        }
        return {**values, **given, "is_complaint": True}

    @api.model
    def _may_acknowledge_mail(self, address):
        """Not to a machine, not to nobody, not to ourselves, and once an hour to the same sender."""
        if self.env.context.get("complaint_incoming") == "automatic" or not tools.email_normalize(address or ""):
            return False
        if self.env["mail.alias"].sudo().search_count([("alias_full_name", "=", address)], limit=1):
            return False
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        return not self.sudo().search_count(
            [("is_complaint", "=", True), ("partner_email", "=", address), ("create_date", ">=", since)], limit=1
        )

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        # Complaints keep their sender's address normalised: an equality that an index serves.
        if not email_from_normalized:
            return super()._detect_loop_sender_domain(email_from_normalized)
        return [("is_complaint", "=", True), ("partner_email", "=", email_from_normalized)]

    @api.model
    def _guess_lang(self, msg):
        """The language to answer a mail in: that of a known sender, or of the letters it is written in."""
        author = self.env["res.partner"].sudo().browse(msg.get("author_id") or [])
        if author.lang:
            return author.lang
        chinese = HAN.search(f"{msg.get('subject') or ''} {msg.get('body') or ''}")
        return self.env["res.lang"]._get_code("zh_CN" if chinese else "en_US") or self.env.company.partner_id.lang

    # -- answers -----------------------------------------------------------

    def message_update(self, msg, update_vals=None):
        complaints = self.sudo().filtered("is_complaint")
        if not complaints:
            return super().message_update(msg, update_vals=update_vals)
        _strip_nul(msg)
        refused = self._take_mail_files(msg)
        done = super().message_update(_without_recipients(msg), update_vals=update_vals)
        complaints._note_refused_files(refused)
        author = self.env["res.partner"].sudo().browse(msg.get("author_id") or [])
        for ticket in complaints:
            if not ticket._why_mail_waits(msg.get("email_from"), author) and (not author or author.partner_share):
                ticket._customer_has_written()
        return done

    def message_post(self, **kwargs):
        # The gateway posts what it has handed to `message_update`. Nobody reaches this from outside.
        if self.env.context.get("complaint_incoming") and self.env.su and self.is_complaint:
            author = self.env["res.partner"].sudo().browse(kwargs.get("author_id") or [])
            reason = self._why_mail_waits(kwargs.get("email_from"), author)
            if reason:
                self.env["sqms.complaint.held.mail"].sudo()._hold(self, reason, kwargs)
                return self.env["mail.message"]
        return super().message_post(**kwargs)

    def _why_mail_waits(self, email_from, author):
        """Why an answer does not reach the case at once: "automatic", "stranger" or nothing."""
        self.ensure_one()
        if self.env.context.get("complaint_incoming") == "automatic":
            return "automatic"
        return "" if self._is_mail_of_case(email_from, author.sudo()) else "stranger"

    def _is_mail_of_case(self, email_from, author):
        if author and not author.partner_share:
            return True  # a colleague who answers from the mail program
        people = self._case_people()
        if author and author.commercial_partner_id in people.commercial_partner_id:
            return True
        address = tools.email_normalize(email_from or "", strict=False)
        return bool(address) and address in {self.partner_email, *people.mapped("email_normalized")}

    def _case_people(self):
        """The people outside who belong to the case: the customer, and who speaks for him while the mandate holds."""
        ticket = self.sudo()
        people = ticket.partner_id
        until = ticket.complaint_mandate_until
        if not until or until >= fields.Date.context_today(self):
            people |= ticket.complaint_representative_id
        return people

    def _customer_has_written(self):
        """It is our turn again, whatever the mail says; of a closed case somebody is told."""
        for ticket in self.sudo():
            if ticket.complaint_closed_at:
                ticket._ask_handler_to_answer()
            elif ticket.complaint_turn != "ours":
                ticket.complaint_turn = "ours"

    def _ask_handler_to_answer(self):
        handler = self.user_id or self.team_id.user_id
        if handler:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("The customer wrote after the complaint was closed"),
                user_id=handler.id,
            )

    # -- files ---------------------------------------------------------------

    @api.model
    def _take_mail_files(self, msg):
        """Leave only cleaned files in the message (in place: the gateway posts the same one).

        :return: [(name, why it is not taken)]
        """
        msg["attachments"], refused = clean_attachments(msg.get("attachments") or [])
        return [(name, self.env._(sentence)) for name, sentence in refused]

    def _note_refused_files(self, refused):
        if not refused:
            return
        for ticket in self:
            ticket._message_log(
                body=self.env._(
                    "Files of the mail that were not taken: %(files)s "
                    "Please ask the customer for them in another form.",
                    files=" ".join(f"{name}: {why}" for name, why in refused),
                )
            )


def _without_recipients(msg):
    # The helpdesk makes followers of everybody in To and Cc whose address it knows.
    return {**msg, "to": "", "cc": ""}


def _strip_nul(msg):
    # In place: the gateway posts the same message after the record was made, and PostgreSQL takes no NUL.
    for key, value in msg.items():
        if isinstance(value, str):
            msg[key] = value.replace("\x00", "")
