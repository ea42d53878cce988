import ast

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..lib.local_time import local_day

# What a rule says. From the day after it began it stays, so that the past can be asked.
CONTENT = ("model_id", "domain", "company_id", "date_from", "requirement_ids")


class SqmsEligibilityRule(models.Model):
    """Who may be given this ticket, audit, equipment, approval.

    1. A rule looks at the records of one model that match its domain, of one company or of all, and asks
       something of the person they are given to. All rules that look at a record hold together.
    2. It is in force from one day to another, both included. Archiving ends it.
    3. Once in force for a day it is not rewritten: a change is a new rule from today on. So the question
       who was eligible on a past day has an answer.
    """

    _name = "sqms.eligibility.rule"
    _description = "Eligibility Rule"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin", "mail.thread"]
    _order = "model, sequence, id"
    _check_company_auto = True

    _ledger_fields = ("name", "active", "company_id", "model_id", "domain", "reason", "date_from", "date_to")

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company, ondelete="restrict", tracking=True,
        help="Left empty, the rule holds in all companies.",
    )  # fmt: skip
    model_id = fields.Many2one(
        "ir.model", string="Looks at", required=True, ondelete="cascade",
        domain=lambda self: [("model", "in", self._guarded_models())],
        help="What is given to people.",
    )  # fmt: skip
    model = fields.Char(
        related="model_id.model", store=True, precompute=True, index=True, export_string_translation=False
    )
    domain = fields.Char(
        string="Records", default="[]", required=True, tracking=True,
        help="Only the records that match. The rule is asked anew when one of the fields named here changes.",
    )  # fmt: skip
    requirement_ids = fields.One2many(
        "sqms.eligibility.requirement", "rule_id", string="What Is Required", copy=True,
        help="The person must meet all of these.",
    )  # fmt: skip
    reason = fields.Text(
        string="Why",
        translate=True,
        help="Shown to whoever is refused: the law, the contract or the decision behind it.",
    )
    date_from = fields.Date(
        string="In Force From", required=True, copy=False, tracking=True,
        default=lambda self: self._today(self.env.company),
    )  # fmt: skip
    date_to = fields.Date(
        string="In Force Until", copy=False, tracking=True, help="The last day. Empty: until further notice."
    )
    is_started = fields.Boolean(compute="_compute_is_started")
    is_in_force = fields.Boolean(string="In Force", compute="_compute_is_in_force", search="_search_is_in_force")
    preview = fields.Json(compute="_compute_preview", export_string_translation=False)

    # One day before it began: a rule archived on its first day was never in force.
    _date_order = models.Constraint("CHECK(date_to IS NULL OR date_to >= date_from - 1)", "A rule ends after it began.")

    def _today(self, company):
        return local_day(fields.Datetime.now(), company._sqms_tz())

    @api.depends("date_from", "date_to", "company_id")
    def _compute_is_in_force(self):
        for rule in self:
            today = self._today(rule.company_id or self.env.company)
            rule.is_in_force = bool(
                rule.date_from and rule.date_from <= today and (not rule.date_to or today <= rule.date_to)
            )

    def _search_is_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self._today(self.env.company)
        in_force = Domain("date_from", "<=", today) & (Domain("date_to", "=", False) | Domain("date_to", ">=", today))
        return Domain.OR([in_force if wanted else ~in_force for wanted in value])

    @api.depends("date_from")
    def _compute_is_started(self):
        for rule in self:
            rule.is_started = rule._origin._has_started()

    def _has_started(self):
        """Whether a day has passed on which it held."""
        return bool(self.date_from and self.date_from < self._today(self.company_id or self.env.company))

    # -- constraints ---------------------------------------------------------

    @api.constrains("domain", "model_id")
    def _check_domain(self):
        for rule in self:
            if rule.model not in self._guarded_models():
                raise ValidationError(
                    self.env._("Nobody is given “%(model)s”: a rule cannot look at it.", model=rule.model_id.name)
                )
            try:
                Domain(ast.literal_eval(rule.domain or "[]")).validate(self.env[rule.model].sudo())
            except (ValueError, SyntaxError, TypeError, KeyError, AttributeError) as error:
                raise ValidationError(
                    self.env._("The condition of “%(rule)s” cannot be used: %(error)s", rule=rule.name, error=error)
                ) from error

    @api.constrains("date_from")
    def _check_not_backdated(self):
        for rule in self:
            self._refuse_past(rule.date_from, rule.company_id)

    def _refuse_past(self, start, company):
        if not self.env.su and start and start < self._today(company or self.env.company):
            raise ValidationError(self.env._("A rule begins today or later: the past stays as it was."))

    def _refuse_once_started(self, what):
        started = self.filtered(lambda rule: rule._has_started()) if not self.env.su else self.browse()
        if started:
            raise UserError(
                self.env._(
                    "“%(rule)s” has been in force since %(date)s and stays as it is: %(what)s cannot be changed. "
                    "Please use “Revise” to replace it from today on.",
                    rule=started[0].name,
                    date=format_date(self.env, started[0].date_from),
                    what=what,
                )
            )

    # -- ORM -----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            # Before its requirements are made: they would take it for a rule that is in force already.
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            self._refuse_past(fields.Date.to_date(vals.get("date_from")), company)
        rules = super().create(vals_list)
        rules._forget()
        return rules

    def write(self, vals):
        vals = dict(vals)
        for name in CONTENT:
            if name in vals:
                changed = self if name == "requirement_ids" else self.filtered(
                    lambda rule, name=name: rule._fields[name].convert_to_write(rule[name], rule) != vals[name]
                    and str(rule[name]) != str(vals[name])
                )  # fmt: skip
                changed._refuse_once_started(self._fields[name]._description_string(self.env))
        if "date_to" in vals:
            self._check_end(fields.Date.to_date(vals["date_to"]))
        result = super().write(vals)
        if vals.get("active") is False:
            self._end_now()
        self._forget()
        return result

    def _check_end(self, end):
        """The end may be moved as long as no day is touched that has passed."""
        for rule in self if not self.env.su else ():
            yesterday = fields.Date.subtract(self._today(rule.company_id or self.env.company), days=1)
            if rule.date_to == end:
                continue
            if (rule.date_to and rule.date_to < yesterday) or (end and end < yesterday and rule._has_started()):
                raise UserError(self.env._("“%(rule)s”: what was in force on a past day stays so.", rule=rule.name))

    def _end_now(self):
        for rule in self:
            yesterday = fields.Date.subtract(self._today(rule.company_id or self.env.company), days=1)
            if not rule.date_to or rule.date_to > yesterday:
                rule.date_to = max(yesterday, fields.Date.subtract(rule.date_from, days=1))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        for rule in self:
            if rule._has_started():
                raise UserError(
                    self.env._("“%(rule)s” has been in force and is kept. Archive it instead.", rule=rule.name)
                )

    def unlink(self):
        result = super().unlink()
        self._forget()
        return result

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%(name)s (copy)", name=rule.name)} if "name" not in (default or {}) else vals
            for rule, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def _forget(self):
        self.env.registry.clear_cache()
        # Once more at the end: what was remembered inside a savepoint may have been rolled back with it.
        self.env.cr.postcommit.add(self.env.registry.clear_cache)

    def action_revise(self):
        """End the rule with yesterday and open its successor, which begins today."""
        self.ensure_one()
        self.check_access("write")
        successor = self.copy({"name": self.name})
        self._end_now()
        return successor._get_records_action()

    # -- which rules there are, without a query ----------------------------------

    @api.model
    @tools.ormcache()
    def _guarded_models(self):
        """The models whose records are given to people."""
        return tuple(
            name
            for name, model in sorted(self.env.registry.items())
            if getattr(model, "_eligibility_assignee", None) and not model._abstract
        )

    @api.model
    @tools.ormcache("model_name")
    def _rules_on(self, model_name):
        """`(id, company id, first day, last day, domain, fields of the record looked at)` of each rule, ever."""
        rules = self.sudo().with_context(active_test=False).search([("model", "=", model_name)], order="sequence, id")
        return tuple(
            (rule.id, rule.company_id.id, rule.date_from, rule.date_to, rule.domain, rule._looks_at()) for rule in rules
        )

    @api.model
    @tools.ormcache("model_name", "day")
    def _gate_fields(self, model_name, day):
        """The fields of the model on whose change the rules are asked; empty where no rule is in force.

        A day more on either side: the day is that of the server, the rules count that of their company.
        """
        early, late = fields.Date.subtract(day, days=1), fields.Date.add(day, days=1)
        names = {
            name
            for _id, _company, start, end, _domain, looks_at in self._rules_on(model_name)
            if start <= late and (not end or end >= early)
            for name in looks_at
        }
        if not names:
            return frozenset()
        model = self.env[model_name]
        return frozenset(names | {model._eligibility_assignee, model._eligibility_company} & set(model._fields))

    def _looks_at(self):
        """The fields of a record that decide whether the rule holds for it, computed ones with what they stem from."""
        self.ensure_one()
        model = self.env[self.model]
        domain = Domain(ast.literal_eval(self.domain or "[]"))
        waiting = {condition.field_expr.split(".")[0] for condition in domain.iter_conditions()}
        waiting |= self.requirement_ids._looks_at()
        names = {model._eligibility_assignee}
        while waiting:
            name = waiting.pop()
            field = model._fields.get(name)
            if field is None or name in names:
                continue
            names.add(name)
            if field.compute:
                waiting.update(path.split(".")[0] for path in model.pool.field_depends.get(field, ()))
        return frozenset(names)
