from odoo import api, models
from odoo.fields import Domain


class SqmsActionMorning(models.Model):
    """Actions to be verified have a section of their own on the start page; they are not listed under “To sign” too."""

    _inherit = "sqms.action"

    @api.model
    def _morning_sign_domain(self):
        return Domain.FALSE
