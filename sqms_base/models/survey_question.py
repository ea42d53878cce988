from odoo import api, models

from .sqms_keep_mixin import heed_guards


class SurveyQuestion(models.Model):
    """Questions of a frozen quiz stay as they are."""

    _inherit = "survey.question"

    @api.model_create_multi
    def create(self, vals_list):
        questions = super().create(vals_list)
        questions.survey_id._sqms_refuse_frozen()
        return questions

    def write(self, vals):
        self.survey_id._sqms_refuse_frozen()
        result = super().write(vals)
        if "survey_id" in vals:
            self.survey_id._sqms_refuse_frozen()
        return result

    def unlink(self):
        self.survey_id._sqms_refuse_frozen()
        return super(SurveyQuestion, heed_guards(self)).unlink()

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        self.survey_id._sqms_refuse_frozen()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
