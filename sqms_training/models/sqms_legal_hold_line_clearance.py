from odoo import api, models


class SqmsLegalHoldLineClearance(models.Model):
    """A clearance can be held: its papers are then not erased."""

    _inherit = "sqms.legal.hold.line"

    @api.model
    def _get_holdable(self):
        name = "sqms.clearance"
        return [*super()._get_holdable(), (name, self.env["ir.model"].sudo()._get(name).name)]
