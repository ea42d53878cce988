from odoo import api, models
from odoo.exceptions import UserError


class HrSkill(models.Model):
    _inherit = "hr.skill"

    def write(self, vals):
        if "skill_type_id" in vals:
            moved = self.filtered(lambda skill: skill.skill_type_id.id != vals["skill_type_id"])
            issued = self.env["hr.employee.skill"]._issued_of("skill_id", moved)
            if issued:
                raise UserError(
                    self.env._(
                        "%(skill)s stays in its type: certificate %(number)s was issued for it. "
                        "Create a new skill in the other type.",
                        skill=issued.skill_id.display_name,
                        number=issued.number,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_with_certificates(self):
        self.env["hr.employee.skill"]._refuse_deletion_with("skill_id", self)
