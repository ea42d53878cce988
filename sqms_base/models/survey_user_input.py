from odoo import api, fields, models
from odoo.exceptions import AccessError

from .sqms_keep_mixin import heed_guards


class SurveyUserInput(models.Model):
    """One attempt at the quiz of an edition.

    1. It belongs to one reading. Nobody ties an attempt to a reading, changes or removes one by hand: attempts come
       from the pages of the quiz, where the person himself answers.
    2. What counts is what was answered, counted anew: a single choice has one answer, none counts twice.
    """

    _inherit = "survey.user_input"

    sqms_acknowledgement_id = fields.Many2one(
        "sqms.acknowledgement", string="Reading", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict",
    )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        inputs = super().create(vals_list)
        inputs._sqms_refuse_by_hand()
        return inputs

    def write(self, vals):
        self._sqms_refuse_by_hand()
        result = super().write(vals)
        if {"survey_id", "sqms_acknowledgement_id"}.intersection(vals):
            self._sqms_refuse_by_hand()
        return result

    def unlink(self):
        self._sqms_refuse_by_hand()
        return super(SurveyUserInput, heed_guards(self)).unlink()

    def _sqms_refuse_by_hand(self):
        """The pages of the quiz work as superuser; a person who writes records does not."""
        if not self.env.su and self.sudo().filtered(
            lambda attempt: attempt.sqms_acknowledgement_id or attempt.survey_id.sqms_is_frozen
        ):
            raise AccessError(self.env._("Answers to the quiz of a document are given on its pages alone."))

    def _mark_done(self):
        result = super()._mark_done()
        for attempt in self.filtered("sqms_acknowledgement_id"):
            attempt.sqms_acknowledgement_id.sudo()._attempt_made(attempt)
        return result

    def _sqms_score(self):
        """The share of the points in %, from what was answered: nothing twice, one answer to a single choice."""
        self.ensure_one()
        possible = reached = 0.0
        for question in self.predefined_question_ids:
            lines = self.user_input_line_ids.filtered(lambda line, question=question: line.question_id == question)
            offered = question.suggested_answer_ids
            if question.question_type == "simple_choice":
                chosen = lines.suggested_answer_id & offered
                possible += max([score for score in offered.mapped("answer_score") if score > 0], default=0)
                reached += chosen.answer_score if len(chosen) == 1 else 0
            elif question.question_type == "multiple_choice":
                possible += sum(score for score in offered.mapped("answer_score") if score > 0)
                reached += max(sum((lines.suggested_answer_id & offered).mapped("answer_score")), 0)
            elif question.is_scored_question:
                possible += question.answer_score
                reached += max(lines.mapped("answer_score"), default=0)
        return round(min(max(reached / possible, 0), 1) * 100, 2) if possible else 0.0
