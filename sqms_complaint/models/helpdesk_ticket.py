from odoo import api, fields, models
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.transition import Transition

_lt = LazyTranslate(__name__)

OPEN_STATES = ("received", "acknowledged", "assessed", "investigating", "decided", "communicated", "implementing")
AGENTS = "helpdesk_mgmt.group_helpdesk_user_own"
OFFICERS = "sqms_complaint.group_complaint_officer"
# Open in closed complaints: what only arranges the screen, and the reason an officer types to reopen.
STILL_OPEN = (
    "active",
    "sequence",
    "color",
    "kanban_state",
    "complaint_reopen_reason",
    "complaint_objection",
    "complaint_is_confidential",
)


class HelpdeskTicket(models.Model):
    """A complaint is a helpdesk ticket with `is_complaint`; a plain ticket is untouched.

    1. Agents take a complaint from its receipt to its closure; the steps say what they want to know first.
    2. It is closed only after the customer got the answer. What the customer was told does not change afterwards.
    3. A closed or withdrawn complaint is locked.
    4. When the customer objects, it goes to the second level: somebody else investigates and decides anew. When the
       answer was wrong, an officer reopens it with the reason. The letters that went out stay in the chatter.
    """

    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "sqms.workflow.mixin"]
    _check_company_auto = True

    _workflow_field = "complaint_state"
    _workflow_initial = (False, "received")
    _workflow_beyond = ("merged",)
    _workflow_locked = {"closed": STILL_OPEN, "withdrawn": STILL_OPEN, "merged": STILL_OPEN}
    _workflow_fixed = ("is_complaint",)
    _workflow_managed = (
        "complaint_former_number",
        "complaint_acknowledged_at",
        "complaint_first_response_at",
        "complaint_assessed_at",
        "complaint_decided_at",
        "complaint_decided_by_id",
        "complaint_first_level_ids",
        "complaint_objected_at",
        "complaint_communicated_at",
        "complaint_communicated_by_id",
        "complaint_verified_by_id",
        "complaint_closed_at",
        "complaint_reopen_count",
    )
    _workflow = (
        Transition("register", _lt("Register as complaint"), (False,), "received", AGENTS, rare=True),
        Transition("acknowledge", _lt("Acknowledge"), ("received",), "acknowledged", AGENTS),
        Transition(
            "assess",
            _lt("Assess"),
            ("acknowledged",),
            "assessed",
            AGENTS,
            required=("complaint_category_id", "complaint_severity", "complaint_impact", "user_id"),
        ),
        Transition("investigate", _lt("Investigate"), ("assessed",), "investigating", AGENTS),
        Transition(
            "decide",
            _lt("Decide"),
            ("assessed", "investigating"),
            "decided",
            AGENTS,
            required=("complaint_decision", "complaint_outcome", "complaint_answer"),
        ),
        Transition("communicate", _lt("Answer the customer"), ("decided",), "communicated", AGENTS),
        Transition("implement", _lt("Implement"), ("communicated",), "implementing", AGENTS),
        Transition("close", _lt("Close"), ("communicated", "implementing"), "closed", AGENTS),
        Transition(
            "withdraw",
            _lt("Withdrawn by the customer"),
            OPEN_STATES,
            "withdrawn",
            AGENTS,
            required=("complaint_withdrawal",),
            rare=True,
        ),
        Transition(
            "escalate",
            _lt("To the second level"),
            ("communicated", "implementing", "closed"),
            "investigating",
            AGENTS,
            required=("complaint_objection",),
            rare=True,
        ),
        Transition(
            "reopen",
            _lt("Reopen"),
            ("communicated", "implementing", "closed"),
            "investigating",
            OFFICERS,
            required=("complaint_reopen_reason",),
            rare=True,
        ),
    )

    # what it is
    is_complaint = fields.Boolean("Complaint", copy=True)
    number = fields.Char(index="trigram")
    complaint_state = fields.Selection(
        [
            ("received", "Received"),
            ("acknowledged", "Acknowledged"),
            ("assessed", "Assessed"),
            ("investigating", "Investigating"),
            ("decided", "Decided"),
            ("communicated", "Communicated"),
            ("implementing", "Implementing"),
            ("closed", "Closed"),
            ("withdrawn", "Withdrawn"),
            ("merged", "Merged"),
        ],
        "Complaint state",
        default=lambda self: "received" if self.env.context.get("default_is_complaint") else False,
        readonly=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
        group_expand="_group_expand_complaint_state",
    )
    complaint_former_number = fields.Char(
        "Former number",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The number of the ticket before it was registered as a complaint; it still finds it.",
    )
    complaint_category_id = fields.Many2one(
        "sqms.complaint.category",
        "Complaint category",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        check_company=True,
    )
    complaint_is_confidential = fields.Boolean(
        "Confidential",
        copy=False,
        tracking=True,
        help="Only the handler, the customer and people of the group “Confidential complaints” see it.",
    )
    complaint_received_at = fields.Datetime("Received at", copy=False, index="btree_not_null", tracking=True)
    complaint_event_date = fields.Date("Happened on")
    complaint_service = fields.Char("Product or service", help="What it is about, with the number of the order.")
    complaint_wish = fields.Selection(
        [
            ("refund", "Refund"),
            ("repair", "Repair or repeat"),
            ("apology", "Apology"),
            ("explanation", "Explanation"),
            ("other", "Something else"),
        ],
        "What would put it right",
    )
    complaint_amount = fields.Monetary("Amount claimed", currency_field="complaint_currency_id", aggregator="sum")
    complaint_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency of the claim")
    # who complains
    complaint_is_anonymous = fields.Boolean("Anonymous", copy=False)
    complaint_contact = fields.Selection(
        [("email", "Email"), ("phone", "Phone"), ("none", "Only by code")], "Reach by", copy=False
    )
    complaint_phone = fields.Char("Phone", copy=False)
    complaint_lang = fields.Selection(
        "_get_complaint_langs", "Customer's language", help="Letters to the customer are written in it."
    )
    commercial_partner_id = fields.Many2one(index="btree_not_null")
    # handling
    complaint_turn = fields.Selection(
        [("ours", "Our turn"), ("customer", "Customer's turn"), ("third", "Third party's turn")],
        "Whose turn",
        copy=False,
        help="Who has to do something next. The steps and the customer's messages move it too.",
    )
    complaint_acknowledged_at = fields.Datetime("Acknowledged at", readonly=True, copy=False)
    complaint_investigation = fields.Html(
        "Findings", sanitize_style=True, strip_classes=True, copy=False, help="The customer does not see it."
    )
    complaint_waiting = fields.Char("Waits", compute="_compute_complaint_waiting")
    complaint_customer = fields.Char("Who waits", compute="_compute_complaint_customer")
    complaint_highlight = fields.Integer(compute="_compute_complaint_highlight")
    complaint_same_customer_count = fields.Integer("Same customer", compute="_compute_complaint_same_customer_count")
    # decision
    complaint_decision = fields.Selection(
        [("upheld", "Upheld"), ("partly", "Partly upheld"), ("rejected", "Not upheld")],
        "Decision",
        copy=False,
        tracking=True,
    )
    complaint_outcome = fields.Selection(
        [
            ("explanation", "Explained"),
            ("monetary", "Monetary relief"),
            ("non_monetary", "Put right without money"),
            ("apology", "Apology"),
            ("none", "Closed without relief"),
        ],
        "Outcome",
        copy=False,
        tracking=True,
    )
    complaint_answer = fields.Html(
        "Answer to the customer",
        sanitize_style=True,
        strip_classes=True,
        copy=False,
        help="The decision with its reasons, in the words the customer reads. A rejection also says "
        "how the customer can go further.",
    )
    complaint_told_by = fields.Selection(
        [("phone", "By phone"), ("letter", "By letter"), ("person", "In person"), ("page", "On the status page")],
        "Told otherwise",
        copy=False,
        help="How a customer without email got the answer.",
    )
    complaint_communicated_at = fields.Datetime("Answered at", readonly=True, copy=False, index="btree_not_null")
    # the end
    complaint_withdrawal = fields.Char(
        "How it was withdrawn", copy=False, tracking=True, help="When and by what words the customer withdrew."
    )
    complaint_closed_at = fields.Datetime("Closed at", readonly=True, copy=False, index="btree_not_null")
    complaint_reopen_reason = fields.Text("Reason to reopen", copy=False, tracking=True)
    complaint_reopen_count = fields.Integer("Reopened", readonly=True, copy=False)

    _complaint_has_state = models.Constraint(
        "CHECK((is_complaint IS TRUE) = (complaint_state IS NOT NULL))",
        "A complaint has a state, and a plain ticket has none.",
    )
    _complaint_number_uniq = models.UniqueIndex(
        "(company_id, number) WHERE is_complaint IS TRUE", "Each complaint of a company has a number of its own."
    )
    # Board and lists of open complaints; the words are those that the ORM writes, or PostgreSQL passes them by.
    _complaint_board_idx = models.Index(
        "(complaint_state, priority DESC, complaint_received_at) WHERE is_complaint IS TRUE"
    )
    _complaint_sender_idx = models.Index("(partner_email, create_date) WHERE is_complaint IS TRUE")
    _complaint_register_idx = models.Index("(complaint_received_at DESC, id DESC) WHERE is_complaint IS TRUE")

    # -- what people see ---------------------------------------------------

    @api.model
    def _get_complaint_langs(self):
        return self.env["res.lang"].get_installed()

    @api.model
    def _group_expand_complaint_state(self, states, domain):
        """The board shows every state of the way, the ended ones only where there is something in them."""
        return [
            state for state in self._fields["complaint_state"].get_values(self.env) if state in (*OPEN_STATES, *states)
        ]

    @api.depends("complaint_received_at", "complaint_closed_at")
    @api.depends_context("lang")
    def _compute_complaint_waiting(self):
        now = fields.Datetime.now()
        for ticket in self:
            if not ticket.complaint_received_at:
                ticket.complaint_waiting = False
                continue
            span = self._format_span((ticket.complaint_closed_at or now) - ticket.complaint_received_at)
            ticket.complaint_waiting = (
                self.env._("took %(span)s", span=span)
                if ticket.complaint_closed_at
                else self.env._("waits %(span)s", span=span)
            )

    def _format_span(self, span):
        minutes = max(int(span.total_seconds() // 60), 0)
        if minutes < 60:
            return self.env._("%(number)s min", number=minutes)
        if minutes < 24 * 60:
            return self.env._("%(number)s h", number=minutes // 60)
        return self.env._("%(number)s d", number=minutes // (24 * 60))

    @api.depends("complaint_is_anonymous", "partner_name", "partner_id", "partner_email")
    @api.depends_context("lang")
    def _compute_complaint_customer(self):
        for ticket in self:
            ticket.complaint_customer = (
                self.env._("Anonymous")
                if ticket.complaint_is_anonymous
                else ticket.partner_name or ticket.partner_id.name or ticket.partner_email or self.env._("Unknown")
            )

    @api.depends("complaint_is_safety")
    def _compute_complaint_highlight(self):
        for ticket in self:
            ticket.complaint_highlight = 1 if ticket.complaint_is_safety else 0

    @api.depends("commercial_partner_id")
    def _compute_complaint_same_customer_count(self):
        counts = dict(
            self._read_group(
                [("is_complaint", "=", True), ("commercial_partner_id", "in", self.commercial_partner_id.ids)],
                ["commercial_partner_id"],
                ["__count"],
            )
        )
        for ticket in self:
            ticket.complaint_same_customer_count = counts.get(ticket.commercial_partner_id, 0)

    def action_open_same_customer(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sqms_complaint.helpdesk_ticket_action_complaint")
        return {
            **action,
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("is_complaint", "=", True),
                ("commercial_partner_id", "=", self.commercial_partner_id.id),
            ],
            "context": {"default_is_complaint": True, "default_partner_id": self.partner_id.id},
        }

    def get_formview_id(self, access_uid=None):
        """Wherever a complaint is opened from, it opens in its own form."""
        if self[:1].is_complaint:
            return self.env.ref("sqms_complaint.helpdesk_ticket_view_form_complaint").id
        return super().get_formview_id(access_uid=access_uid)

    def action_open_complaint(self):
        """The complaint in its own form."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("sqms_complaint.helpdesk_ticket_view_form_complaint").id, "form")],
        }
