import logging
import re

import psycopg2

from odoo import api, fields, models, tools

_logger = logging.getLogger(__name__)

HAN = re.compile("[\u4e00-\u9fff]")
# Neither letter may start a conversation between two machines.
LETTERS = {
    "acknowledgement": {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"},
    "decision": {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
}
# What an alias may decide about a complaint; all else of it belongs to steps and people.
GIVEN_BY_ALIAS = ("complaint_category_id", "complaint_is_confidential", "complaint_lang", "complaint_service")
FORBIDDEN_BY_MAIL = ("is_complaint", "number", "stage_id")


class HelpdeskTicketMail(models.Model):
    """Letters to the customer and mails from him.

    1. The acknowledgement goes out once, with the number and the way to the status page, never with the code.
    2. The decision letter goes out with each “Answer the customer”.
    3. Both are written in the customer's language and queued. Without an email address nothing is queued, and
       the agent reads that the customer must be told another way.
    4. A mail becomes a complaint if the team says so. Whatever it contains, it is never refused; only a machine
       that writes twenty in two hours is stopped, by the mail gateway itself.
    """

    _inherit = "helpdesk.ticket"

    complaint_mail_hint = fields.Char(compute="_compute_complaint_mail_hint")

    # -- out ---------------------------------------------------------------

    @api.depends("complaint_state", "partner_email", "complaint_contact", "complaint_phone", "complaint_told_by")
    @api.depends_context("lang")
    def _compute_complaint_mail_hint(self):
        for ticket in self:
            ticket.complaint_mail_hint = False
            if ticket._get_letter_address():
                continue
            how = (
                self.env._("by phone, %s", ticket.complaint_phone)
                if ticket.complaint_phone
                else self.env._("on the status page")
            )
            if ticket.complaint_state == "received":
                ticket.complaint_mail_hint = self.env._(
                    "No mail can be sent, there is no email address. Tell the customer that the complaint is being "
                    "handled, and its number: %(how)s.",
                    how=how,
                )
            elif ticket.complaint_state == "decided" and not ticket.complaint_told_by:
                ticket.complaint_mail_hint = self.env._(
                    "No mail can be sent, there is no email address. Tell the customer the answer, %(how)s, and note "
                    "it under “Told otherwise”.",
                    how=how,
                )

    def _get_letter_address(self):
        """The one address that letters go to, or False."""
        if self.complaint_is_anonymous or self.complaint_contact == "none":
            return False
        return tools.email_normalize(self.partner_email, strict=False)

    def _get_complaint_status_url(self):
        """Where the customer follows the case, in his language. The code is never part of it."""
        lang = self.env["res.lang"]._get_data(code=self.complaint_lang).url_code if self.complaint_lang else False
        return f"{self.get_base_url()}{f'/{lang}' if lang else ''}/complaint/status"

    def _has_access_code(self):
        """Whether the customer holds a code for the status page; callers and writers of mails have none."""
        return bool(self.sudo().complaint_access_digest)

    def _acknowledge_on_receipt(self):
        """Acknowledge at once what came in by the public form: the page has told the number already.

        A letter that somebody has broken does not keep the complaint out; it then waits to be acknowledged by hand.
        """
        received = self.sudo().filtered(lambda ticket: ticket.complaint_state == "received")
        try:
            with self.env.cr.savepoint():
                received.action_transition("acknowledge")
        except psycopg2.OperationalError:
            raise  # two at once: the request is run again
        except Exception as error:  # pylint: disable=broad-except
            # Neither the text of the error nor its traceback: both may quote the complaint.
            _logger.error(
                "%s could not be acknowledged on receipt (%s): please look at the mail template.",
                ", ".join(received.mapped("number")),
                type(error).__name__,
            )
            received.invalidate_recordset()

    def _on_acknowledge(self):
        self._send_letter("acknowledgement")

    def _on_communicate(self):
        self._send_letter("decision")

    def _send_letter(self, letter):
        reachable = self.filtered(lambda ticket: ticket._get_letter_address())
        template = self.env.ref(f"sqms_complaint.mail_template_{letter}").sudo()
        if reachable:
            template.send_mail_batch(reachable.ids, email_values={"headers": repr(LETTERS[letter])})
        for ticket in self - reachable:
            ticket._message_log(
                body=self.env._(
                    "“%(letter)s” was not mailed: there is no email address. The customer must be told another way.",
                    letter=template.name,
                )
            )

    def _track_template(self, tracking):
        # The helpdesk's own "ticket closed" mail would contradict our letters.
        templates = super()._track_template(tracking)
        if self[:1].is_complaint:
            templates.pop("stage_id", None)
        return templates

    # -- in ----------------------------------------------------------------

    @api.model
    def message_new(self, msg, custom_values=None):
        team = self.env["helpdesk.ticket.team"].browse((custom_values or {}).get("team_id") or []).exists()
        if not team.sudo().complaints_by_mail:
            return super().message_new(msg, custom_values=custom_values)
        _strip_nul(msg)
        return super().message_new(msg, custom_values=self._prepare_mail_complaint(msg, custom_values))

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

    def message_update(self, msg, update_vals=None):
        if any(self.sudo().mapped("is_complaint")):
            _strip_nul(msg)
        done = super().message_update(msg, update_vals=update_vals)
        author = self.env["res.partner"].sudo().browse(msg.get("author_id") or [])
        if author and not author.partner_share:
            return done  # a colleague who answers from the mail program
        for ticket in self.sudo().filtered("is_complaint"):
            if ticket.complaint_closed_at:
                ticket._ask_handler_to_answer()
            elif ticket.complaint_turn != "ours":
                ticket.complaint_turn = "ours"
        return done

    def _ask_handler_to_answer(self):
        handler = self.user_id or self.team_id.user_id
        if handler:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("The customer wrote after the complaint was closed"),
                user_id=handler.id,
            )


def _strip_nul(msg):
    # In place: the gateway posts the same message after the record was made, and PostgreSQL takes no NUL.
    for key, value in msg.items():
        if isinstance(value, str):
            msg[key] = value.replace("\x00", "")
    msg["attachments"] = [
        attachment._replace(fname=attachment.fname.replace("\x00", "")) if hasattr(attachment, "fname") else attachment
        for attachment in msg.get("attachments") or []
    ]
