from odoo import api, fields, models

from .sqms_improvement import TYPES


class SqmsRewardRule(models.Model):
    """What is given for which improvement.

    1. A rule holds from the adoption of an improvement, or from the verification of its saving with a least amount.
    2. What it gives is copied into the reward when that is proposed. A later change of the rule changes nothing of it.
    3. A rule proposes once for each improvement, whatever happens to either afterwards.
    """

    _name = "sqms.reward.rule"
    _description = "Reward Rule"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    # for what
    condition = fields.Selection(
        [("adopted", "The Improvement Is Adopted"), ("verified", "Its Saving Is Verified")],
        string="When", required=True, default="adopted",
    )  # fmt: skip
    improvement_type = fields.Selection(TYPES, string="Kind of Improvement", help="Left empty: of every kind.")
    minimum_saving = fields.Monetary(
        string="From a Verified Saving Of", currency_field="currency_id", aggregator=None,
        help="Of the first twelve months. Less than that gives nothing by this rule.",
    )  # fmt: skip
    # what
    points = fields.Integer(aggregator=None)
    badge_id = fields.Many2one("gamification.badge", index="btree_not_null", ondelete="restrict")
    money_kind = fields.Selection(
        [("none", "None"), ("fixed", "Fixed Amount"), ("percent", "Percent of the Verified Saving")],
        string="Money", required=True, default="none",
    )  # fmt: skip
    money_amount = fields.Monetary(string="Amount", currency_field="currency_id", aggregator=None)
    money_percent = fields.Float(string="Percent of the Saving", digits=(5, 2), aggregator=None)
    money_cap = fields.Monetary(
        string="At Most", currency_field="currency_id", aggregator=None, help="Left at zero: without a limit."
    )
    summary = fields.Char(compute="_compute_summary", string="What It Gives")

    _not_negative = models.Constraint(
        """CHECK(points >= 0 AND minimum_saving >= 0 AND money_amount >= 0 AND money_cap >= 0
             AND money_percent >= 0 AND money_percent <= 100)""",
        "A reward takes nothing away, and not more than the whole saving is given.",
    )
    _percent_of_what = models.Constraint(
        "CHECK(money_kind != 'percent' OR condition = 'verified')",
        "A percentage is one of the verified saving: choose “Its Saving Is Verified”.",
    )
    _gives_something = models.Constraint(
        """CHECK(COALESCE(points, 0) > 0 OR badge_id IS NOT NULL
             OR money_kind = 'fixed' AND COALESCE(money_amount, 0) > 0
             OR money_kind = 'percent' AND COALESCE(money_percent, 0) > 0)""",
        "Say what is given: points, a badge, or money.",
    )

    _ledger_fields = (
        "name", "active", "company_id", "condition", "improvement_type", "minimum_saving", "points", "badge_id",
        "money_kind", "money_amount", "money_percent", "money_cap",
    )  # fmt: skip

    @api.depends("points", "badge_id", "money_kind", "money_amount", "money_percent", "money_cap", "currency_id")
    @api.depends_context("lang")
    def _compute_summary(self):
        for rule in self:
            parts = [
                self.env._("%s points", rule.points) if rule.points else "",
                self.env._("badge “%s”", rule.sudo().badge_id.name) if rule.badge_id else "",
            ]
            if rule.money_kind == "fixed":
                parts.append(rule.currency_id.format(rule.money_amount))
            elif rule.money_kind == "percent":
                parts.append(self.env._("%g %% of the saving", rule.money_percent))
                if rule.money_cap:
                    parts.append(self.env._("at most %s", rule.currency_id.format(rule.money_cap)))
            rule.summary = ", ".join(filter(None, parts))

    def _holds_for(self, improvement):
        """Whether the rule gives something for an improvement as it stands."""
        self.ensure_one()
        if self.company_id != improvement.company_id:
            return False
        if self.improvement_type and self.improvement_type != improvement.improvement_type:
            return False
        if self.condition == "adopted":
            return improvement.state in ("adopted", "implemented", "verified")
        return improvement.state == "verified" and improvement.saving_verified >= max(self.minimum_saving, 0.01)

    def _money_for(self, improvement):
        """The amount in the currency of the company; never negative."""
        self.ensure_one()
        if self.money_kind == "fixed":
            return self.money_amount
        if self.money_kind != "percent" or improvement.state != "verified":
            return 0.0
        amount = max(0.0, improvement.saving_verified) * self.money_percent / 100
        return self.currency_id.round(min(amount, self.money_cap) if self.money_cap else amount)
