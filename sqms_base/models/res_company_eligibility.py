from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sqms_dispatcher_id = fields.Many2one(
        "res.users",
        string="Dispatcher",
        domain=[("share", "=", False)],
        ondelete="set null",
        help="Is told when the system would have given something to a person who is not eligible, and when somebody "
        "who has something is no longer eligible. Left empty, whoever made the record is told.",
    )
    sqms_override_days = fields.Integer(
        string="Longest Override",
        default=30,
        help="An override of an eligibility rule lasts at most this many days. Those already approved keep their end.",
    )

    _sqms_override_days_positive = models.Constraint(
        "CHECK(sqms_override_days > 0)", "An override lasts at least one day."
    )
