from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .sqms_keep_mixin import heed_guards


class SurveyUserInput(models.Model):
    """One attempt at frozen questions: the quiz of an edition, or what an addon adds by `_sqms_links`.

    1. It belongs to one reading. Nobody ties an attempt to a reading, changes or removes one by hand: attempts come
       from the pages of the quiz, where the person himself answers.
    2. Heard is what these questions offer, each choice once. A finished attempt hears nothing more and is not
       finished again.
    3. What counts is what was answered, counted anew: a single choice has one answer, none counts twice.
    """

    _inherit = "survey.user_input"

    sqms_acknowledgement_id = fields.Many2one(
        "sqms.acknowledgement", string="Reading", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict",
    )  # fmt: skip

    @api.model
    def _sqms_links(self):
        """The fields that tie an attempt to what it is taken for. Nobody but the quiz writes them."""
        return ("sqms_acknowledgement_id",)

    @api.model_create_multi
    def create(self, vals_list):
        inputs = super().create(vals_list)
        inputs._sqms_refuse_by_hand()
        return inputs

    def write(self, vals):
        self._sqms_refuse_by_hand()
        result = super().write(vals)
        if {"survey_id", *self._sqms_links()}.intersection(vals):
            self._sqms_refuse_by_hand()
        return result

    def unlink(self):
        self._sqms_refuse_by_hand()
        return super(SurveyUserInput, heed_guards(self)).unlink()

    def _sqms_refuse_by_hand(self):
        """The pages of the quiz work as superuser; a person who writes records does not."""
        links = self._sqms_links()
        if not self.env.su and self.sudo().filtered(
            lambda attempt: attempt.survey_id.sqms_is_frozen or any(attempt[name] for name in links)
        ):
            raise AccessError(self.env._("Answers to frozen questions are given on their pages alone."))

    # -- what is heard -----------------------------------------------------------------

    def _save_lines(self, question, answer, comment=None, overwrite_existing=True):
        if self.sudo().survey_id.sqms_is_frozen:
            answer = self._sqms_heard(question, answer)
        return super()._save_lines(question, answer, comment=comment, overwrite_existing=overwrite_existing)

    def _sqms_heard(self, question, answer):
        """The answer without repetitions. Late answers, other questions and choices not offered are refused."""
        if self.state == "done":
            raise UserError(self.env._("This attempt is finished; nothing can be added to it."))
        if question not in self.predefined_question_ids:
            raise UserError(self.env._("This question was not asked here."))
        if question.question_type == "matrix":
            rows = answer if isinstance(answer, dict) else {}
            return {
                row: self._sqms_offered(question.suggested_answer_ids, chosen)
                for row, chosen in rows.items()
                if self._sqms_offered(question.matrix_row_ids, [row])
            }
        if question.question_type not in ("simple_choice", "multiple_choice"):
            return answer
        if not isinstance(answer, (list, tuple)):
            return self._sqms_offered(question.suggested_answer_ids, [answer])[0] if answer else answer
        return self._sqms_offered(question.suggested_answer_ids, answer)

    def _sqms_offered(self, offered, chosen):
        """The ids that were chosen, as text, each once."""
        ids = list(dict.fromkeys(str(choice) for choice in chosen if choice))
        if not {str(answer.id) for answer in offered}.issuperset(ids):
            raise UserError(self.env._("This answer was not offered."))
        return ids

    def _mark_done(self):
        """An attempt at frozen questions is finished once; a request that is repeated changes nothing."""
        over = self.filtered(lambda attempt: attempt.state == "done" and attempt.survey_id.sqms_is_frozen)
        fresh = self - over
        result = super(SurveyUserInput, fresh)._mark_done()
        for attempt in fresh.filtered("sqms_acknowledgement_id"):
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
