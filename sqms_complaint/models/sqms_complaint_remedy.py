from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import LazyTranslate, format_amount

from odoo.addons.sqms_base.lib.transition import Transition
from odoo.addons.sqms_base.lib.workflow_pass import workflow_import

from .helpdesk_ticket import AGENTS, OFFICERS

_lt = LazyTranslate(__name__)

MANAGERS = ("helpdesk_mgmt.group_helpdesk_manager", "sqms_base.group_sqms_manager")
KINDS = [
    ("refund", "Refund"),
    ("compensation", "Compensation"),
    ("goodwill", "Goodwill"),
    ("voucher", "Voucher"),
    ("repeat", "The Service Again"),
    ("repair", "Repair"),
    ("replacement", "Replacement"),
    ("information", "Information"),
    ("apology", "Apology"),
    ("other", "Something Else"),
]
IN_MONEY = ("refund", "compensation", "goodwill", "voucher")
# What the quality cost of it is booked on.
COST_TYPES = {
    "refund": "refund",
    "compensation": "compensation",
    "goodwill": "goodwill",
    "voucher": "goodwill",
    "repeat": "revisit",
    "repair": "revisit",
    "replacement": "revisit",
}
PROMISED = ("approved", "given")
ENDED = ("closed", "withdrawn", "merged")


