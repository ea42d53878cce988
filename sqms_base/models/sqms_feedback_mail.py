from email.utils import parseaddr

from odoo import api, models
from odoo.tools import email_normalize, html2plaintext, plaintext2html

from ..lib.public_text import plain_text

TEXT_LENGTH = 20_000


class SqmsFeedbackMail(models.Model):
    """Feedback by mail, and the answer by mail.

    1. A mail to the alias becomes feedback with the sender's address: a mail is never anonymous.
    2. Whatever is in the mail, it is taken: what the database cannot hold is left out.
    3. The answer goes to whoever left a way to answer: a colleague in the inbox, others by mail in the language they
       wrote in. It quotes nothing and carries no link that opens anything.
    """

    _inherit = "sqms.feedback"

    _primary_email = "email"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        address = email_normalize(msg_dict.get("email_from") or "") or ""
        author = self.env["res.partner"].sudo().browse(msg_dict.get("author_id") or []).exists()
        staff = author.user_ids.filtered(lambda user: user._is_internal() and user.active)[:1]
        subject = " ".join(plain_text(msg_dict.get("subject") or "").split())
        body = plain_text(html2plaintext(msg_dict.get("body") or "")).strip()[:TEXT_LENGTH]
        values = {
            "name": (subject or self.env._("Feedback by mail"))[:200],
            "text": body or subject or self.env._("(The mail has no text.)"),
            "source": "staff" if staff else "customer" if author else "unknown",
            "staff_id": staff.id,
            "partner_id": False if staff else author.id,
            "person_name": plain_text(parseaddr(msg_dict.get("email_from") or "")[0])[:120] or False,
            "email": address[:200] or False,
            "lang": author.lang or self.env.company.partner_id.lang or self.env.lang,
            **(custom_values or {}),
            "channel": "mail",
            "is_anonymous": False,
        }
        clean = {**msg_dict, "subject": subject, "email_from": address[:200]}
        # As the system: the gateway's own user may be a customer.
        return super(SqmsFeedbackMail, self.sudo()).message_new(clean, values)

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        return [("email", "=", email_from_normalized)]

    def _send_answer(self):
        """Tell those who left a way to answer; whoever has a code reads it there."""
        for feedback in self.sudo():
            lang = feedback.lang or feedback.staff_id.lang or feedback.partner_id.lang or self.env.lang
            words = feedback.with_context(lang=lang)
            subject = words.env._("Our answer to what you told us")
            if feedback.is_anonymous:
                continue
            if feedback.staff_id:
                self.env["mail.thread"].sudo().message_notify(
                    partner_ids=feedback.staff_id.partner_id.ids,
                    subject=subject,
                    body=feedback.answer,
                    model=feedback._name,
                    res_id=feedback.id,
                    author_id=self.env.user.partner_id.id,
                )
                continue
            address = feedback.email or email_normalize(feedback.partner_id.email or "")
            if address:
                company = feedback.company_id
                self.env["mail.mail"].sudo().create(
                    {
                        "subject": subject,
                        "body_html": plaintext2html(feedback.answer),
                        "email_to": address,
                        "email_from": company.email_formatted or self.env.user.email_formatted,
                        "model": feedback._name,
                        "res_id": feedback.id,
                        "author_id": self.env.user.partner_id.id,
                        "headers": repr({"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}),
                    }
                )
