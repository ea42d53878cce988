from odoo import api, models


class SqmsEligibilityRule(models.Model):
    _inherit = "sqms.eligibility.rule"

    @api.depends("requirement_ids.skill_id", "requirement_ids.skill_level_id", "requirement_ids.position_rule_id")
    def _compute_preview(self):
        return super()._compute_preview()
