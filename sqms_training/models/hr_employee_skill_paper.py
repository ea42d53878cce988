from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..lib.qr import qr_path


class HrEmployeeSkillPaper(models.Model):
    """What a printed certificate says."""

    _inherit = "hr.employee.skill"

    def _paper(self):
        """What stands on paper, as plain text."""
        self.ensure_one()
        row = self.sudo()
        if not row.number:
            raise UserError(self.env._("Issue the certificate first: it has no number yet."))
        # The address is shown to those alone who may print: HR, a certifier, the holder.
        if not self.verification_url:
            raise AccessError(self.env._("You may print your own certificates only."))
        size, path = qr_path(self.verification_url)
        return {
            "number": row.number,
            "holder": row.employee_id.name,
            "skill": row.skill_id.name,
            "level": len(row.skill_type_id.skill_level_ids) > 1 and row.skill_level_id.name,
            "issuer": row.issuer,
            "company": row.certificate_company_id.name,
            "logo": not row.certificate_company_id.uses_default_logo and row.certificate_company_id.logo,
            "valid_from": format_date(self.env, row.valid_from),
            "valid_to": row.valid_to and format_date(self.env, row.valid_to),
            "revoked_on": row.revoked_on and format_date(self.env, row.revoked_on),
            "issued_by": row.issued_by,
            "url": self.verification_url,
            "qr_size": size,
            "qr_path": path,
        }
