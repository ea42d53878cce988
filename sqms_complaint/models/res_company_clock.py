from odoo import models


class ResCompanyClock(models.Model):
    """The sector of a company decides on the deadlines of the complaints that come in from then on."""

    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if any(name.startswith("sqms_sector_") for name in vals):
            self.env.registry.clear_cache()
        return result
