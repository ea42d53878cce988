from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import LazyTranslate, format_amount

from ..lib.transition import Transition
from .sqms_quality_cost_type import CATEGORIES

_lt = LazyTranslate(__name__)

OFFICER = "sqms_base.group_sqms_officer"
MANAGER = "sqms_base.group_sqms_manager"
TOP = "sqms_base.group_sqms_top"
# What counts: a row that was taken back counts together with the row that takes it back.
BOOKED = ("posted", "reversed")


class SqmsQualityCost(models.Model):
    """What quality costs, and what the lack of it costs (prevention, appraisal, internal and external failure).

    1. A cost counts once it is booked. Above the amount that the company has laid down somebody else approves it
       than those who wrote it.
    2. A booked cost is closed. A mistake is put right by a second row that takes it back, with the reason, made by
       somebody else than who booked it.
    3. The amount in the currency of the company is that of the day of the cost; later rates change nothing of it.
    4. Nothing is spent in the future.
    """

    _name = "sqms.quality.cost"
    _description = "Quality Cost"
    _inherit = ["sqms.author.mixin", "sqms.workflow.mixin", "mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="What For", required=True, tracking=True)
    type_id = fields.Many2one(
        "sqms.quality.cost.type", string="Kind", check_company=True, index="btree_not_null", ondelete="restrict",
        tracking=True,
    )  # fmt: skip
    category = fields.Selection(
        CATEGORIES, required=True, index=True, compute="_compute_category", store=True, readonly=False, precompute=True,
        tracking=True, help="Prevention and appraisal keep mistakes away; failure is what mistakes cost, before "
        "(internal) or after (external) the customer noticed.",
    )  # fmt: skip
    amount = fields.Monetary(required=True, tracking=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, ondelete="restrict",
        tracking=True,
    )  # fmt: skip
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency of the Company")
    amount_company = fields.Monetary(
        string="In Company Currency", currency_field="company_currency_id", compute="_compute_amount_company",
        store=True, precompute=True, help="At the rate of the day of the cost.",
    )  # fmt: skip
    date = fields.Date(
        required=True, default=lambda self: self.env.company._sqms_today(), tracking=True, help="The day it was spent."
    )
    note = fields.Text()
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    # what it was spent on
    process_id = fields.Many2one("sqms.process", check_company=True, index="btree_not_null", ondelete="restrict")
    nonconformity_id = fields.Many2one(
        "sqms.nonconformity", check_company=True, index="btree_not_null", ondelete="restrict"
    )
    res_model = fields.Char(string="Kind of Source", readonly=True, copy=False)
    res_id = fields.Many2oneReference(string="Source", model_field="res_model", readonly=True, copy=False)
    source_name = fields.Char(string="Origin", compute="_compute_source_name")
    # how it came to count
    state = fields.Selection(
        [("draft", "Draft"), ("to_approve", "To Approve"), ("posted", "Booked"), ("reversed", "Taken Back")],
        required=True, default="draft", readonly=True, copy=False, tracking=True, index=True,
    )  # fmt: skip
    is_automatic = fields.Boolean(
        string="Booked by the System", readonly=True, copy=False, help="It came from the record that it was spent on."
    )
    posted_at = fields.Datetime(string="Booked On", readonly=True, copy=False)
    posted_by_id = fields.Many2one("res.users", string="Booked By", readonly=True, copy=False, ondelete="restrict")
    reversal_reason = fields.Text(string="Why It Is Taken Back", copy=False)
    reversal_of_id = fields.Many2one(
        "sqms.quality.cost", string="Takes Back", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )

    _amount_sign = models.Constraint(
        "CHECK(amount > 0 OR reversal_of_id IS NOT NULL)", "A cost is more than nothing. To correct one, take it back."
    )
    _reversal_once = models.UniqueIndex(
        "(reversal_of_id) WHERE reversal_of_id IS NOT NULL", "This cost was taken back already."
    )
    # What the system books stands once for each record, category and name, unless it was taken back.
    _automatic_once = models.UniqueIndex(
        "(res_model, res_id, category, name) WHERE is_automatic IS TRUE AND state = 'posted'"
        " AND reversal_of_id IS NULL",
        "This cost of the record is booked already.",
    )
    _source_idx = models.Index("(res_model, res_id)")
    _totals_idx = models.Index("(company_id, date, category) WHERE state IN ('posted', 'reversed')")

    _ledger_fields = (
        "name", "type_id", "category", "amount", "currency_id", "amount_company", "date", "note", "company_id",
        "process_id", "nonconformity_id", "res_model", "res_id", "state", "is_automatic", "posted_at", "posted_by_id",
        "reversal_reason", "reversal_of_id", "author_id", "contributor_ids",
    )  # fmt: skip
    _signature_fields = (
        "name", "type_id", "category", "amount", "currency_id", "date", "process_id", "nonconformity_id"
    )  # fmt: skip
    _workflow_managed = ("contributor_ids", "is_automatic", "posted_at", "posted_by_id", "reversal_of_id")
    _workflow_fixed = ("author_id", "company_id", "res_model", "res_id")
    _workflow_locked = {"to_approve": (), "posted": ("reversal_reason",), "reversed": ()}
    _workflow = (
        Transition(
            name="post", label=_lt("Book"), source=("draft",), target="posted",
            groups=OFFICER,
        ),
        Transition(
            name="submit", label=_lt("Submit for Approval"), source=("draft",), target="to_approve",
            groups=OFFICER,
        ),
        Transition(
            name="approve", label=_lt("Approve"), source=("to_approve",), target="posted",
            groups=f"{MANAGER},{TOP}",
        ),
        Transition(
            name="return", label=_lt("Return"), source=("to_approve",), target="draft",
            groups=f"{OFFICER},{TOP}", rare=True,
        ),
        Transition(
            name="reverse", label=_lt("Take Back"), source=("posted",), target="reversed",
            groups=f"{OFFICER},{TOP}", required=("reversal_reason",),
            rare=True,
        ),
        # What the system books, and takes back, with the record that it was spent on.
        Transition(
            name="book", label=_lt("Book"), source=("draft",), target="posted",
            system=True,
        ),
        Transition(
            name="withdraw", label=_lt("Take Back"), source=("posted",), target="reversed",
            system=True,
        ),
    )  # fmt: skip

    # -- computes ----------------------------------------------------------------

    @api.depends("type_id")
    def _compute_category(self):
        for cost in self:
            cost.category = cost.type_id.category or cost.category

    @api.depends("amount", "currency_id", "date", "company_id", "reversal_of_id")
    def _compute_amount_company(self):
        for cost in self:
            company = cost.company_id or self.env.company
            if cost.reversal_of_id:
                cost.amount_company = -cost.reversal_of_id.amount_company
            elif cost.currency_id and cost.date:
                cost.amount_company = cost.currency_id._convert(
                    cost.amount, company.currency_id, company, cost.date, round=True
                )
            else:
                cost.amount_company = cost.amount

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_source_name(self):
        """The record, as far as the reader may read it."""
        names = {}
        for model, costs in self.filtered("res_id").grouped("res_model").items():
            if model in self.env and self.env[model].has_access("read"):
                records = self.env[model].browse(costs.mapped("res_id")).exists()._filtered_access("read")
                names.update({(model, record.id): record.display_name for record in records})
        for cost in self:
            cost.source_name = names.get((cost.res_model, cost.res_id), False)

    # -- rules -------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """What it comes to in the currency of the company is reckoned, not given."""
        return {name: value for name, value in super().default_get(fields).items() if name != "amount_company"}

    @api.model_create_multi
    def create(self, vals_list):
        companies = self.env["res.company"].sudo()
        rows = [{name: value for name, value in vals.items() if name != "amount_company"} for vals in vals_list]
        for row in rows:
            # Today is a day of the company that it was spent in.
            if row.get("company_id") and "date" not in row and not self.env.context.get("default_date"):
                row["date"] = companies.browse(row["company_id"])._sqms_today()
        costs = super().create(rows)
        if not self.env.su:
            costs._check_source()
        return costs

    def _check_source(self):
        """What a person names as the reason of a cost he may read, and it is of the same company."""
        for cost in self.filtered(lambda cost: cost.res_model or cost.res_id):
            model = self.env.get(cost.res_model)
            if model is None or model._abstract or model._transient or not model.browse(cost.res_id).exists():
                raise UserError(self.env._("The record that %s was spent on does not exist.", cost.name))
            record = model.browse(cost.res_id)
            record.check_access("read")
            company = record.sudo().company_id if "company_id" in record._fields else cost.company_id
            if company and company != cost.company_id:
                raise UserError(self.env._("%s belongs to another company.", record.display_name))

    @api.constrains("type_id", "category")
    def _check_category(self):
        for cost in self:
            if cost.type_id and cost.type_id.category != cost.category:
                raise ValidationError(
                    self.env._("“%(kind)s” is no cost of this category.", kind=cost.type_id.display_name)
                )

    @api.constrains("date")
    def _check_date(self):
        for cost in self:
            if cost.date > cost.company_id._sqms_today():
                raise ValidationError(self.env._("“%s” is dated in the future; nothing is spent there.", cost.name))

    # -- steps -------------------------------------------------------------------

    def _above_limit(self):
        """Those that somebody else has to approve."""
        return self.filtered(
            lambda cost: 0 < cost.company_id.sudo().sqms_cost_limit < cost.amount_company
        )  # fmt: skip

    def _offers_post(self):
        return not self._above_limit()

    def _offers_submit(self):
        return bool(self._above_limit())

    def _offers_approve(self):
        return not self._writers() & self._workflow_people()

    def _check_post(self):
        return {
            cost.id: self.env._(
                "above %(limit)s somebody else approves it; please use “Submit for Approval”",
                limit=format_amount(self.env, cost.company_id.sudo().sqms_cost_limit, cost.company_currency_id),
            )
            for cost in self._above_limit()
        }

    def _check_approve(self):
        return {
            cost.id: self.env._("you wrote it, another person approves it")
            for cost in self
            if cost._writers() & self._workflow_people()
        }

    def _check_reverse(self):
        """By another person, once, and not what a record has booked by itself."""
        reasons = {}
        for cost in self:
            if cost.reversal_of_id:
                reasons[cost.id] = self.env._("it takes back another one; please book what is right anew")
            elif cost.is_automatic and cost.res_model:
                reasons[cost.id] = self.env._("it came from its record and is taken back there")
            elif (cost._writers() | cost.posted_by_id) & self._workflow_people():
                reasons[cost.id] = self.env._("you booked it, another person takes it back")
        return reasons

    def _booking_values(self, **more):
        values = {"posted_at": fields.Datetime.now(), "posted_by_id": self.env.uid, **more}
        return {cost.id: dict(values) for cost in self}

    def _prepare_post_values(self):
        return self._booking_values()

    def _prepare_approve_values(self):
        return self._booking_values()

    def _prepare_book_values(self):
        return self._booking_values(is_automatic=True)

    def _on_reverse(self):
        self._book_reversals()

    def _on_withdraw(self):
        self._book_reversals()

    # -- what people see ---------------------------------------------------------

    def action_open_source(self):
        """The record that it was spent on."""
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id).exists() if self.res_model in self.env else None
        if not record:
            raise UserError(self.env._("The record that this was spent on does not exist any more."))
        record.check_access("read")
        return record._get_records_action()
