from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib import lead_days


class ResCompanyResource(models.Model):
    _inherit = "res.company"

    sqms_renewal_days = fields.Char(
        string="Told of Renewals", default="90, 30", required=True,
        help="How many days before an intellectual property right ends its owner is told, each time once: 90, 30",
    )  # fmt: skip

    @api.constrains("sqms_renewal_days")
    def _check_sqms_renewal_days(self):
        for company in self:
            try:
                lead_days.parse(company.sqms_renewal_days)
            except ValueError:
                raise ValidationError(
                    self.env._("Please write different whole numbers of days, separated by commas: 90, 30")
                ) from None
