from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .optional_integer import OptionalInteger

OFFICER = "sqms_complaint.group_complaint_officer"
MARKS = ("csat", "nps", "ces", "comment")
DISSATISFIED = 2  # and less
GONE = ("failed", "bounced")


class SqmsSatisfactionAnswer(models.Model):
    """One question to one customer: how was it handled? (ISO 10002, 8.3; ISO 10004)

    1. Each resolution of a complaint has exactly one row. Who was not asked has one too, with the reason, so that
       anybody can see that nobody was picked.
    2. Rows are made and filled in by the system: invitations by a scheduled job, marks by the page of the survey.
       Nobody writes, deletes or repeats one; what was answered stays, only the comment can be erased.
    3. A missing mark is none, not zero.
    4. People who work on the complaint read the answer, and see neither the link nor the secret in it.
    """

    _name = "sqms.satisfaction.answer"
    _description = "Answer on Satisfaction"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin"]
    _order = "invited_at DESC, id DESC"
    _check_company_auto = True

    # of what
    ticket_id = fields.Many2one(
        "helpdesk.ticket", string="Complaint", readonly=True, index="btree_not_null", ondelete="restrict",
        check_company=True,
    )  # fmt: skip
    resolution = fields.Integer(
        readonly=True, aggregator=None, help="Which resolution: 0 is the first, 1 the one after the first reopening."
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index="btree_not_null", ondelete="set null"
    )
    # as it stood when the customer was asked, so that later changes move no figure
    complaint_category_id = fields.Many2one("sqms.complaint.category", string="Category", readonly=True)
    team_id = fields.Many2one("helpdesk.ticket.team", readonly=True)
    channel_id = fields.Many2one("helpdesk.ticket.channel", readonly=True)
    user_id = fields.Many2one("res.users", string="Handler", readonly=True, index="btree_not_null")
    decision = fields.Char(readonly=True, export_string_translation=False)

    # asking
    state = fields.Selection(
        [("skipped", "Not Asked"), ("invited", "Asked"), ("answered", "Answered"), ("expired", "No Answer")],
        required=True, readonly=True, default="invited", index=True,
    )  # fmt: skip
    skip_reason = fields.Selection(
        [
            ("sample", "Not in the sample"),
            ("cooldown", "Asked not long ago"),
            ("opt_out", "Wants no surveys"),
            ("internal", "Our own people"),
            ("imported", "From before the system"),
            ("no_way", "Cannot be reached"),
        ],
        string="Why Not", readonly=True,
    )  # fmt: skip
    survey_id = fields.Many2one("survey.survey", readonly=True, index="btree_not_null", ondelete="restrict")
    user_input_id = fields.Many2one(
        "survey.user_input", readonly=True, index="btree_not_null", ondelete="restrict", groups=fields.NO_ACCESS
    )
    lang = fields.Char(string="Language", readonly=True)
    resolved_at = fields.Datetime(string="Resolved On", readonly=True)
    invited_at = fields.Datetime(string="Asked On", readonly=True, index="btree_not_null")
    deadline = fields.Datetime(string="Open Until", readonly=True)
    reminded_at = fields.Datetime(string="Reminded On", readonly=True)
    reminder_count = fields.Integer(string="Reminders", readonly=True, aggregator=None)
    delivery = fields.Selection(
        [
            ("none", "Not sent"),
            ("page", "On the status page"),
            ("shown", "Shown on the status page"),
            ("queued", "Mail is queued"),
            ("sent", "Mail was sent"),
            ("failed", "Mail could not be sent"),
            ("bounced", "Mail came back"),
        ],
        required=True, readonly=True, default="none",
    )  # fmt: skip
    is_delivered = fields.Boolean(string="Delivered", readonly=True)
    mail_id = fields.Many2one("mail.mail", readonly=True, groups=fields.NO_ACCESS, index="btree_not_null")
    message_id = fields.Many2one("mail.message", readonly=True, groups=fields.NO_ACCESS, index="btree_not_null")
    customer_key = fields.Char(readonly=True, groups=fields.NO_ACCESS, export_string_translation=False)
    is_opted_out = fields.Boolean(string="Wants No More", readonly=True)

    # answering
    answered_at = fields.Datetime(string="Answered On", readonly=True, index="btree_not_null")
    csat = OptionalInteger(string="Satisfaction (1-5)", readonly=True, aggregator="avg")
    nps = OptionalInteger(string="Recommendation (0-10)", readonly=True, aggregator="avg")
    ces = OptionalInteger(string="Ease (1-7)", readonly=True, aggregator="avg")
    comment = fields.Text(readonly=True)
    csat_points = OptionalInteger(string="CSAT (%)", readonly=True, aggregator="avg")
    nps_points = OptionalInteger(string="NPS", readonly=True, aggregator="avg")
    nps_group = fields.Selection(
        [("promoter", "Promoter"), ("passive", "Passive"), ("detractor", "Detractor")], string="Would Recommend",
        readonly=True,
    )  # fmt: skip

    _resolution_uniq = models.Constraint(
        "UNIQUE(ticket_id, resolution)", "This resolution of the complaint has been asked about already."
    )
    _csat_range = models.Constraint("CHECK(csat IS NULL OR csat BETWEEN 1 AND 5)", "Satisfaction goes from 1 to 5.")
    _nps_range = models.Constraint("CHECK(nps IS NULL OR nps BETWEEN 0 AND 10)", "Recommendation goes from 0 to 10.")
    _ces_range = models.Constraint("CHECK(ces IS NULL OR ces BETWEEN 1 AND 7)", "Ease goes from 1 to 7.")
    _customer_idx = models.Index("(customer_key, invited_at) WHERE customer_key IS NOT NULL")
    _open_idx = models.Index("(deadline) WHERE state = 'invited'")
    _queued_idx = models.Index("(mail_id) WHERE delivery = 'queued'")

    _ledger_fields = (
        "ticket_id", "resolution", "state", "skip_reason", "delivery", "is_delivered", "invited_at", "reminded_at",
        "answered_at", "csat", "nps", "ces", "comment",
    )  # fmt: skip
    _ledger_personal_fields = ("comment",)

    # -- who may -----------------------------------------------------------------

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Who may read a complaint reads its answer; the rest is for complaint officers and the certifier."""
        if not (self.env.su or bypass_access):
            tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
            mine = Domain("ticket_id", "in", tickets._search([("is_complaint", "=", True)]))
            domain = Domain(domain) & (mine | Domain("ticket_id", "=", False))
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        forbidden = result[0] if result else self.browse()
        rest = (self - forbidden).sudo()
        if self.env.su or not any(rest._ids):
            return result
        tickets = rest.ticket_id.sudo(False).with_context(active_test=False)
        allowed = tickets._filtered_access("read")
        forbidden |= self.browse([row.id for row in rest if row.ticket_id and row.ticket_id.id not in allowed._ids])
        if not forbidden:
            return None
        return forbidden, lambda: AccessError(
            self.env._("What a customer answered is for those who may read the complaint.")
        )

    # -- what stays --------------------------------------------------------------

    def write(self, vals):
        changed = [name for name in (*MARKS, "answered_at", "ticket_id", "resolution") if name in vals]
        if changed:
            for answer in self.filtered(lambda answer: answer.state == "answered"):
                if any(name != "comment" or vals[name] for name in changed):
                    raise AccessError(
                        self.env._("%s has been answered: what the customer said stays.", answer.display_name)
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("What customers were asked and what they answered is kept."))

    # -- words -------------------------------------------------------------------

    @api.depends("ticket_id", "resolution", "state")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for answer in self:
            number = answer.sudo().ticket_id.number or ""
            answer.display_name = " · ".join(filter(None, (number, labels.get(answer.state))))

    def _survey_words(self):
        """How it stands, for a button: “Answered 4/5”."""
        self.ensure_one()
        if self.state == "answered":
            return self.env._("Answered %s/5", self.csat) if self.csat else self.env._("Answered")
        if self.state == "skipped":
            return self.env._("Not asked")
        if self.state == "expired":
            return self.env._("No answer")
        return self.env._("Came back") if self.delivery in GONE else self.env._("Sent")

    def action_open_ticket(self):
        self.ensure_one()
        return self.ticket_id.action_open_complaint()
