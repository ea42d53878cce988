from collections import defaultdict

from odoo import api, fields, models

from .sqms_quality_cost import BOOKED


class SqmsResourceFinance(models.Model):
    """Finance: what of a budget was spent, by the quality costs booked in its period."""

    _inherit = "sqms.resource"

    spent = fields.Monetary(compute="_compute_spent", compute_sudo=True)
    remaining = fields.Monetary(compute="_compute_spent", compute_sudo=True)
    is_overspent = fields.Boolean(string="More Spent Than Planned", compute="_compute_spent", compute_sudo=True)

    @api.depends("kind", "budget", "date_from", "date_to", "category", "process_id")
    def _compute_spent(self):
        budgets = self.filtered(lambda resource: resource.kind == "finance" and resource.date_from and resource.date_to)
        costs = defaultdict(float)
        if budgets:
            found = self.env["sqms.quality.cost"]._read_group(
                [
                    ("company_id", "in", budgets.company_id.ids),
                    ("date", ">=", min(budgets.mapped("date_from"))),
                    ("date", "<=", max(budgets.mapped("date_to"))),
                    ("state", "in", BOOKED),
                ],
                ["company_id", "category", "process_id", "date:day"],
                ["amount_company:sum"],
            )
            for company, category, process, day, amount in found:
                for budget in budgets:
                    if (
                        budget.company_id == company
                        and budget.date_from <= day <= budget.date_to
                        and budget.category in (False, category)
                        and budget.process_id in (process.browse(), process)
                    ):
                        costs[budget] += amount
        for resource in self:
            resource.spent = resource.currency_id.round(costs[resource]) if resource.currency_id else 0.0
            resource.remaining = resource.budget - resource.spent if resource in budgets else 0.0
            resource.is_overspent = resource in budgets and resource.remaining < 0
