from collections import defaultdict

from odoo import api, models

from .sqms_quality_cost import BOOKED


class SqmsNonconformityCost(models.Model):
    """What a nonconformity cost: what is booked, and what was taken back balanced with it."""

    _inherit = "sqms.nonconformity"

    @api.depends("cost_ids.state", "cost_ids.amount_company")
    def _compute_cost_total(self):
        totals = defaultdict(float)
        found = self.env["sqms.quality.cost"]._read_group(
            [("nonconformity_id", "in", self.ids), ("state", "in", BOOKED)],
            ["nonconformity_id"],
            ["amount_company:sum"],
        )
        for nc, amount in found:
            totals[nc.id] = amount
        for nc in self:
            nc.cost_total = totals.get(nc._origin.id, 0.0)
