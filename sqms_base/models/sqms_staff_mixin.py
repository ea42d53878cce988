from odoo import models
from odoo.exceptions import AccessError

CERTIFIER = "sqms_base.group_sqms_certifier"
OFFICER = "sqms_base.group_sqms_officer"


class SqmsStaffMixin(models.AbstractModel):
    """What everybody of the house may enter; an external certifier reads it."""

    _name = "sqms.staff.mixin"
    _description = "Entered by Staff"

    def _check_access(self, operation):
        if operation != "read" and not self.env.su and self._is_certifier():
            return self, lambda: AccessError(self.env._("An external certifier reads this and changes nothing."))
        return super()._check_access(operation)

    def _is_certifier(self):
        return self.env.user.has_group(CERTIFIER) and not self.env.user.has_group(OFFICER)
