from odoo import models


class SqmsClearanceEligibility(models.Model):
    """A clearance that ends shows at once on what its holder has been given; a new one heals it at once."""

    _inherit = "sqms.clearance"

    def write(self, vals):
        result = super().write(vals)
        if not {"verdict", "ended_on", "valid_to", "cleared_from", "condition_until"}.isdisjoint(vals):
            self.env["sqms.eligibility.finding"].sudo()._find_for(self.sudo().employee_id)
        return result
