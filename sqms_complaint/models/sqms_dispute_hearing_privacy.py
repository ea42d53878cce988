from odoo import models

from odoo.addons.sqms_base.lib.privacy import PART, TEXT


class SqmsDisputeHearingPrivacy(models.Model):
    """A hearing goes with its dispute."""

    _inherit = "sqms.dispute.hearing"

    _privacy_fields = {"dispute_id": PART, "present": TEXT, "result": TEXT, "place": TEXT}