class SqmsComplaintRemedy(models.Model):
    """What a customer gets because a complaint was right: money, the service again, an apology.

    1. Who proposes a remedy or writes in it does not approve it. What goes beyond what the customer claimed is
       approved by a manager, and what goes beyond a person's limit by somebody with a higher one; all remedies of the
       complaint count together, so that nothing is gained by splitting them.
    2. What was approved is closed. It is promised to the customer until a day. Once given, what it cost is booked as
       external failure, on the complaint and on the nonconformity that was raised from it.
    3. It is taken back with a reason, and the cost with it.
    4. Whoever may read the complaint reads its remedies, and whoever may write it writes them.
    """

    _name = "sqms.complaint.remedy"
    _description = "Remedy of a Complaint"
    _inherit = ["sqms.complaint.part.mixin", "sqms.author.mixin", "sqms.workflow.mixin", "sqms.number.mixin"]
    _order = "id"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _number_prefix = "REM"

    name = fields.Char("Remedy", required=True)
    ticket_id = fields.Many2one(
        "helpdesk.ticket", "Complaint", required=True, index=True, ondelete="restrict", check_company=True,
        domain=[("is_complaint", "=", True)],
    )  # fmt: skip
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(KINDS, required=True, default="refund")
    amount = fields.Monetary(help="What the customer gets, or what it costs to do the service again.")
    currency_id = fields.Many2one(
        "res.currency", required=True, ondelete="restrict", compute="_compute_currency_id", store=True, precompute=True,
        readonly=False,
    )  # fmt: skip
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("approved", "Approved"),
            ("given", "Given"),
            ("rejected", "Not Approved"),
            ("taken_back", "Taken Back"),
        ],
        required=True, default="proposed", readonly=True, copy=False, index=True,
    )  # fmt: skip
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    approved_at = fields.Datetime("Approved On", readonly=True, copy=False)
    given_at = fields.Datetime("Given On", readonly=True, copy=False)
    due_date = fields.Date(
        "Give By", copy=False, index="btree_not_null", help="Until when the customer has been promised it."
    )
    is_overdue = fields.Boolean("Late", compute="_compute_is_overdue", search="_search_is_overdue")
    amount_company = fields.Float(
        "Amount in Company Currency", digits=(16, 2), readonly=True, copy=False, aggregator="sum",
        help="At the rate of the day on which it was given. What figures add up.",
    )  # fmt: skip
    reason = fields.Char("Why Not", copy=False, help="Why it is not approved, or taken back.")
    cost_id = fields.Many2one(
        "sqms.quality.cost", "Quality Cost", readonly=True, copy=False, ondelete="restrict", index="btree_not_null"
    )

    _open_idx = models.Index("(due_date, id) WHERE state = 'approved'")
    _given_idx = models.Index("(company_id, given_at) WHERE state = 'given'")
    _amount_sign = models.Constraint("CHECK(amount >= 0)", "A remedy is no charge.")
    _amount_of_money = models.Constraint(
        "CHECK(amount > 0 OR kind NOT IN ('refund', 'compensation', 'goodwill', 'voucher'))",
        "Please say how much the customer gets.",
    )

    _ledger_fields = (
        "number", "name", "ticket_id", "company_id", "kind", "amount", "currency_id", "due_date", "state",
        "amount_company", "approved_by_id",
        "approved_at", "given_at", "reason", "cost_id", "author_id", "contributor_ids",
    )  # fmt: skip
    _ledger_personal_fields = ("name", "reason")
    _signature_fields = ("name", "ticket_id", "kind", "amount", "currency_id", "due_date")
    _workflow_initial = ("proposed",)
    _workflow_managed = ("contributor_ids", "approved_by_id", "approved_at", "given_at", "amount_company", "cost_id")
    _workflow_fixed = ("author_id", "ticket_id")
    _workflow_locked = {"approved": ("reason",), "given": ("reason",), "rejected": (), "taken_back": ()}
    _workflow = (
        Transition(
            name="approve", label=_lt("Approve"), source=("proposed",), target="approved",
            groups=AGENTS,
        ),
        Transition(
            name="give", label=_lt("Given"), source=("approved",), target="given",
            groups=AGENTS,
        ),
        Transition(
            name="reject", label=_lt("Do Not Approve"), source=("proposed", "approved"), target="rejected",
            groups=AGENTS, required=("reason",),
            rare=True,
        ),
        Transition(
            name="take_back", label=_lt("Take Back"), source=("given",), target="taken_back",
            groups=OFFICERS, required=("reason",), rare=True,
        ),
    )  # fmt: skip

    def _part_refusal(self):
        return self.env._("The remedies of a complaint are for those who may work on the complaint.")

    def _part_of_plain_ticket(self):
        return self.env._("Only complaints have remedies.")

    # -- computes ------------------------------------------------------------------

    @api.depends("number", "name")
    def _compute_display_name(self):
        for remedy in self:
            remedy.display_name = " ".join(filter(None, (remedy.number, remedy.name)))

    @api.depends("ticket_id")
    def _compute_currency_id(self):
        for remedy in self:
            remedy.currency_id = remedy.currency_id or (remedy.ticket_id.company_id or self.env.company).currency_id

    # -- rules ---------------------------------------------------------------------

    @api.depends("state", "due_date")
    def _compute_is_overdue(self):
        for remedy in self:
            today = (remedy.company_id or self.env.company)._sqms_today()
            remedy.is_overdue = bool(remedy.state == "approved" and remedy.due_date and remedy.due_date < today)

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain.FALSE
        for company in self.env.companies.sudo():
            late |= Domain("company_id", "=", company.id) & Domain("due_date", "<", company._sqms_today())
        late &= Domain("state", "=", "approved")
        return Domain.TRUE if set(value) == {True, False} else late if True in value else ~late

    @api.model_create_multi
    def create(self, vals_list):
        remedies = super().create(vals_list)
        for remedy in remedies.sudo():
            if not self.env.su and remedy.ticket_id.complaint_state in ENDED:
                raise UserError(self.env._("%s is closed. Please reopen it first.", remedy.ticket_id.display_name))
        return remedies

    def _closed_complaints(self):
        return {
            remedy.id: self.env._("the complaint is closed")
            for remedy in self
            if remedy.sudo().ticket_id.complaint_state in ENDED
        }

    def _offers_approve(self):
        return not self._check_approve()

    def _check_approve(self):
        """By another than who wrote it; beyond the claim by a manager; never beyond one's own limit."""
        reasons = self._closed_complaints()
        people = self._workflow_people()
        is_manager = any(person.has_group(group) for person in people for group in MANAGERS)
        beyond = self.browse() if is_manager else self._beyond_claim()
        above = self._above_limit(self._workflow_person(), is_manager)
        own = self.sudo().ticket_id._complaint_own_of(people)
        for remedy in self:
            if remedy.sudo().ticket_id in own:
                reasons[remedy.id] = self.env._("it is your own complaint, another person approves it")
            elif not is_manager and remedy.amount and remedy._lacks_rate():
                reasons[remedy.id] = self.env._("there is no rate for its currency: a manager approves it")
            elif remedy._writers() & people:
                reasons[remedy.id] = self.env._("you proposed it, another person approves it")
            elif remedy in beyond:
                reasons[remedy.id] = self.env._("it goes beyond what the customer claimed: a manager approves it")
            elif remedy.id in above:
                reasons[remedy.id] = above[remedy.id]
        return reasons

    def _lacks_rate(self):
        """Whether its amount cannot be compared with claim and limits: without a rate one of each would count alike."""
        company = self.sudo().ticket_id.company_id or self.env.company
        return self.currency_id != company.currency_id and not self.env["res.currency.rate"].sudo().search_count(
            [("currency_id", "=", self.currency_id.id), ("company_id", "in", (False, company.root_id.id))], limit=1
        )

    def _above_limit(self, person, is_manager):
        """`{remedy id: why not}`: with all that the complaint was promised it is more than this person may approve."""
        if self.env.su:
            return {}
        reasons, Limit = {}, self.env["sqms.remedy.limit"]
        promised = self._promised_with_these()
        for company, remedies in self.sudo().grouped(lambda remedy: remedy.company_id or self.env.company).items():
            limit = Limit._limit_of(person, company, is_manager)
            if limit is None:
                continue
            for remedy in remedies.filtered("amount"):
                total = promised[remedy.ticket_id]
                if company.currency_id.compare_amounts(total, limit) > 0:
                    reasons[remedy.id] = self.env._(
                        "with it the complaint has been granted %(total)s, and you may approve up to %(limit)s",
                        total=format_amount(self.env, total, company.currency_id),
                        limit=format_amount(self.env, limit, company.currency_id),
                    )
        return reasons

    def _promised_with_these(self):
        """`{complaint: what it has been granted with these}`, in the currency of its company."""
        totals = {}
        for ticket in self.sudo().ticket_id:
            company = ticket.company_id or self.env.company
            day = company._sqms_today()
            totals[ticket] = sum(
                remedy.currency_id._convert(remedy.amount, company.currency_id, company, day)
                for remedy in ticket.remedy_ids
                if remedy.state in PROMISED or remedy in self
            )
        return totals

    def _beyond_claim(self):
        """Remedies that take what the customer gets above what he claimed, with all that was promised already."""
        beyond = self.browse()
        for ticket, promised in self._promised_with_these().items():
            currency = (ticket.company_id or self.env.company).currency_id
            if currency.compare_amounts(promised, ticket.complaint_amount) > 0:
                beyond |= self.filtered(lambda remedy, ticket=ticket: remedy.ticket_id == ticket and remedy.amount)
        return beyond

    def _prepare_approve_values(self):
        values = {"approved_by_id": self.env.uid, "approved_at": fields.Datetime.now()}
        return {remedy.id: dict(values) for remedy in self}

    def _check_give(self):
        return self._closed_complaints()

    def _prepare_give_values(self):
        """What it costs is booked in the same step; what costs nothing is not."""
        now = fields.Datetime.now()
        values = {}
        for remedy in self:
            cost = remedy._book_cost()
            values[remedy.id] = {"given_at": now, "cost_id": cost.id, "amount_company": cost.sudo().amount_company}
        return values

    def _book_cost(self, day=None):
        self.ensure_one()
        costs = self.env["sqms.quality.cost"].sudo()
        if not self.amount:
            return costs
        remedy = self.sudo()
        kind = self.env.ref(f"sqms_base.sqms_quality_cost_type_{COST_TYPES.get(self.kind)}", raise_if_not_found=False)
        nonconformity = remedy.ticket_id._remedy_nonconformity()
        company = remedy.company_id or self.env.company
        return costs._record_cost(
            remedy.ticket_id,
            "external",
            self.amount,
            # Neither what happened nor who complained: more people read costs than complaints.
            name=f"{remedy.number} · {remedy.ticket_id.number}",
            currency_id=self.currency_id.id,
            company_id=company.id,
            date=day or company._sqms_today(),
            type_id=kind.id if kind and kind.category == "external" else False,
            nonconformity_id=nonconformity.id,
            process_id=nonconformity.process_id.id,
        )

    def _on_take_back(self):
        for remedy in self.sudo().filtered("cost_id"):
            self.env["sqms.quality.cost"]._take_back_cost(
                remedy.ticket_id,
                self.env._("The remedy %s was taken back.", remedy.number),
                category="external",
                name=remedy.cost_id.name,
            )

    def _take_over_given(self, given_at, approver_id):
        """Remedies that were given before they came into this database (migration, demo data)."""
        given_at = fields.Datetime.to_datetime(given_at)
        values = {"approved_by_id": approver_id, "approved_at": given_at, "given_at": given_at}
        with workflow_import(self, self.env._("Taken over")):
            for remedy in self:
                cost = remedy._book_cost(given_at.date())
                booked = {"cost_id": cost.id, "amount_company": cost.amount_company}
                remedy.write({**values, **booked, "state": "given"})

    # -- buttons of the list ---------------------------------------------------------

    def action_approve(self):
        return self.action_transition("approve")

    def action_give(self):
        return self.action_transition("give")
