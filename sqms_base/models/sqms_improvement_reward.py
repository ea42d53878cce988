from odoo import api, fields, models
from odoo.fields import Command

from ..lib.sharing import equal_percents


class SqmsImprovementReward(models.Model):
    """What an improvement gives to those who had the idea: proposed by rule, once for each rule."""

    _inherit = "sqms.improvement"

    reward_ids = fields.One2many("sqms.reward", "improvement_id", string="Rewards", copy=False)
    reward_count = fields.Integer(string="Number of Rewards", compute="_compute_reward_count")

    @api.depends("reward_ids")
    def _compute_reward_count(self):
        counts = dict(
            self.env["sqms.reward"]._read_group([("improvement_id", "in", self.ids)], ["improvement_id"], ["__count"])
        )
        for record in self:
            record.reward_count = counts.get(record._origin, 0)

    def _propose_rewards(self):
        """What the rules in force give for these improvements and was not proposed before.

        :return: the new rewards, in sudo
        """
        improvements = self.sudo()
        rules = self.env["sqms.reward.rule"].sudo().search([("company_id", "in", improvements.company_id.ids)])
        rewards = self.env["sqms.reward"].sudo()
        known = {
            (improvement.id, rule.id)
            for improvement, rule in rewards._read_group(
                [("improvement_id", "in", improvements.ids)], ["improvement_id", "rule_id"]
            )
        }
        return rewards.create(
            [
                improvement._prepare_reward_values(rule)
                for improvement in improvements
                for rule in rules
                if (improvement.id, rule.id) not in known and rule._holds_for(improvement)
            ]
        )

    def _prepare_reward_values(self, rule):
        """As the rule says today, to those whose idea it is in equal shares."""
        self.ensure_one()
        people = self._reward_people()
        return {
            "improvement_id": self.id,
            "rule_id": rule.id,
            "company_id": self.company_id.id,
            "author_id": self.author_id.id,
            "condition": rule.condition,
            "points": rule.points,
            "badge_id": rule.badge_id.id,
            "money": rule._money_for(self),
            "saving_base": rule.minimum_saving if rule.condition == "verified" and rule.money_kind != "percent"
            else self.saving_verified if rule.condition == "verified" else 0.0,
            "share_ids": [
                Command.create({**person, "percent": percent})
                for person, percent in zip(people, equal_percents(len(people)), strict=True)
            ],
        }  # fmt: skip

    def _reward_people(self):
        """Who shares: the author and those with him, by their employee cards in this company where they have one."""
        cards = {
            card.user_id: card
            for card in self.env["hr.employee"].sudo().search(
                [("user_id", "in", self._proposers().ids), ("company_id", "=", self.company_id.id)], order="id DESC"
            )
        }  # fmt: skip
        people = [self.author_id, *(self.team_ids - self.author_id)]
        return [{"employee_id": cards[user].id} if user in cards else {"user_id": user.id} for user in people]

    def action_open_rewards(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_reward_action"),
            "domain": [("improvement_id", "=", self.id)],
            "context": {},
        }
