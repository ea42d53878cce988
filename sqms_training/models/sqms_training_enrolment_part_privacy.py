from odoo import models

from odoo.addons.sqms_base.lib.privacy import KEEP, PART, WORDS


class SqmsTrainingEnrolmentPartPrivacy(models.Model):
    """Goes with its enrolment."""

    _inherit = "sqms.training.enrolment.part"

    _privacy_fields = {"enrolment_id": PART, "note": WORDS, "name": KEEP}
