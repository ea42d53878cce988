from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.sqms_base.lib.local_time import local_midnight
from odoo.addons.sqms_base.lib.privacy import KEEP


class SqmsComplaintVolume(models.Model):
    """How much was sold in a month: without it nobody knows whether ten complaints are many.

    1. One row for each company and month, typed in or imported from the system that sells.
    2. Customers are those who were active in the twelve months up to then. Where nothing better is known, those who
       wrote a ticket can be counted; the row says so.
    """

    _name = "sqms.complaint.volume"
    _description = "Orders and Customers of a Month"
    _inherit = ["sqms.ledger.mixin"]
    _order = "month desc, id"
    _rec_name = "month"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    month = fields.Date(required=True, index=True, help="The first day of the month.")
    orders = fields.Integer()
    customers = fields.Integer(string="Active Customers")
    source = fields.Char(string="Where From", required=True, help="The system or the report the numbers come from.")

    _privacy_fields = {"source": KEEP}

    _month_uniq = models.Constraint("UNIQUE(company_id, month)", "This month has its numbers already.")
    _numbers = models.Constraint("CHECK(orders >= 0 AND customers >= 0)", "There are no fewer than none.")

    _ledger_fields = ("company_id", "month", "orders", "customers", "source")

    @api.constrains("month")
    def _check_month(self):
        for volume in self:
            if volume.month.day != 1:
                raise ValidationError(self.env._("Please enter the first day of the month, not %s.", volume.month))

    def action_count_customers(self):
        """Customers who wrote a ticket in the twelve months up to the end of this one."""
        for volume in self:
            zone = volume.company_id._sqms_tz()
            after = local_midnight(volume.month + relativedelta(months=1), zone)
            first = local_midnight(volume.month - relativedelta(months=11), zone)
            found = self.env["helpdesk.ticket"].sudo().with_context(active_test=False)._read_group(
                [
                    ("company_id", "=", volume.company_id.id), ("commercial_partner_id", "!=", False),
                    ("create_date", ">=", first), ("create_date", "<", after),
                ],
                [],
                ["commercial_partner_id:count_distinct"],
            )  # fmt: skip
            volume.write({"customers": found[0][0], "source": self.env._("Customers with a ticket within 12 months")})
