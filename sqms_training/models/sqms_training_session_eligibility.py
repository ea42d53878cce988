from odoo import api, models
from odoo.fields import Domain


class SqmsTrainingSessionEligibility(models.Model):
    """A session is held by somebody who is eligible for it; where no rule is in force nothing is asked."""

    _name = "sqms.training.session"
    _inherit = ["sqms.training.session", "sqms.eligibility.mixin"]

    _eligibility_assignee = "trainer_id"

    @api.model
    def _eligibility_open_domain(self):
        return Domain("state", "in", ("planned", "open", "held"))

    @api.onchange("trainer_id")
    def _onchange_trainer_id_eligibility(self):
        return self._eligibility_warning()
