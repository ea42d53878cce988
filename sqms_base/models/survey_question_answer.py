from odoo import api, models

from .sqms_keep_mixin import heed_guards


class SurveyQuestionAnswer(models.Model):
    """Answers that a frozen quiz offers stay as they are, and so does what they count for."""

    _inherit = "survey.question.answer"

    def _sqms_refuse_frozen(self):
        (self.question_id | self.matrix_question_id).survey_id._sqms_refuse_frozen()

    @api.model_create_multi
    def create(self, vals_list):
        answers = super().create(vals_list)
        answers._sqms_refuse_frozen()
        return answers

    def write(self, vals):
        self._sqms_refuse_frozen()
        result = super().write(vals)
        if {"question_id", "matrix_question_id"}.intersection(vals):
            self._sqms_refuse_frozen()
        return result

    def unlink(self):
        self._sqms_refuse_frozen()
        return super(SurveyQuestionAnswer, heed_guards(self)).unlink()

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        self._sqms_refuse_frozen()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
