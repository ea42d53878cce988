from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..lib.transition import Transition
from .sqms_legal_hold import PRIVACY

_lt = LazyTranslate(__name__)


class SqmsRetentionRule(models.Model):
    """How long one kind of record is kept with what it says of a person.

    1. A rule counts only once a person has compared it with its source: what nobody has verified erases nothing.
    2. Of several rules that fit a record the longest period holds: every duty to keep is obeyed.
    3. When the time is over the identity goes and the figures stay, by the same code as on a person's request.
    4. What a legal hold needs, and what is still open, stays beyond its day.
    """

    _name = "sqms.retention.rule"
    _description = "Retention Rule"
    _inherit = ["sqms.filter.mixin", "sqms.verified.mixin", "mail.thread"]
    _order = "res_model, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, ondelete="restrict", help="Empty: for all companies.")
    res_model = fields.Selection("_get_kinds", string="Kind of Record", required=True, index=True)
    domain = fields.Char(string="Condition", default="[]", required=True, export_string_translation=False)
    period_number = fields.Integer(string="Kept For", required=True, default=3)
    period_unit = fields.Selection(
        [("year", "Years"), ("month", "Months"), ("day", "Days")], required=True, default="year"
    )
    event = fields.Char(string="Counted From", compute="_compute_event")
    words = fields.Selection(
        [("clean", "Keep, Without Names, Addresses and Numbers"), ("replace", "Replace Whole")],
        string="The Person's Own Words", required=True, default="replace",
    )  # fmt: skip
    legal_basis = fields.Text(required=True, translate=True, help="Why so long, and why no longer.")
    clause_ids = fields.Many2many("sqms.clause", "sqms_retention_rule_clause_rel", string="Laws")
    due_count = fields.Integer(string="Due in 30 Days", compute="_compute_due_count")

    _period_positive = models.Constraint("CHECK(period_number > 0)", "A record is kept for some time.")

    _vouched_fields = ("res_model", "domain", "period_number", "period_unit", "legal_basis", "company_id")
    _workflow_locked = {}
    _workflow = (
        Transition(
            name="verify", label=_lt("Verified"), source=("to_verify",), target="verified", groups=PRIVACY,
        ),
        Transition(
            name="doubt", label=_lt("Verify Again"), source=("verified",), target="to_verify", groups=PRIVACY,
            rare=True,
        ),
        Transition(
            name="changed", label=_lt("Changed"), source=("verified",), target="to_verify", system=True,
        ),
    )  # fmt: skip
    _ledger_fields = (
        "name", "active", "company_id", "res_model", "domain", "period_number", "period_unit", "words", "legal_basis",
        "verification_state", "verified_by_id", "verified_at",
    )  # fmt: skip
    _privacy_fields = dict.fromkeys(("name", "domain", "legal_basis"), "keep")

    @api.model
    def _get_kinds(self):
        models_ = self.env["ir.model"].sudo()
        names = sorted(name for name, model in self.env.registry.items() if getattr(model, "_retention", None))
        return [(name, models_._get(name).name or name) for name in names]

    @api.depends("res_model")
    @api.depends_context("lang")
    def _compute_event(self):
        for rule in self:
            rule.event = False
            if rule.res_model in self.env:
                model = self.env[rule.res_model]
                rule.event = model._fields[model._retention.event]._description_string(self.env)

    def _compute_due_count(self):
        for rule in self:
            rule.due_count = 0
        for name, rules in self.grouped("res_model").items():
            if name in self.env:
                count = self.env["sqms.retention"]._due_count(name)
                rules.due_count = count

    def _refuse(self, reason):
        raise ValidationError(self.env._("%(rule)s: %(reason)s.", rule=self.name or "", reason=reason))

    @api.constrains("domain", "res_model")
    def _check_domain(self):
        for rule in self:
            rule._parsed()

    def _parsed(self):
        """The condition, of the fields that the model has declared for it."""
        model = self.env[self.res_model]
        source = {"filters": model._retention.filters}
        return Domain(list(model._retention.domain)) & self._parse(model, source, self.domain)

    # -- a changed rule changes the dates ----------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        before = set(self.mapped("res_model"))
        counted = {*self._vouched_fields, "active", self._workflow_field}.intersection(vals)
        result = super().write(vals)
        if counted:
            self._recount(before | set(self.mapped("res_model")))
        return result

    def unlink(self):
        kinds = set(self.mapped("res_model"))
        result = super().unlink()
        self._recount(kinds)
        return result

    def _recount(self, kinds):
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)
        for name in sorted(kinds):
            if name in self.env:
                self.env["sqms.retention"].sudo()._set_dates(name)

    @api.model
    @tools.ormcache("name")
    def _rules_of(self, name):
        """Ids of the rules that count for a kind of record."""
        rules = self.sudo().search([("res_model", "=", name), ("verification_state", "=", "verified")])
        return tuple(rules.ids)

    def action_open_due(self):
        self.ensure_one()
        return self.env["sqms.retention"]._action_due(self.res_model)
