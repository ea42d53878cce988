from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.risk_level import LIMITS, are_limits


class ResCompanyRisk(models.Model):
    _inherit = "res.company"

    sqms_risk_medium_from = fields.Integer(string="Medium From", default=LIMITS[0], required=True)
    sqms_risk_high_from = fields.Integer(string="High From", default=LIMITS[1], required=True)
    sqms_risk_extreme_from = fields.Integer(string="Extreme From", default=LIMITS[2], required=True)

    @api.constrains("sqms_risk_medium_from", "sqms_risk_high_from", "sqms_risk_extreme_from")
    def _check_sqms_risk_limits(self):
        for company in self:
            if not are_limits(company._sqms_risk_limits()):
                raise ValidationError(
                    self.env._(
                        "The levels of risks begin one after the other, between 2 and 25: medium, high, extreme."
                    )
                )

    def _sqms_risk_limits(self):
        """From which product of likelihood and impact on a risk is medium, high, extreme."""
        company = self.sudo()
        return company.sqms_risk_medium_from, company.sqms_risk_high_from, company.sqms_risk_extreme_from
