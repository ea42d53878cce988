from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.sqms_base.models.sqms_keep_mixin import heed_guards


class SurveyUserInput(models.Model):
    """One customer's answers. They come from the page of the survey, and from nowhere else."""

    _inherit = "survey.user_input"

    @api.model_create_multi
    def create(self, vals_list):
        inputs = super().create(vals_list)
        inputs._satisfaction_refuse_by_hand()
        return inputs

    def write(self, vals):
        self._satisfaction_refuse_by_hand()
        result = super().write(vals)
        if {"survey_id", "test_entry"}.intersection(vals):
            self._satisfaction_refuse_by_hand()
        return result

    def unlink(self):
        self._satisfaction_refuse_by_hand()
        return super(SurveyUserInput, heed_guards(self)).unlink()

    def _satisfaction_refuse_by_hand(self):
        """The page works as superuser; a person who writes records does not."""
        if not self.env.su and self.sudo().filtered(
            lambda answer: answer.survey_id.sqms_is_satisfaction and not answer.test_entry
        ):
            raise AccessError(self.env._("What customers answer is written by the page of the survey alone."))

    def _save_lines(self, question, answer, comment=None, overwrite_existing=True):
        # What is sent once more before the end replaces what was sent before.
        again = overwrite_existing or self.survey_id.sqms_is_satisfaction
        return super()._save_lines(question, answer, comment=comment, overwrite_existing=again)

    def _mark_done(self):
        result = super()._mark_done()
        measured = self.filtered(lambda answer: answer.survey_id.sqms_is_satisfaction and not answer.test_entry)
        if measured:
            self.env["sqms.satisfaction.answer"].sudo()._take_answers(measured.sudo())
        return result

    def _satisfaction_marks(self):
        """`{input id: {metric: value}}`; of repeated lines to a question the newest counts."""
        marks = {answer.id: {} for answer in self}
        for line in self.user_input_line_ids.sorted("id"):
            metric = line.question_id.sqms_metric
            if not metric:
                continue
            own = marks[line.user_input_id.id]
            own.pop(metric, None)
            if line.skipped or not line.answer_type:
                continue
            if metric == "comment":
                own[metric] = line.value_text_box or line.value_char_box
            elif line.question_id.scale_min <= line.value_scale <= line.question_id.scale_max:
                own[metric] = line.value_scale
        return marks
