from odoo import models
from odoo.fields import Domain


class MailActivityAction(models.Model):
    """Whose turn an action is stands under his actions; the activity that says the same is not told twice."""

    _inherit = "mail.activity"

    def _search_is_quality_action(self, operator, value):
        found = super()._search_is_quality_action(operator, value)
        types = self.env["sqms.action"].sudo()._action_activity_types()
        if found is NotImplemented or not types:
            return found
        ours = (
            Domain("res_model", "=", "sqms.action")
            & Domain("automated", "=", True)
            & Domain("activity_type_id", "in", types.ids)
        )
        return Domain(found) & ~ours
