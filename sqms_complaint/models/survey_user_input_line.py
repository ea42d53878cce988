from odoo import api, models

from odoo.addons.sqms_base.models.sqms_keep_mixin import heed_guards


class SurveyUserInputLine(models.Model):
    """One answer to one question of satisfaction: within its scale, and not by hand."""

    _inherit = "survey.user_input.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.user_input_id._satisfaction_refuse_by_hand()
        return lines

    def write(self, vals):
        self.user_input_id._satisfaction_refuse_by_hand()
        result = super().write(vals)
        if "user_input_id" in vals:
            self.user_input_id._satisfaction_refuse_by_hand()
        return result

    def unlink(self):
        self.user_input_id._satisfaction_refuse_by_hand()
        return super(SurveyUserInputLine, heed_guards(self)).unlink()

    @api.constrains("value_scale", "answer_type", "question_id")
    def _check_satisfaction_scale(self):
        for line in self:
            if line.question_id.survey_id.sqms_is_satisfaction:
                line.question_id._sqms_check_line(line)
