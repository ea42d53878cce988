from odoo import fields, models


class ResCompanySector(models.Model):
    """The sectors of a company decide which sector packs of standards concern it.

    An addon with a sector of its own adds it to `sqms.standard.sector` and a field `sqms_sector_<sector>` here.
    """

    _inherit = "res.company"

    sqms_sector_telecom = fields.Boolean(
        string="Telecommunications", help="The rules for telecommunication services concern this company."
    )
    sqms_sector_retail = fields.Boolean(string="Retail", help="The norms for retail services concern this company.")

    def _sqms_sectors(self):
        """The sectors that the company has chosen, as keys of `sqms.standard.sector`."""
        self.ensure_one()
        keys = dict(self.env["sqms.standard"]._fields["sector"].selection)
        return [key for key in keys if self[f"sqms_sector_{key}"]]
