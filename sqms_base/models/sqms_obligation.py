from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

COMPLIANCE = [
    ("not_evaluated", "Not Evaluated"),
    ("compliant", "Compliant"),
    ("partly", "Partly Compliant"),
    ("not_compliant", "Not Compliant"),
]
FILLED_IN = ("compliance", "evaluation_date", "reminded_for", "is_relevant", "standard_id")


class SqmsObligation(models.Model):
    """What a company makes of a clause: does it apply, who answers for it, is it met, when is it looked at again.

    1. One per clause and company. Without a row the clause applies, and nobody has looked at it yet.
    2. Nobody excludes a clause without justification. An exclusion covers the clauses that are part of it, with the
       same justification; so does taking it back.
    3. Whether it is met is what the last evaluation says, and nobody writes it by hand.
    4. It is relevant while it applies, its clause and standard are in use, and the company is of the sector.
    """

    _name = "sqms.obligation"
    _description = "Obligation"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "company_id, standard_id, number_key, id"
    _rec_names_search = ["clause_id.number", "clause_id.name"]
    _check_company_auto = True

    clause_id = fields.Many2one("sqms.clause", required=True, index=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="restrict", default=lambda self: self.env.company
    )
    standard_id = fields.Many2one(related="clause_id.standard_id", store=True, precompute=True, index=True,
                                  ondelete="restrict")  # fmt: skip
    number_key = fields.Char(related="clause_id.number_key", store=True, precompute=True)
    clause_name = fields.Char(related="clause_id.name", string="Clause Name")
    duty = fields.Text(related="clause_id.duty")
    deadline_label = fields.Char(related="clause_id.deadline_label")
    kind = fields.Selection(related="standard_id.kind", store=True, precompute=True)
    verification_state = fields.Selection(related="clause_id.verification_state")

    # what the company makes of it
    applicability = fields.Selection(
        [("applicable", "Applicable"), ("excluded", "Excluded")],
        required=True, default="applicable", index=True, tracking=True,
    )  # fmt: skip
    exclusion_reason = fields.Text(
        string="Justification", tracking=True,
        help="Why the clause cannot apply to this company, and why leaving it out does no harm.",
    )  # fmt: skip
    owner_id = fields.Many2one(
        "res.users", domain=[("share", "=", False)], check_company=True, index="btree_not_null", ondelete="restrict",
        tracking=True, help="Answers for the obligation and is told when it is to be looked at again.",
    )  # fmt: skip
    date_next_review = fields.Date(string="Next Review", index="btree_not_null", tracking=True)
    is_relevant = fields.Boolean(compute="_compute_is_relevant", store=True, precompute=True, index=True)
    is_overdue = fields.Boolean(string="Review Overdue", compute="_compute_is_overdue", search="_search_is_overdue")
    reminded_for = fields.Date(
        readonly=True, copy=False, help="The date of the review that the owner has been told of."
    )

    # whether it is met
    compliance = fields.Selection(COMPLIANCE, compute="_compute_compliance", store=True, index=True, tracking=True)
    evaluation_date = fields.Datetime(
        string="Evaluated On", compute="_compute_compliance", store=True, index="btree_not_null"
    )
    evaluation_ids = fields.One2many("sqms.obligation.evaluation", "obligation_id", string="Evaluations")

    _one_per_company = models.UniqueIndex(
        "(clause_id, company_id)", "The company has an obligation for this clause already."
    )
    _excluded_with_reason = models.Constraint(
        "CHECK(applicability != 'excluded' OR COALESCE(trim(exclusion_reason), '') != '')",
        "Please justify the exclusion: why can the clause not apply?",
    )
    _review_due_idx = models.Index("(company_id, date_next_review) WHERE is_relevant IS TRUE")

    _ledger_fields = (
        "clause_id", "company_id", "applicability", "exclusion_reason", "owner_id", "date_next_review", "compliance",
    )  # fmt: skip

    # -- computes ------------------------------------------------------------

    @api.depends("clause_id.standard_id.code", "clause_id.number")
    def _compute_display_name(self):
        for obligation in self:
            obligation.display_name = obligation.clause_id.display_name

    @api.depends(lambda self: (
        "applicability", "clause_id.active", "clause_id.standard_id.active", "clause_id.standard_id.sector",
        *(f"company_id.sqms_sector_{key}" for key, _label in self.env["sqms.standard"]._fields["sector"].selection),
    ))  # fmt: skip
    def _compute_is_relevant(self):
        chosen = {company.id: {False, *company._sqms_sectors()} for company in self.sudo().company_id}
        for obligation in self.sudo():
            clause, standard = obligation.clause_id, obligation.clause_id.standard_id
            obligation.is_relevant = (
                obligation.applicability == "applicable"
                and clause.active
                and standard.active
                and standard.sector in chosen.get(obligation.company_id.id, ())
            )

    @api.depends("evaluation_ids")
    def _compute_compliance(self):
        last = {}
        rows = (
            self.env["sqms.obligation.evaluation"]
            .sudo()
            .search_fetch([("obligation_id", "in", self.ids)], ["obligation_id", "result", "date"], order="id")
        )
        for evaluation in rows:
            last[evaluation.obligation_id.id] = evaluation
        for obligation in self:
            evaluation = last.get(obligation._origin.id)
            obligation.compliance = evaluation.result if evaluation else "not_evaluated"
            obligation.evaluation_date = evaluation.date if evaluation else False

    @api.depends("date_next_review", "is_relevant")
    def _compute_is_overdue(self):
        today = self._today_of(self.sudo().company_id)
        for obligation in self:
            due = obligation.date_next_review
            obligation.is_overdue = bool(
                obligation.is_relevant and due and due < today.get(obligation.company_id.id, due)
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = self._domain_review_due(timedelta(days=-1))
        if set(value) >= {True, False}:
            return Domain.TRUE
        return overdue if True in value else ~overdue

    @api.model
    def _today_of(self, companies):
        """{company id: the day it is there}"""
        now = fields.Datetime.now()
        return {
            company.id: fields.Datetime.context_timestamp(self.with_context(tz=company._sqms_tz()), now).date()
            for company in companies
        }

    @api.model
    def _domain_review_due(self, ahead=timedelta()):
        """The relevant obligations whose review is due on the day it is in their company."""
        by_day = {}
        watched = self.sudo()._read_group([("date_next_review", "!=", False)], ["company_id"])
        companies = self.env["res.company"].union(*(company for (company,) in watched))
        for company_id, day in self._today_of(companies).items():
            by_day.setdefault(day, []).append(company_id)
        due = Domain.OR(
            Domain("company_id", "in", companies) & Domain("date_next_review", "<=", day + ahead)
            for day, companies in by_day.items()
        )
        return Domain("is_relevant", "=", True) & due

    # -- ORM: what the system fills in ------------------------------------------------

    @api.model
    def default_get(self, fields):
        """No default of a client stands for what the system fills in."""
        return super().default_get([name for name in fields if name not in FILLED_IN])

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_filled_in(name for name in vals if vals[name])
        return super().create(vals_list)

    def _create(self, data_list):
        # Defaults of the context are among the values only here.
        for data in data_list:
            self._check_reason(data["stored"].get("applicability"), data["stored"].get("exclusion_reason"))
        return super()._create(data_list)

    def write(self, vals):
        self._refuse_filled_in(vals)
        self._refuse_moving(vals)
        if "applicability" in vals or "exclusion_reason" in vals:
            for obligation in self:
                self._check_reason(
                    vals.get("applicability", obligation.applicability),
                    vals.get("exclusion_reason", obligation.exclusion_reason),
                )
        if vals.get("applicability") == "applicable":
            vals = {**vals, "exclusion_reason": False}
        return super().write(vals)

    def _fill_in(self, vals):
        """What the system itself writes, past the guard that refuses it to everybody else."""
        # pylint: disable=missing-return,super-method-mismatch
        super().write(vals)

    def _refuse_filled_in(self, names):
        closed = sorted(set(FILLED_IN).intersection(names))
        if closed:
            raise UserError(
                self.env._(
                    "“%(field)s” of an obligation is filled in by the system and cannot be written.",
                    field=self._fields[closed[0]]._description_string(self.env),
                )
            )

    def _refuse_moving(self, vals):
        """What was evaluated was evaluated for this clause and this company."""
        for obligation in self.filtered("evaluation_ids"):
            if any(name in vals and obligation[name].id != vals[name] for name in ("clause_id", "company_id")):
                raise UserError(
                    self.env._(
                        "%s has been evaluated: its clause and company can no longer be changed.",
                        obligation.display_name,
                    )
                )

    def _check_reason(self, applicability, reason):
        if applicability == "excluded" and not (reason or "").strip():
            raise ValidationError(
                self.env._("Please justify the exclusion: why can the clause not apply, and why does that do no harm?")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evaluated(self):
        for obligation in self:
            if obligation.evaluation_ids:
                raise UserError(
                    self.env._("%s has been evaluated and is kept: it cannot be deleted.", obligation.display_name)
                )

    # -- actions ------------------------------------------------------------

    def action_evaluate(self):
        """The dialog of an evaluation."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Evaluate %s", self.display_name),
            "res_model": "sqms.obligation.evaluation",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_obligation_id": self.id},
        }

    def action_open_clause(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sqms.clause",
            "res_id": self.clause_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
