from odoo import api, models
from odoo.exceptions import UserError


class HrSkillType(models.Model):
    _inherit = "hr.skill.type"

    def write(self, vals):
        self._check_no_certificate_hidden(vals)
        return super().write(vals)

    def _check_no_certificate_hidden(self, vals):
        """Archiving a type or taking its mark off hides every certificate of it from its holder."""
        hidden = self.filtered(
            lambda skill_type: (
                (skill_type.active and not vals.get("active", True))
                or (skill_type.is_certification and not vals.get("is_certification", True))
            )
        )
        if hidden and hidden._has_certificates():
            raise UserError(
                self.env._(
                    "Certificates of %(types)s were issued. Revoke them or let them expire: while they exist, "
                    "their type stays active and stays a certification.",
                    types=", ".join(hidden.mapped("name")),
                )
            )

    def _has_certificates(self):
        return bool(self.env["hr.employee.skill"]._issued_of("skill_type_id", self))

    @api.ondelete(at_uninstall=True)
    def _unlink_except_with_certificates(self):
        self.env["hr.employee.skill"]._refuse_deletion_with("skill_type_id", self)
