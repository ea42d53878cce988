from odoo import fields, models


class SqmsClockReason(models.Model):
    """Why a clock may wait: for the customer, for parts. Each step of a regime says which reasons it honours."""

    _name = "sqms.clock.reason"
    _description = "Reason for a Pause"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Technical name, used by the system and in exchanges with others.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("UNIQUE(code)", "Each reason has a code of its own.")

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result
