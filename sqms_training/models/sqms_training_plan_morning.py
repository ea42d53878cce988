from odoo import api, models
from odoo.fields import Domain

from .sqms_training_plan import DIRECTION


class SqmsTrainingPlanMorning(models.Model):
    """Who is asked to approve a plan: who may, and not the one it is about."""

    _inherit = "sqms.training.plan"

    @api.model
    def _morning_sign_domain(self):
        domain = super()._morning_sign_domain()
        if self.env.user.has_groups(f"{DIRECTION},hr.group_hr_manager"):
            return domain & (Domain("employee_id", "=", False) | Domain("employee_id.user_id", "!=", self.env.uid))
        return domain & Domain("kind", "=", "individual") & Domain("employee_id.parent_id.user_id", "=", self.env.uid)
