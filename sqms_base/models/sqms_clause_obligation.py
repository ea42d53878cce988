from odoo import api, fields, models
from odoo.fields import Domain

from .sqms_obligation import COMPLIANCE

OURS = ("applicability", "exclusion_reason", "owner_id", "date_next_review")


class SqmsClauseObligation(models.Model):
    """What the company at hand makes of a clause, shown and edited on the clause itself.

    Without an obligation the clause applies, and nobody has looked at it yet. Writing makes one, with the rights of
    who writes.
    """

    _inherit = "sqms.clause"

    obligation_ids = fields.One2many("sqms.obligation", "clause_id", string="Obligations")
    obligation_id = fields.Many2one("sqms.obligation", compute="_compute_obligation_id")
    evaluation_ids = fields.Many2many(
        "sqms.obligation.evaluation", string="Evaluations", compute="_compute_evaluation_ids"
    )
    applicability = fields.Selection(
        [("applicable", "Applicable"), ("excluded", "Excluded")],
        compute="_compute_applicability", inverse="_inverse_obligation", search="_search_applicability",
    )  # fmt: skip
    exclusion_reason = fields.Text(
        string="Justification", compute="_compute_exclusion_reason", inverse="_inverse_obligation",
        search="_search_exclusion_reason",
    )  # fmt: skip
    owner_id = fields.Many2one(
        "res.users", domain=[("share", "=", False)],
        compute="_compute_owner_id", inverse="_inverse_obligation", search="_search_owner_id",
    )  # fmt: skip
    date_next_review = fields.Date(
        string="Next Review", compute="_compute_date_next_review", inverse="_inverse_obligation",
        search="_search_date_next_review",
    )  # fmt: skip
    compliance = fields.Selection(COMPLIANCE, compute="_compute_compliance", search="_search_compliance")

    # -- computed: one query each, whatever the number of clauses -------------------------

    def _our_obligations(self):
        """{clause id: obligation of the company at hand}"""
        found = self.env["sqms.obligation"].sudo().search(
            [("clause_id", "in", self._origin.ids), ("company_id", "=", self.env.company.id)]
        )  # fmt: skip
        return {obligation.clause_id.id: obligation for obligation in found}

    def _show_ours(self, name, otherwise=False):
        ours = self._our_obligations()
        for clause in self:
            obligation = ours.get(clause._origin.id)
            clause[name] = obligation[name] if obligation else otherwise

    @api.depends("obligation_ids.company_id")
    @api.depends_context("company")
    def _compute_obligation_id(self):
        ours = self._our_obligations()
        for clause in self:
            clause.obligation_id = ours.get(clause._origin.id, False)

    @api.depends("obligation_ids.evaluation_ids")
    @api.depends_context("company", "uid")
    def _compute_evaluation_ids(self):
        ours = self._our_obligations()
        for clause in self:
            obligation = ours.get(clause._origin.id)
            clause.evaluation_ids = obligation.with_env(self.env).evaluation_ids if obligation else False

    @api.depends("obligation_ids.applicability")
    @api.depends_context("company")
    def _compute_applicability(self):
        self._show_ours("applicability", "applicable")

    @api.depends("obligation_ids.exclusion_reason")
    @api.depends_context("company")
    def _compute_exclusion_reason(self):
        self._show_ours("exclusion_reason")

    @api.depends("obligation_ids.owner_id")
    @api.depends_context("company")
    def _compute_owner_id(self):
        self._show_ours("owner_id")

    @api.depends("obligation_ids.date_next_review")
    @api.depends_context("company")
    def _compute_date_next_review(self):
        self._show_ours("date_next_review")

    @api.depends("obligation_ids.compliance")
    @api.depends_context("company")
    def _compute_compliance(self):
        self._show_ours("compliance", "not_evaluated")

    # -- searched ------------------------------------------------------------

    def _search_ours(self, name, operator, value, otherwise=False):
        ours = Domain("company_id", "=", self.env.company.id)
        if operator == "in":
            found = Domain("obligation_ids", "any!", ours & Domain(name, "in", list(value)))
            without = ~Domain("obligation_ids", "any!", ours)
            return found | without if otherwise in value else found
        if operator.startswith("not") or operator == "!=":
            return NotImplemented
        return Domain("obligation_ids", "any!", ours & Domain(name, operator, value))

    def _search_applicability(self, operator, value):
        return self._search_ours("applicability", operator, value, "applicable")

    def _search_exclusion_reason(self, operator, value):
        return self._search_ours("exclusion_reason", operator, value)

    def _search_owner_id(self, operator, value):
        return self._search_ours("owner_id", operator, value)

    def _search_date_next_review(self, operator, value):
        return self._search_ours("date_next_review", operator, value)

    def _search_compliance(self, operator, value):
        return self._search_ours("compliance", operator, value, "not_evaluated")

    # -- written ------------------------------------------------------------

    def _inverse_obligation(self):
        """Make or change the obligation of the company at hand; what is alike is written together."""
        Obligation = self.env["sqms.obligation"]
        ours, new, alike = self._our_obligations(), [], {}
        for clause in self:
            wanted = {name: clause._fields[name].convert_to_write(clause[name], clause) for name in OURS}
            obligation = ours.get(clause.id)
            if not obligation:
                if wanted != {**dict.fromkeys(OURS, False), "applicability": "applicable"}:
                    new.append({**wanted, "clause_id": clause.id, "company_id": self.env.company.id})
                continue
            changed = {
                name: value
                for name, value in wanted.items()
                if value != obligation._fields[name].convert_to_write(obligation[name], obligation)
            }
            if changed:
                alike.setdefault(repr(sorted(changed.items())), (changed, []))[1].append(obligation.id)
        for changed, ids in alike.values():
            Obligation.browse(ids).write(changed)
        Obligation.create(new)

    # -- evaluated ------------------------------------------------------------

    def action_evaluate(self):
        """The dialog of an evaluation; the obligation is made where there is none yet."""
        self.ensure_one()
        if not self.obligation_id:
            self.env["sqms.obligation"].create({"clause_id": self.id, "company_id": self.env.company.id})
        return self.obligation_id.with_env(self.env).action_evaluate()

    def action_open_obligation(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sqms.obligation",
            "res_id": self.obligation_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
