from odoo import fields, models


class SqmsClockStepPublic(models.Model):
    """Which deadlines the customer sees on his own page, and how they are called there."""

    _inherit = "sqms.clock.step"

    is_public = fields.Boolean(
        "Shown to the Customer", help="The customer sees on his page when it is due, and how it is counted."
    )
    public_name = fields.Char(
        "Name for the Customer", translate=True, help="Left empty, the customer reads the name of the step."
    )
