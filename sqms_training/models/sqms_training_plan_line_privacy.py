from odoo import models

from odoo.addons.sqms_base.lib.privacy import KEEP


class SqmsTrainingPlanLinePrivacy(models.Model):
    """Where a need comes from is the name of a kind of record."""

    _inherit = "sqms.training.plan.line"

    _privacy_fields = {"source_model": KEEP}
