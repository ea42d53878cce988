from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

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
    ("replacement", "Replacement"),
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
    "replacement": "revisit",
}
PROMISED = ("approved", "given")
ENDED = ("closed", "withdrawn")


class SqmsComplaintRemedy(models.Model):
    """What a customer gets because a complaint was right: money, the service again, an apology.

    1. Who proposes a remedy or writes in it does not approve it. What goes beyond what the customer claimed is
       approved by a manager; all remedies of the complaint count together.
    2. What was approved is closed. Once given, what it cost is booked as external failure, on the complaint and on
       the nonconformity that was raised from it.
    3. It is taken back with a reason, and the cost with it.
    4. Whoever may read the complaint reads its remedies, and whoever may write it writes them.
    """

    _name = "sqms.complaint.remedy"
    _description = "Remedy of a Complaint"
    _inherit = ["sqms.author.mixin", "sqms.workflow.mixin", "sqms.number.mixin"]
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
    reason = fields.Char("Why Not", copy=False, help="Why it is not approved, or taken back.")
    cost_id = fields.Many2one(
        "sqms.quality.cost", "Quality Cost", readonly=True, copy=False, ondelete="restrict", index="btree_not_null"
    )

    _amount_sign = models.Constraint("CHECK(amount >= 0)", "A remedy is no charge.")
    _amount_of_money = models.Constraint(
        "CHECK(amount > 0 OR kind NOT IN ('refund', 'compensation', 'goodwill', 'voucher'))",
        "Please say how much the customer gets.",
    )

    _ledger_fields = (
        "number", "name", "ticket_id", "company_id", "kind", "amount", "currency_id", "state", "approved_by_id",
        "approved_at", "given_at", "reason", "cost_id", "author_id", "contributor_ids",
    )  # fmt: skip
    _ledger_personal_fields = ("name", "reason")
    _signature_fields = ("name", "ticket_id", "kind", "amount", "currency_id")
    _workflow_initial = ("proposed",)
    _workflow_managed = ("contributor_ids", "approved_by_id", "approved_at", "given_at", "cost_id")
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

    # -- who reads and writes it ---------------------------------------------------

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
            if not tickets.has_access("read"):
                domain = Domain.FALSE
            else:
                domain = Domain(domain) & Domain("ticket_id", "in", tickets._search([("is_complaint", "=", True)]))
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        forbidden = result[0] if result else self.browse()
        rest = (self - forbidden).sudo()
        if self.env.su or not any(rest._ids):
            return result
        tickets = rest.ticket_id.sudo(False).with_context(active_test=False)
        allowed = tickets._filtered_access("read" if operation == "read" else "write")
        forbidden |= self.browse([remedy.id for remedy in rest if remedy.ticket_id.id not in allowed._ids])
        if not forbidden:
            return None
        return forbidden, lambda: AccessError(
            self.env._("The remedies of a complaint are for those who may work on the complaint.")
        )

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

    @api.model_create_multi
    def create(self, vals_list):
        remedies = super().create(vals_list)
        for remedy in remedies.sudo():
            if not remedy.ticket_id.is_complaint:
                raise UserError(self.env._("Only complaints have remedies."))
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
        """By another than who wrote it; beyond the claim by a manager."""
        reasons = self._closed_complaints()
        people = self._workflow_people()
        is_manager = any(person.has_group(group) for person in people for group in MANAGERS)
        beyond = self.browse() if is_manager else self._beyond_claim()
        for remedy in self:
            if remedy._writers() & people:
                reasons[remedy.id] = self.env._("you proposed it, another person approves it")
            elif remedy in beyond:
                reasons[remedy.id] = self.env._("it goes beyond what the customer claimed: a manager approves it")
        return reasons

    def _beyond_claim(self):
        """Remedies that take what the customer gets above what he claimed, with all that was promised already."""
        beyond = self.browse()
        for ticket in self.sudo().ticket_id:
            claimed, promised = ticket.complaint_amount, 0.0
            company = ticket.company_id or self.env.company
            for remedy in ticket.remedy_ids:
                if remedy.state in PROMISED or remedy in self:
                    day = company._sqms_today()
                    promised += remedy.currency_id._convert(remedy.amount, company.currency_id, company, day)
            if company.currency_id.compare_amounts(promised, claimed) > 0:
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
        return {remedy.id: {"given_at": now, "cost_id": remedy._book_cost().id} for remedy in self}

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
                remedy.write({**values, "state": "given", "cost_id": remedy._book_cost(given_at.date()).id})

    # -- buttons of the list ---------------------------------------------------------

    def action_approve(self):
        return self.action_transition("approve")

    def action_give(self):
        return self.action_transition("give")
