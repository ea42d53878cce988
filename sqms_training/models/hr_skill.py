from odoo import api, models


class HrSkill(models.Model):
    _name = "hr.skill"
    _inherit = ["hr.skill", "sqms.certificate.anchor.mixin"]

    _certificate_link = "skill_id"
    _certificate_says = ("skill_type_id",)

    @api.model_create_multi
    def create(self, vals_list):
        """hr_skills lets everybody add skills, which is kind; a kind of certificate is for HR to add."""
        skills = super().create(vals_list)
        if skills.skill_type_id.filtered("is_certification"):
            self.env["hr.employee.skill"]._check_certificate_writer()
        return skills

    def _certificate_stays(self, issued):
        return self.env._(
            "%(skill)s stays in its type: certificate %(number)s was issued for it. "
            "Create a new skill in the other type.",
            skill=issued.skill_id.display_name,
            number=issued.number,
        )
