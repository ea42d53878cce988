from odoo import models

from odoo.addons.sqms_base.lib.privacy import KEEP, PART, TEXT


class SqmsComplaintPackagePrivacy(models.Model):
    """That the file of a case was made goes with the case."""

    _inherit = "sqms.complaint.package"

    _privacy_fields = {"ticket_id": PART, "reason": TEXT, "digest": KEEP}
