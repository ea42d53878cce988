from odoo import fields, models
from odoo.exceptions import UserError


class HrSkillType(models.Model):
    _name = "hr.skill.type"
    _inherit = ["hr.skill.type", "sqms.certificate.anchor.mixin"]

    _certificate_link = "skill_type_id"

    validity_months = fields.Integer(
        "Validity (Months)",
        help="How long a certificate lasts, unless the course says otherwise. 0: a renewal lasts as long as the "
        "certificate before it.",
    )
    grace_days = fields.Integer(
        "Days of Grace",
        help="A renewal that comes at most so many days late goes on where the old certificate ended; a later one "
        "begins on its own day.",
    )

    _validity_months_positive = models.Constraint(
        "CHECK(validity_months BETWEEN 0 AND 1200)", "A certificate lasts from 1 to 1200 months; 0 leaves it open."
    )
    _grace_days_positive = models.Constraint("CHECK(grace_days BETWEEN 0 AND 366)", "Days of grace: from 0 to 366.")

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
