from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class SqmsComplaintHeldMail(models.Model):
    """A mail that answers a case and whose sender does not belong to it, or that a machine has written.

    1. It stands in no chatter and reaches no customer until an agent of the case has taken it in.
    2. Taken in, it is a public message of its sender, as if it had arrived at once. Refused, it stays here.
    3. Whoever works on the complaint reads it and decides; nobody changes what stands in it.
    """

    _name = "sqms.complaint.held.mail"
    _inherit = ["sqms.complaint.part.mixin"]
    _description = "Mail of a Stranger"
    _order = "received_at desc, id desc"
    _rec_name = "subject"
    _check_company_auto = True

    ticket_id = fields.Many2one(
        "helpdesk.ticket", "Complaint", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True, index=True, ondelete="cascade"
    )
    reason = fields.Selection(
        [("stranger", "Sender Does Not Belong to the Case"), ("automatic", "Written by a Machine")],
        "Why It Waits",
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [("waiting", "Waiting"), ("taken", "Taken In"), ("refused", "Refused")],
        required=True,
        default="waiting",
        readonly=True,
        index=True,
    )
    email_from = fields.Char("From", readonly=True)
    author_id = fields.Many2one("res.partner", "Known as", readonly=True, ondelete="set null")
    subject = fields.Char(readonly=True)
    body = fields.Html(readonly=True, sanitize_style=True, strip_classes=True)
    message_ref = fields.Char("Message-Id", readonly=True, index="btree_not_null")
    received_at = fields.Datetime(readonly=True, default=fields.Datetime.now)
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    decided_at = fields.Datetime("Decided On", readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Files", readonly=True)

    # -- keeping -----------------------------------------------------------------

    @api.model
    def _hold(self, ticket, reason, values):
        """Keep what the gateway was about to post.

        :param values: the arguments of `message_post`
        """
        reference = values.get("message_id")
        known = reference and self.search([("message_ref", "=", reference), ("ticket_id", "=", ticket.id)], limit=1)
        if known:
            return known
        is_first = not self.search_count(
            [("ticket_id", "=", ticket.id), ("state", "=", "waiting"), ("reason", "=", "stranger")], limit=1
        )
        mail = self.create(
            {
                "ticket_id": ticket.id,
                "reason": reason,
                "email_from": values.get("email_from"),
                "author_id": values.get("author_id") or False,
                "subject": values.get("subject"),
                "body": values.get("body"),
                "message_ref": reference,
            }
        )
        mail.attachment_ids = self.env["ir.attachment"].create(
            [
                {"name": name, "raw": content, "res_model": self._name, "res_id": mail.id}
                for name, content, *_rest in values.get("attachments") or []
            ]
        )
        # A machine that answers each of our letters would fill the handler's day.
        if is_first and reason == "stranger":
            ticket._complaint_tell_handler(self.env._("Somebody who does not belong to the case has written"))
        return mail

    # -- deciding ------------------------------------------------------------------

    def action_take_in(self):
        """The mail belongs to the case: it becomes a public message, and it is our turn."""
        self._check_may_decide()
        for mail in self.sudo():
            mail.attachment_ids.write({"res_model": "helpdesk.ticket", "res_id": mail.ticket_id.id})
            mail.ticket_id.with_context(mail_post_autofollow=False, mail_post_autofollow_author_skip=True).message_post(
                body=mail.body or "",
                subject=mail.subject,
                message_type="email",
                subtype_xmlid="mail.mt_comment",
                email_from=mail.email_from,
                author_id=mail.author_id.id,
                message_id=mail.message_ref,
                attachment_ids=mail.attachment_ids.ids,
            )
            mail.ticket_id._customer_has_written()
        self._note_decision("taken")

    def action_refuse(self):
        """The mail has no business here; it stays out of the case."""
        self._check_may_decide()
        self._note_decision("refused")

    def _check_may_decide(self):
        self.ticket_id.check_access("write")
        if not self.env.su and not self.env.user.has_group("helpdesk_mgmt.group_helpdesk_user_own"):
            raise AccessError(self.env._("The handler of the complaint decides about this mail."))
        for mail in self:
            if mail.state != "waiting":
                raise UserError(self.env._("“%s” was decided already.", mail.display_name))

    def _note_decision(self, state):
        self.sudo().write({"state": state, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()})
        for mail in self:
            words = (
                self.env._("The mail of %s was taken in.", mail.email_from)
                if state == "taken"
                else self.env._("The mail of %s was refused.", mail.email_from)
            )
            mail.ticket_id.sudo()._message_log(body=words, author_id=self.env.user.partner_id.id)

    # -- who reads it ----------------------------------------------------------------

    def _part_refusal(self):
        return self.env._("The mails that wait are for those who may work on the complaint.")
