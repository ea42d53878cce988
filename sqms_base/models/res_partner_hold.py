from odoo import api, models

from .sqms_keep_mixin import heed_guards


class ResPartnerHold(models.Model):
    """A person whom a legal hold needs is not deleted. Merging contacts moves the hold along."""

    _inherit = "res.partner"

    def unlink(self):
        return super(ResPartnerHold, heed_guards(self)).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        self.env["sqms.legal.hold"].sudo()._refuse_held(self)
