from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang

from ..lib.sharing import share_out


class SqmsRewardShare(models.Model):
    """Who receives how much of a reward.

    1. An employee, or a user who is none. Shares add up to 100 % when the reward is approved.
    2. Points and money are shared out to the last piece: the parts add up to the whole.
    3. Closed with the reward. Who changes a share does not approve it.
    """

    _name = "sqms.reward.share"
    _description = "Share of a Reward"
    _inherit = ["sqms.workflow.line.mixin", "sqms.ledger.mixin"]
    _order = "reward_id, id"
    _check_company_auto = True
    _workflow_parent = "reward_id"
    _workflow_parent_lines = "share_ids"

    reward_id = fields.Many2one("sqms.reward", required=True, index=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(
        related="reward_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    employee_id = fields.Many2one("hr.employee", check_company=True, index="btree_not_null", ondelete="restrict")
    user_id = fields.Many2one(
        "res.users", string="Somebody Without an Employee Card", domain=[("share", "=", False)], check_company=True,
        index="btree_not_null", ondelete="restrict",
    )  # fmt: skip
    name = fields.Char(compute="_compute_name")
    percent = fields.Float(string="Share (%)", required=True, default=100.0, digits=(5, 2), aggregator=None)
    points = fields.Integer(compute="_compute_amounts")
    money = fields.Monetary(currency_field="currency_id", compute="_compute_amounts")
    remark = fields.Char(compute="_compute_remark")

    _one_person = models.Constraint(
        "CHECK((employee_id IS NULL) != (user_id IS NULL))", "Choose an employee, or a user who is none."
    )
    _percent_range = models.Constraint("CHECK(percent > 0 AND percent <= 100)", "A share lies between 0 and 100 %.")
    _one_employee = models.UniqueIndex(
        "(reward_id, employee_id) WHERE employee_id IS NOT NULL", "This employee has a share already."
    )
    _one_user = models.UniqueIndex("(reward_id, user_id) WHERE user_id IS NOT NULL", "This user has a share already.")

    _ledger_fields = ("reward_id", "employee_id", "user_id", "percent")

    @api.depends("employee_id", "user_id")
    def _compute_name(self):
        for share in self.sudo():
            share.name = share.employee_id.name or share.user_id.name

    @api.depends("reward_id.points", "reward_id.money", "reward_id.share_ids.percent")
    def _compute_amounts(self):
        """To the last point and the smallest coin."""
        for reward, own in self.grouped("reward_id").items():
            shares = reward.sudo().share_ids
            coin = reward.currency_id.rounding or 0.01
            weights = [max(0.0, share.percent) for share in shares]
            known = bool(sum(weights))
            points = share_out(reward.points if known else 0, weights)
            coins = share_out(round(reward.money / coin) if known else 0, weights)
            parts = {share.id: (part, piece * coin) for share, part, piece in zip(shares, points, coins, strict=True)}
            for share in own:
                share.points, share.money = parts.get(share._origin.id, (0, 0.0))

    @api.depends("employee_id", "user_id", "reward_id.points", "reward_id.badge_id")
    @api.depends_context("lang")
    def _compute_remark(self):
        for share in self:
            reward = share.sudo().reward_id
            needed = reward.points or reward.badge_id
            share.remark = (
                self.env._("no user here: money only") if share.name and needed and not share._reached() else ""
            )

    def _reached(self):
        """The user whom points and badges reach; nobody when there is none or he does not work here any more."""
        share = self.sudo()
        user = share.user_id or share.employee_id.user_id
        return user if user.active and not user.share else user.browse()

    def _reached_users(self):
        users = self.env["res.users"].sudo()
        for share in self:
            users |= share._reached()
        return users

    def _words(self):
        """What this person receives, in words."""
        self.ensure_one()
        reached, badge = self._reached(), self.reward_id.badge_id
        return [
            self.env._("%s points", self.points) if reached and self.points else "",
            self.env._("badge “%s”", badge.name) if reached and badge else "",
            formatLang(self.env, self.money, currency_obj=self.currency_id) if self.money else "",
        ]

    @api.constrains("employee_id", "user_id")
    def _check_person(self):
        """The same person twice, once as employee and once as user, is one person."""
        for reward in self.reward_id.sudo():
            users = reward.share_ids.user_id
            twice = reward.share_ids.employee_id.filtered(lambda employee, users=users: employee.user_id in users)
            if users and twice:
                raise ValidationError(self.env._("%s has a share already.", twice[0].name))
            own = reward.share_ids.employee_id.user_id
            if len(own) < len(reward.share_ids.employee_id.filtered("user_id")):
                raise ValidationError(self.env._("Two of these employees are the same user."))

    # -- who wrote -----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        shares = super().create(vals_list)
        shares.reward_id._note_contributor()
        return shares

    def write(self, vals):
        rewards = self.reward_id
        result = super().write(vals)
        (rewards | self.reward_id)._note_contributor()
        return result

    def unlink(self):
        rewards = self.reward_id
        result = super().unlink()
        rewards._note_contributor()
        return result
