from odoo import models


class HrSkill(models.Model):
    _name = "hr.skill"
    _inherit = ["hr.skill", "sqms.certificate.anchor.mixin"]

    _certificate_link = "skill_id"
    _certificate_says = ("skill_type_id",)

    def _certificate_stays(self, issued):
        return self.env._(
            "%(skill)s stays in its type: certificate %(number)s was issued for it. "
            "Create a new skill in the other type.",
            skill=issued.skill_id.display_name,
            number=issued.number,
        )
