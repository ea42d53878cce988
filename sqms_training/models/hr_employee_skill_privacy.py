from odoo import models

from odoo.addons.sqms_base.lib.privacy import KEEP, TEXT


class HrEmployeeSkillPrivacy(models.Model):
    """A certificate says who holds it for as long as it is kept; words about its holder are cleaned of him."""

    _inherit = "hr.employee.skill"

    _privacy_fields = {
        "revoke_reason": TEXT,
        **dict.fromkeys(
            ("issuer", "issued_by", "revoked_by", "verification_base", "verification_token", "external_number"), KEEP
        ),
    }
