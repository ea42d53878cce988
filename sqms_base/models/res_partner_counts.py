from odoo import models


class ResPartnerCounts(models.Model):
    """How many records a partner has, those of his contacts included."""

    _inherit = "res.partner"

    def _sqms_counts(self, model, domain=()):
        """`{partner id: number}`, as `search_count` over `partner_id child_of`; two queries for all partners."""
        return {partner: count for partner, (count,) in self._sqms_sums(model, domain, ("__count",)).items()}

    def _sqms_sums(self, model, domain, aggregates):
        """`{partner id: (sum, ...)}` of what can be added up, no means; two queries for all partners."""
        below = self.with_context(active_test=False).search_fetch([("id", "child_of", self.ids)], ["parent_id"])
        rows = self.env[model]._read_group([("partner_id", "in", below.ids), *domain], ["partner_id"], list(aggregates))
        totals = {partner_id: (0,) * len(aggregates) for partner_id in self._origin.ids}
        for partner, *found in rows:
            while partner:
                if partner.id in totals:
                    sums = zip(totals[partner.id], found, strict=True)
                    totals[partner.id] = tuple(total + (value or 0) for total, value in sums)
                partner = partner.parent_id
        return totals
