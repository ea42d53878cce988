from odoo import fields, models
from odoo.tools import format_amount, formataddr, plaintext2html

from .helpdesk_ticket import OPEN_STATES

ANSWERABLE = ("communicated", "implementing")


class HelpdeskTicketCustomer(models.Model):
    """What the customer does on his page, with a code or logged in.

    1. He writes, adds files, accepts the decision, objects to it, takes the complaint back. Each stands in the
       chatter, in public, in his own words.
    2. An objection opens the second level: somebody else looks at the case again. A second objection is refused with
       the bodies outside by name.
    3. What the customer answered is written by his page alone. Without an answer within the days of the company the
       decision stands.
    """

    _inherit = "helpdesk.ticket"

    # -- words and files -----------------------------------------------------------

    def _complaint_customer_post(self, text, files=(), author=None, notify=True):
        """Put the customer's words into the chatter, in public.

        :param files: [(name, mimetype, content)]
        :param author: the partner of a customer who is logged in; otherwise nobody is the author
        :param notify: tell the followers; at intake there is nobody to tell yet
        """
        self.ensure_one()
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {"name": name, "mimetype": mimetype, "raw": content, "res_model": self._name, "res_id": self.id}
                    for name, mimetype, content in files
                ]
            )
        )
        values = {
            "body": plaintext2html(text),
            "message_type": "comment",
            "author_id": author.id if author else False,
            "email_from": author.email_formatted if author else self._complaint_customer_address(),
        }
        if notify:
            return (
                self.sudo()
                .with_context(mail_post_autofollow=False, mail_post_autofollow_author_skip=True)
                .message_post(**values, subtype_xmlid="mail.mt_comment", attachment_ids=attachments.ids)
            )
        return (
            self.env["mail.message"]
            .sudo()
            .create(
                {
                    **values,
                    "model": self._name,
                    "res_id": self.id,
                    "subtype_id": self.env.ref("mail.mt_comment").id,
                    "attachment_ids": attachments.ids,
                }
            )
        )

    def _complaint_customer_address(self):
        """The sender that agents read above the customer's words. Anonymous people get a fixed one."""
        company = self.company_id.email or "noreply@localhost"
        if self.complaint_is_anonymous:
            return formataddr((self.env._("Customer (anonymous)"), company))
        return formataddr((self.partner_name or self.env._("Customer"), self.partner_email or company))

    def _complaint_customer_message(self, text, files=(), author=None):
        """The customer writes: it is our turn again, and the handler hears of it."""
        self._complaint_customer_post(text, files, author)
        if self.complaint_closed_at:
            self.sudo()._ask_handler_to_answer()
        elif self.complaint_turn != "ours" and self.complaint_state != "communicated":
            self.sudo().complaint_turn = "ours"

    # -- the answer to the decision ------------------------------------------------

    def _complaint_may_answer(self):
        return self.complaint_state in ANSWERABLE and not self.complaint_customer_answer

    def _complaint_may_object(self):
        """Once, to a decision of the first level; also after the case was closed."""
        return self.complaint_level != "2" and (self._complaint_may_answer() or self.complaint_state == "closed")

    def _complaint_may_withdraw(self):
        return self.complaint_state in OPEN_STATES

    def _complaint_answer_until(self):
        """The last day to answer the decision, or nothing."""
        ticket = self.sudo()
        days = ticket.company_id.complaint_answer_days
        if days <= 0 or not ticket.complaint_communicated_at:
            return False
        zone = ticket.with_context(tz=ticket.company_id.resource_calendar_id.tz or "UTC")
        told = fields.Datetime.context_timestamp(zone, ticket.complaint_communicated_at).date()
        return fields.Date.add(told, days=days)

    def _complaint_accept(self, author=None):
        """The customer accepts the decision: noted, said in public, and the handler may go on."""
        self._complaint_customer_post(self.env._("I accept the decision."), author=author)
        self.sudo().write(
            {
                "complaint_customer_answer": "accepted",
                "complaint_customer_answered_at": fields.Datetime.now(),
                "complaint_turn": "ours",
            }
        )
        self._complaint_tell_handler(self.env._("The customer accepts: carry out the decision and close"))

    def _complaint_object(self, text, author=None):
        """The customer objects: his reasons stand in public; the second level begins with them.

        The one door for customers: status page, portal, and an agent who was told so on the phone.
        """
        self._complaint_customer_post(self.env._("I object, because: %s", text), author=author)

    def _complaint_last_word(self):
        """What is said to whoever objects a second time."""
        bodies = ", ".join(
            self._complaint_bodies().mapped(lambda body: " ".join(filter(None, (body.name, body.phone))))
        )
        outside = bodies or self.sudo().company_id.complaint_outside_body
        if outside:
            return self.env._("We have looked at it twice. You can take it further: %s.", outside)
        return self.env._("We have looked at it twice; this is our last word.")

    def _complaint_bodies(self):
        """The bodies outside that are named to this customer; where none is, the first of those the company offers."""
        ticket = self.sudo()
        return ticket.complaint_body_ids or self.env["sqms.dispute.body"]._offered(ticket.company_id)[:5]

    def _complaint_withdraw(self, text, author=None):
        """The customer takes the complaint back, in his own words or in ours."""
        words = text or self.env._("I take my complaint back.")
        self._complaint_customer_post(words, author=author)
        ticket = self.sudo()
        ticket.complaint_withdrawal = self.env._("On the status page: %s", words)[:500]
        ticket.action_transition("withdraw")
        self._complaint_tell_handler(self.env._("The customer has taken the complaint back"))

    def _complaint_tell_handler(self, summary):
        handler = self.user_id or self.team_id.user_id
        if handler:
            self.sudo().activity_schedule("mail.mail_activity_data_todo", summary=summary, user_id=handler.id)

    # -- in the customer's words --------------------------------------------------

    def _complaint_public_state(self):
        """The state as a customer reads it; what goes on inside the company is one state to him."""
        return {
            "received": self.env._("Received"),
            "acknowledged": self.env._("Acknowledged"),
            "communicated": self.env._("Decision sent to you"),
            "implementing": self.env._("Put into effect"),
            "closed": self.env._("Closed"),
            "withdrawn": self.env._("Withdrawn by you"),
            "merged": self.env._("Joined with another complaint"),
        }.get(self.complaint_state, self.env._("We look into it"))

    # -- what was decided, in words --------------------------------------------------

    def _complaint_remedy_words(self):
        """What the customer gets, one sentence each; what was not approved is not promised."""
        ticket = self.sudo()
        words = []
        for remedy in ticket.remedy_ids.filtered(lambda remedy: remedy.state in ("approved", "given")):
            amount = remedy.amount and format_amount(self.env, remedy.amount, remedy.currency_id)
            sentence = {
                "refund": amount and self.env._("We refund %s.", amount),
                "compensation": amount and self.env._("You get %s as compensation.", amount),
                "goodwill": amount and self.env._("You get %s as a gesture of goodwill.", amount),
                "voucher": amount and self.env._("You get a voucher over %s.", amount),
                "repeat": self.env._("We do the service again."),
                "repair": self.env._("We repair it."),
                "replacement": self.env._("We replace it."),
                "apology": self.env._("We apologise."),
                "information": self.env._("We explain it to you."),
            }.get(remedy.kind)
            words.append(sentence or remedy.name)
        return words
