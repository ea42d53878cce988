from odoo import models
from odoo.exceptions import UserError


class HrSkillType(models.Model):
    _name = "hr.skill.type"
    _inherit = ["hr.skill.type", "sqms.certificate.anchor.mixin"]

    _certificate_link = "skill_type_id"

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
        if hidden._certificate_issued():
            raise UserError(
                self.env._(
                    "Certificates of %(types)s were issued. Revoke them or let them expire: while they exist, "
                    "their type stays active and stays a certification.",
                    types=", ".join(hidden.mapped("name")),
                )
            )
