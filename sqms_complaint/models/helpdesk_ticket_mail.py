from urllib.parse import urlencode

from odoo import api, fields, models, tools

# The steps between acknowledgement and decision, and after it, that the customer hears of.
NEWS_OF_STEPS = {
    "investigate": "investigating",
    "escalate": "second_look",
    "reopen": "second_look",
    "implement": "implementing",
    "close": "closed",
    "withdraw": "withdrawn",
}


class HelpdeskTicketMail(models.Model):
    """Letters to the customer.

    1. The acknowledgement goes out once, with the number and the way to the status page, never with the code.
    2. The decision letter goes out with each “Answer the customer”.
    3. Between them the customer hears of each step that changes something for him: that somebody looks into it, that
       it is looked at again, that the decision is carried out, that the case is closed or taken back, and that we have
       written to him.
    4. All are written in his language. The step only notes that a letter is due; it is written and queued within a
       minute. Without an email address nothing is noted, and the agent reads that the customer must be told another
       way.
    """

    _inherit = "helpdesk.ticket"

    complaint_mail_hint = fields.Char(compute="_compute_complaint_mail_hint")

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

    # -- where the customer looks ----------------------------------------------

    def _get_complaint_status_url(self):
        """Where the customer follows the case, in his language; the number is filled in. The code is never part."""
        lang = self.env["res.lang"]._get_data(code=self.complaint_lang).url_code if self.complaint_lang else False
        query = urlencode({"number": self.number})
        return f"{self.get_base_url()}{f'/{lang}' if lang else ''}/complaint/status?{query}"

    def _get_complaint_follow_url(self):
        """The page of the case for whoever can open it: by code, or logged in. Others have none."""
        if self._has_access_code():
            return self._get_complaint_status_url()
        if self.sudo().partner_id.user_ids.filtered("share"):
            return f"{self.get_base_url()}/my/complaints/{self.id}"
        return False

    def _has_access_code(self):
        """Whether the customer holds a code for the status page; callers and writers of mails have none."""
        return bool(self.sudo().complaint_access_digest)

    # -- steps -----------------------------------------------------------------

    def _acknowledge_on_receipt(self):
        """Acknowledge at once what came in by the public form or by mail.

        The letter is written by a job a minute later, so that one that somebody has broken keeps no complaint out.
        """
        received = self.sudo().filtered(lambda ticket: ticket.complaint_state == "received")
        # The letter itself stands in the chatter, and the step in the ledger: no note beside them.
        received.with_context(complaint_letter_automatic=True, mail_notrack=True).action_transition("acknowledge")

    def _on_acknowledge(self):
        self._send_letter("acknowledgement")

    def _on_communicate(self):
        self._send_letter("decision")

    def _workflow_moved(self, step, origin):
        moved = super()._workflow_moved(step, origin)
        if step.name in NEWS_OF_STEPS:
            self._send_letter(NEWS_OF_STEPS[step.name])
        return moved

    def _send_letter(self, letter):
        """Note that a letter is due; it is written within a minute.

        :param letter: one of `sqms.complaint.notice`
        """
        reachable = self.filtered(lambda ticket: ticket._get_letter_address())
        self.env["sqms.complaint.notice"].sudo()._note(reachable, letter)
        if letter not in ("acknowledgement", "decision"):
            return
        name = (self - reachable) and self.env.ref(f"sqms_complaint.mail_template_{letter}").sudo().name
        for ticket in self - reachable:
            ticket._message_log(
                body=self.env._(
                    "“%(letter)s” was not mailed: there is no email address. The customer must be told another way.",
                    letter=name,
                )
            )

    # -- news ------------------------------------------------------------------

    def _get_complaint_news(self, letter):
        """What a letter about the state says: {title, text}, in the language of the environment."""
        return {
            "investigating": {
                "title": self.env._("we look into it"),
                "text": self.env._("Somebody looks into what happened. You do not need to do anything."),
            },
            "second_look": {
                "title": self.env._("a second look"),
                "text": self.env._("Somebody else looks at your case again, from the beginning, and decides anew."),
            },
            "implementing": {
                "title": self.env._("we carry out the decision"),
                "text": self.env._("We carry out what we have promised you."),
            },
            "closed": {
                "title": self.env._("closed"),
                "text": self.env._("Your case is closed. If something is still wrong, please tell us."),
            },
            "withdrawn": {
                "title": self.env._("taken back"),
                "text": self.env._(
                    "You took your complaint back. Nothing more is to be done. You can complain again any time."
                ),
            },
            "message": {
                "title": self.env._("we have written to you"),
                "text": self.env._(
                    "There is a message for you about your complaint. Please read it on the page of your case."
                ),
            },
        }.get(letter, {"title": "", "text": ""})

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if self.is_complaint and message.message_type == "comment" and self._is_told_by_page(message):
            self._send_letter("message")
        return result

    def _is_told_by_page(self, message):
        """Whether a public message of a colleague stands on the customer's page, and no mail carries it to him."""
        if message.is_internal or message.subtype_id.internal or not message.subtype_id:
            return False
        if self._complaint_is_customers(message) or not self._get_complaint_follow_url():
            return False
        customer = self.sudo().partner_id
        return not customer or customer not in self.sudo().message_partner_ids | message.partner_ids

    def _track_template(self, tracking):
        # The helpdesk's own "ticket closed" mail would contradict our letters.
        templates = super()._track_template(tracking)
        if self[:1].is_complaint:
            templates.pop("stage_id", None)
        return templates
