from odoo import api, models
from odoo.exceptions import UserError


class HrSkillLevel(models.Model):
    _inherit = "hr.skill.level"

    def write(self, vals):
        changed = self.filtered(
            lambda level: (
                ("level_progress" in vals and level.level_progress != vals["level_progress"])
                or ("skill_type_id" in vals and level.skill_type_id.id != vals["skill_type_id"])
            )
        )
        issued = self.env["hr.employee.skill"]._issued_of("skill_level_id", changed)
        if issued:
            raise UserError(
                self.env._(
                    "Level %(level)s is part of certificate %(number)s and keeps its rank and type. "
                    "Add a new level instead.",
                    level=issued.skill_level_id.display_name,
                    number=issued.number,
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_with_certificates(self):
        self.env["hr.employee.skill"]._refuse_deletion_with("skill_level_id", self)
