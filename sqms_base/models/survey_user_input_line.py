from odoo import api, models

from .sqms_keep_mixin import heed_guards


class SurveyUserInputLine(models.Model):
    """What was answered in an attempt at the quiz of an edition."""

    _inherit = "survey.user_input.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.user_input_id._sqms_refuse_by_hand()
        return lines

    def write(self, vals):
        self.user_input_id._sqms_refuse_by_hand()
        result = super().write(vals)
        if "user_input_id" in vals:
            self.user_input_id._sqms_refuse_by_hand()
        return result

    def unlink(self):
        self.user_input_id._sqms_refuse_by_hand()
        return super(SurveyUserInputLine, heed_guards(self)).unlink()
