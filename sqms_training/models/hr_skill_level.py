from odoo import models


class HrSkillLevel(models.Model):
    _name = "hr.skill.level"
    _inherit = ["hr.skill.level", "sqms.certificate.anchor.mixin"]

    _certificate_link = "skill_level_id"
    _certificate_says = ("level_progress", "skill_type_id")

    def _certificate_stays(self, issued):
        return self.env._(
            "Level %(level)s is part of certificate %(number)s and keeps its rank and type. Add a new level instead.",
            level=issued.skill_level_id.display_name,
            number=issued.number,
        )
