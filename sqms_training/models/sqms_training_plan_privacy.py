from odoo import models

from odoo.addons.sqms_base.lib.privacy import KEEP


class SqmsTrainingPlanPrivacy(models.Model):
    """Who approved a plan stays answerable for it."""

    _inherit = "sqms.training.plan"

    _privacy_fields = {"approver_name": KEEP}
