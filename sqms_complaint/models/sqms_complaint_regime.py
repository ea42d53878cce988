from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from odoo.addons.sqms_base.lib.local_time import local_day

MODELS = {"complaint": "helpdesk.ticket", "dispute": "sqms.complaint.dispute"}
# Conditions by a plain value: all that are given must hold.
PLAIN = ("topic", "wish", "area", "body_code")
TOPICS = [("fault", "Fault of a Line or Device"), ("privacy", "Personal Data"), ("return", "Return of Goods")]
AREAS = [("urban", "In Town"), ("rural", "In the Country")]


class SqmsComplaintRegime(models.Model):
    """Which deadlines hold for which complaint, as rules in an order.

    1. Every rule whose conditions all hold gives its regime, or the named steps of it; an empty condition always holds.
    2. A case may have several regimes. Where two promise the same step, the first rule wins: so an urgent
       acknowledgement takes the place of the usual one.
    3. The version in use when the case came in stays with it. A regime that is not verified, or whose law is not in
       force, gives nothing.
    4. A company's own regime goes before the shared one of the same code.
    """

    _name = "sqms.complaint.regime"
    _description = "Rule for Deadlines"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=50)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", ondelete="cascade", help="Left empty, it holds for every company."
    )
    applies_to = fields.Selection(
        [("complaint", "Complaints"), ("dispute", "Disputes before Outside Bodies")], required=True, default="complaint"
    )
    policy_code = fields.Selection(selection="_selection_policy_code", string="Regime", required=True)
    step_codes = fields.Char("Only These Steps", help="Codes of steps, separated by commas; empty for all of them.")
    policy_id = fields.Many2one("sqms.clock.policy", string="In Use", compute="_compute_policy_id")
    hint = fields.Char(compute="_compute_policy_id")
    # conditions
    sector = fields.Selection(
        selection="_selection_sector",
        help="Only companies of this sector, as chosen in the settings.",
    )
    category_ids = fields.Many2many(
        "sqms.complaint.category", "sqms_complaint_regime_category_rel", "regime_id", "category_id",
        "Categories", check_company=True, ondelete="restrict", help="With the categories below them.",
    )  # fmt: skip
    topic = fields.Selection(TOPICS, "Matter", help="What the category of the complaint is about.")
    channel_ids = fields.Many2many(
        "helpdesk.ticket.channel", "sqms_complaint_regime_channel_rel", "regime_id", "channel_id", "Channels",
        ondelete="restrict",
    )  # fmt: skip
    is_safety = fields.Boolean("Safety Matters Only")
    wish = fields.Selection(selection="_selection_wish")
    area = fields.Selection(AREAS, help="Where the trouble is; without a word about it, in town.")
    body_code = fields.Char("Outside Body", help="Code of the outside body before which the dispute is.")
    date_from = fields.Date("Received From")
    date_to = fields.Date("Received Until")

    _dates = models.Constraint("CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
                               "The last day is not before the first.")  # fmt: skip

    # -- what may be chosen ----------------------------------------------------------

    @api.model
    def _selection_policy_code(self):
        policies = self.env["sqms.clock.policy"].sudo().search([("res_model", "in", list(MODELS.values()))])
        names = {}
        for policy in policies:
            names.setdefault(policy.code, policy.name)
        return [(code, f"{names[code]} ({code})") for code in sorted(names)]

    @api.model
    def _selection_sector(self):
        return self.env["sqms.standard"]._fields["sector"]._description_selection(self.env)

    @api.model
    def _selection_wish(self):
        return self.env["helpdesk.ticket"]._fields["complaint_wish"]._description_selection(self.env)

    @api.depends("policy_code", "applies_to", "company_id")
    @api.depends_context("lang", "company")
    def _compute_policy_id(self):
        for rule in self:
            company = rule.company_id or self.env.company
            rule.policy_id = self._policies_in_use(MODELS.get(rule.applies_to), company).get(rule.policy_code)
            rule.hint = False if rule.policy_id else rule._why_unused()

    def _why_unused(self):
        """Why no deadline follows from this rule yet."""
        latest = self.env["sqms.clock.policy"].sudo().search([("code", "=", self.policy_code or "")], limit=1)
        reason = latest._basis_reason(latest._basis_day()) if latest else False
        return reason and self.env._("Not in use: %s.", reason) or self.env._("Not in use: the regime is not verified.")

    @api.constrains("step_codes", "policy_code", "applies_to")
    def _check_steps(self):
        for rule in self:
            policies = (
                self.env["sqms.clock.policy"]
                .sudo()
                .search([("code", "=", rule.policy_code), ("res_model", "=", MODELS[rule.applies_to])])
            )
            if not policies:
                raise ValidationError(
                    self.env._("“%(rule)s”: this regime is for another kind of record.", rule=rule.name)
                )
            unknown = rule._codes() - set(policies.step_ids.mapped("code"))
            if unknown:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” names a step that the regime does not have: %(step)s.",
                        rule=rule.name, step=min(unknown),
                    )
                )  # fmt: skip

    def _codes(self):
        return {code.strip() for code in (self.step_codes or "").split(",") if code.strip()}

    # -- the choice ------------------------------------------------------------------

    @api.model
    def _policies_in_use(self, res_model, company):
        """`{code: regime}` verified and founded for a company, its own before the shared ones."""
        Policy = self.env["sqms.clock.policy"].sudo()
        found = Policy._verified(res_model) if res_model else ()
        codes = {}
        for number, owner, code in found:
            if owner in (False, company.id) and Policy.browse(number)._counts(company) and (owner or code not in codes):
                codes[code] = Policy.browse(number)
        return codes

    @api.model
    @ormcache("applies_to", "company_id")
    def _rules_of(self, applies_to, company_id):
        """The rules that may hold for a company, as plain data in their order: read once until one changes."""
        company = self.env["res.company"].sudo().browse(company_id)
        sectors = set(company._sqms_sectors())
        rules = self.sudo().search([("applies_to", "=", applies_to), ("company_id", "in", (False, company_id))])
        return tuple(
            {
                "code": rule.policy_code,
                "steps": frozenset(rule._codes()),
                "category_ids": frozenset(rule.category_ids.ids),
                "channel_ids": frozenset(rule.channel_ids.ids),
                "is_safety": rule.is_safety,
                "days": (rule.date_from or None, rule.date_to or None),
                **{name: rule[name] or None for name in PLAIN},
            }
            for rule in rules
            if not rule.sector or rule.sector in sectors
        )

    @api.model
    def _steps_of(self, applies_to, facts):
        """The steps that hold for records.

        :param facts: `{record id: dict}` with company, category_ids (the category and those above it), channel_id,
            is_safety, topic, wish, area, body_code, received (naive UTC)
        :return: `{record id: ids of steps}`
        """
        known, in_use = {}, {}
        for record_id, fact in facts.items():
            company = fact["company"]
            if company not in in_use:
                in_use[company] = self._policies_in_use(MODELS[applies_to], company)
            codes = tuple(
                (rule["code"], rule["steps"])
                for rule in self._rules_of(applies_to, company.id)
                if rule["code"] in in_use[company] and self._holds(rule, fact)
            )
            if (company, codes) not in known:
                known[company, codes] = self._lay_over(codes, in_use[company])
            yield record_id, known[company, codes]

    @api.model
    def _holds(self, rule, fact):
        first, last = rule["days"]
        return (
            (not rule["category_ids"] or not rule["category_ids"].isdisjoint(fact["category_ids"]))
            and (not rule["channel_ids"] or fact["channel_id"] in rule["channel_ids"])
            and (not rule["is_safety"] or fact["is_safety"])
            and all(rule[name] is None or rule[name] == fact[name] for name in PLAIN)
            and (not (first or last) or self._within(first, last, fact))
        )

    @api.model
    def _within(self, first, last, fact):
        day = local_day(fact["received"], fact["company"]._sqms_tz())
        return (first is None or first <= day) and (last is None or day <= last)

    def _lay_over(self, codes, in_use):
        """One step of each code: that of the first rule."""
        chosen, data = {}, self.env["sqms.clock.step"]._data
        for code, only in codes:
            policy = in_use[code]
            for step_id in policy._step_ids_of(policy.id):
                name = data(step_id)["chain"][1]
                if not only or name in only:
                    chosen.setdefault(name, step_id)
        return tuple(chosen.values())

    # -- what is cached ----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
