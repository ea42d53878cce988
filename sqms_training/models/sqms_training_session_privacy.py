from odoo import models

from odoo.addons.sqms_base.lib.privacy import KEEP, NAMED, TEXT


class SqmsTrainingSessionPrivacy(models.Model):
    """A session names its trainer from outside."""

    _inherit = "sqms.training.session"

    _privacy_fields = {"trainer_partner_id": NAMED, "note": TEXT, "cancel_reason": TEXT, "location": KEEP}
