from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.transition import Transition

from .helpdesk_ticket import AGENTS, OFFICERS

_lt = LazyTranslate(__name__)

OPEN_DISPUTE = ("referred", "answered", "settled")
CONSENTS = [("asked", "Asked"), ("given", "Given"), ("refused", "Refused"), ("not_needed", "Not Needed")]
OUTCOMES = [
    ("settled", "Settled"),
    ("decided_customer", "Decided for the Customer"),
    ("decided_partly", "Decided in Part"),
    ("decided_company", "Decided for Us"),
    ("withdrawn", "Withdrawn"),
]
ANSWER = ("answer", "answer_file_ids", "answered_on", "amount_offered")
RESULT = ("outcome", "resolution", "resolved_on", "amount_awarded", "is_binding", "implement_due")
REFERRAL = (
    "body_id", "referred_by", "referral_date", "case_number", "notice_date", "contact", "claim", "amount_claimed",
    "answer_due", "company_consent", "customer_consent",
)  # fmt: skip
# Open to the last: who works on it, what carrying out and evaluating it needs.
LAST = (
    "user_id", "is_confidential", "implemented_on", "implementation", "evaluation", "fairness", "cost_amount",
    "drop_reason", "resume_reason", "contact", "case_number",
)  # fmt: skip


class SqmsComplaintDispute(models.Model):
    """A complaint before an outside body (ISO 10003): 12315, consumer association, arbitration, court.

    1. It begins with the referral: who went there, when, the body's own number of the case, the day we were told.
    2. Our answer is given with its papers and its day, ahead of the date that the body has set; then it stays as it is.
    3. A mediation can only be settled when both sides have agreed to it. Result, amounts and day are written down.
    4. What was agreed or decided is carried out before the file is closed; closing asks how it was and what it cost.
    5. As long as one is open, its complaint cannot be closed. A closed complaint can be taken outside: that reopens
       nothing.
    6. Whoever may read the complaint reads its disputes; a confidential one is for its handler and a few people.
    """

    _name = "sqms.complaint.dispute"
    _description = "Dispute"
    _inherit = [
        "sqms.complaint.part.mixin",
        "sqms.workflow.mixin",
        "sqms.number.mixin",
        "sqms.clock.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["number", "case_number"]
    _check_company_auto = True
    _number_prefix = "DIS"

    # whose case, and where
    ticket_id = fields.Many2one(
        "helpdesk.ticket", "Complaint", required=True, index=True, ondelete="restrict", check_company=True,
        domain=[("is_complaint", "=", True)],
    )  # fmt: skip
    body_id = fields.Many2one(
        "sqms.dispute.body", "Outside Body", required=True, index=True, ondelete="restrict", check_company=True,
        tracking=True,
    )  # fmt: skip
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", "Handler", index="btree_not_null", ondelete="restrict", tracking=True,
        domain=[("share", "=", False)],
    )  # fmt: skip
    state = fields.Selection(
        [
            ("referred", "Referred"),
            ("answered", "Answered"),
            ("settled", "Resolved"),
            ("closed", "Closed"),
            ("dropped", "Not Pursued"),
        ],
        required=True, default="referred", readonly=True, copy=False, index=True, tracking=True,
    )  # fmt: skip
    customer = fields.Char(compute="_compute_customer")
    is_confidential = fields.Boolean("Confidential", copy=False, tracking=True,
        help="Only the handler and people of the group “Confidential complaints” see it.")  # fmt: skip
    # referral and notice
    referred_by = fields.Selection(
        [("customer", "The Customer"), ("company", "We"), ("both", "Both Together"), ("other", "Somebody Else")],
        required=True, default="customer",
    )  # fmt: skip
    referral_date = fields.Date(
        "Referred On", required=True, default=lambda self: self.env.company._sqms_today(), index=True
    )
    case_number = fields.Char("Their Number", index="trigram", copy=False, tracking=True)
    notice_date = fields.Date("We Were Told On", help="The day on which the body informed us.")
    contact = fields.Char("Person There", help="Name and telephone of the official in charge.")
    company_consent = fields.Selection(CONSENTS, "Our Consent", help="Mediation is voluntary for both sides.")
    customer_consent = fields.Selection(CONSENTS, "Customer's Consent")
    claim = fields.Text("What Is Asked")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_claimed = fields.Monetary("Claimed")
    # our answer
    answer_due = fields.Date("Answer Expected By", tracking=True, help="The date that the body has set for our answer.")
    internal_due = fields.Date(
        "Our Own Date", compute="_compute_internal_due", store=True, index="btree_not_null",
        help="Ahead of the body's date, on a day of the week on which people work.",
    )  # fmt: skip
    answer = fields.Html("Our Answer", sanitize_style=True, strip_classes=True, copy=False)
    answer_file_ids = fields.Many2many("ir.attachment", string="Papers", copy=False, ondelete="restrict")
    answered_on = fields.Date(copy=False)
    answered_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    amount_offered = fields.Monetary("Offered", copy=False)
    hearing_ids = fields.One2many("sqms.dispute.hearing", "dispute_id", "Hearings", copy=False)
    # the result
    outcome = fields.Selection(OUTCOMES, copy=False, tracking=True, index="btree_not_null")
    resolution = fields.Text("What Was Agreed or Decided", copy=False)
    resolved_on = fields.Date(copy=False)
    amount_awarded = fields.Monetary("Agreed or Awarded", copy=False)
    is_binding = fields.Boolean("Binding", copy=False)
    implement_due = fields.Date("Carry Out By", copy=False, index="btree_not_null")
    implemented_on = fields.Date("Carried Out On", copy=False)
    implementation = fields.Text("How It Was Carried Out", copy=False)
    # the end
    cost_amount = fields.Monetary("What It Cost Us", copy=False, help="Fees and lawyers, without what was awarded.")
    fairness = fields.Selection(
        [("1", "Poor"), ("2", "Weak"), ("3", "Fair"), ("4", "Good"), ("5", "Very Good")],
        "How It Was Handled There", copy=False,
    )  # fmt: skip
    evaluation = fields.Text("What We Learn From It", copy=False)
    drop_reason = fields.Char("Why It Is Not Pursued", copy=False)
    resume_reason = fields.Char("Why It Goes On", copy=False)
    closed_at = fields.Datetime("Closed On", readonly=True, copy=False, index="btree_not_null")
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    days = fields.Integer("Days From Referral to End", readonly=True, copy=False, aggregator="avg")

    _one_open = models.UniqueIndex(
        "(ticket_id, body_id) WHERE state IN ('referred', 'answered', 'settled')",
        "This complaint is before that body already.",
    )
    _open_idx = models.Index("(internal_due, id) WHERE state = 'referred'")
    _amounts_sign = models.Constraint(
        "CHECK(amount_claimed >= 0 AND amount_offered >= 0 AND amount_awarded >= 0 AND cost_amount >= 0)",
        "Amounts are not negative.",
    )

    _ledger_fields = (
        "number", "ticket_id", "company_id", "user_id", "state", *REFERRAL[:-2], "company_consent", "customer_consent",
        *ANSWER, *RESULT, "is_confidential", "answered_by_id", "implemented_on", "implementation", "cost_amount",
        "fairness", "evaluation", "drop_reason", "resume_reason", "closed_at", "closed_by_id", "days",
    )  # fmt: skip
    _ledger_personal_fields = (
        "contact", "claim", "answer", "resolution", "implementation", "evaluation", "drop_reason", "resume_reason"
    )  # fmt: skip
    _workflow_initial = ("referred",)
    _workflow_fixed = ("ticket_id",)
    _workflow_managed = ("answered_by_id", "closed_at", "closed_by_id", "days")
    _workflow_locked = {
        "answered": (*(name for name in REFERRAL if name != "body_id"), *RESULT, *LAST, "hearing_ids"),
        "settled": LAST,
        "closed": (),
        "dropped": (),
    }
    _workflow = (
        Transition(
            name="answer", label=_lt("We Have Answered"), source=("referred",), target="answered", groups=AGENTS,
            required=("answered_on", "notice_date"),
        ),
        Transition(
            name="settle", label=_lt("It Is Resolved"), source=("referred", "answered"), target="settled",
            groups=AGENTS, required=("outcome", "resolution", "resolved_on"),
        ),
        Transition(
            name="close", label=_lt("Close"), source=("settled",), target="closed", groups=AGENTS,
            required=("evaluation",),
        ),
        Transition(
            name="drop", label=_lt("Not Pursued"), source=("referred", "answered"), target="dropped", groups=AGENTS,
            required=("drop_reason",), rare=True,
        ),
        Transition(
            name="resume", label=_lt("It Goes On"), source=("settled", "closed", "dropped"), target="answered",
            groups=OFFICERS, required=("resume_reason",), rare=True,
        ),
    )  # fmt: skip

    def _part_refusal(self):
        return self.env._("The disputes of a complaint are for those who may work on the complaint.")

    def _part_of_plain_ticket(self):
        return self.env._("Only complaints go before an outside body.")

    # -- computes ------------------------------------------------------------------

    @api.depends("number", "body_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for dispute in self:
            dispute.display_name = " ".join(filter(None, (dispute.number, dispute.sudo().body_id.name)))

    @api.depends("ticket_id.complaint_customer")
    def _compute_customer(self):
        for dispute in self:
            dispute.customer = dispute.ticket_id.complaint_customer

    @api.depends("answer_due", "body_id.lead_days")
    def _compute_internal_due(self):
        """Our own date is so many days ahead of the body's, and on a day from Monday to Friday before that."""
        for dispute in self:
            if not dispute.answer_due:
                dispute.internal_due = False
                continue
            day = dispute.answer_due - timedelta(days=max(dispute.body_id.lead_days, 1))
            dispute.internal_due = day - timedelta(days=max(day.weekday() - 4, 0))

    @api.constrains("referral_date", "notice_date", "answered_on", "resolved_on", "implemented_on", "company_id")
    def _check_dates(self):
        """What has happened lies in the past, in the order in which such things happen."""
        for dispute in self:
            today = (dispute.company_id or self.env.company)._sqms_today()
            order = ("referral_date", "notice_date", "answered_on", "resolved_on", "implemented_on")
            before = None
            for name in order:
                day = dispute[name]
                if not day:
                    continue
                label = dispute._fields[name]._description_string(self.env)
                if day > today:
                    raise ValidationError(
                        self.env._("%(dispute)s: “%(field)s” lies in the future.",
                                   dispute=dispute.display_name, field=label)
                    )  # fmt: skip
                if before and day < dispute[before] and (before, name) != ("answered_on", "resolved_on"):
                    raise ValidationError(
                        self.env._("%(dispute)s: “%(field)s” is before “%(before)s”.",
                                   dispute=dispute.display_name, field=label,
                                   before=dispute._fields[before]._description_string(self.env))
                    )  # fmt: skip
                before = name

    @api.constrains("answer_due", "notice_date", "referral_date")
    def _check_answer_due(self):
        for dispute in self:
            begun = dispute.notice_date or dispute.referral_date
            if dispute.answer_due and begun and dispute.answer_due < begun:
                raise ValidationError(
                    self.env._("%s: the answer cannot be expected before we were told.", dispute.display_name)
                )

    @api.constrains("ticket_id")
    def _check_not_merged(self):
        for dispute in self:
            if dispute.sudo().ticket_id.complaint_state == "merged":
                raise ValidationError(
                    self.env._("%s is part of another complaint: the dispute belongs to that one.",
                               dispute.ticket_id.number)
                )  # fmt: skip

    def action_open_complaint(self):
        self.ensure_one()
        return self.ticket_id.action_open_complaint()
