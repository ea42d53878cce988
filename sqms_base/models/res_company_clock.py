from odoo import fields, models


class ResCompanyClock(models.Model):
    _inherit = "res.company"

    sqms_backdate_hours = fields.Integer(
        string="Entries Made Afterwards",
        default=24,
        help="What happened to a deadline longer ago than this, or once the deadline has passed, is entered only with "
        "the approval of a second person.",
    )

    _sqms_backdate_hours_positive = models.Constraint("CHECK(sqms_backdate_hours >= 0)", "The time cannot be negative.")
