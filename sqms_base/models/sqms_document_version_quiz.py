from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.workflow_pass import workflow_fields
from .survey_survey import frozen_quiz


class SqmsDocumentVersionQuiz(models.Model):
    """The quiz of an edition: who does not pass it does not confirm.

    1. The author chooses a survey with points, a pass mark and a number of attempts. From the review on they stay.
    2. When the edition is sent for review the questions are copied. The copy belongs to the edition, nobody
       changes it, and its digest is signed by reviewer and approver. What is done to the survey later changes nothing.
    3. Back in draft, the copy is put away; the next review gets a new one.
    """

    _inherit = "sqms.document.version"

    quiz_survey_id = fields.Many2one(
        "survey.survey", string="Quiz", index="btree_not_null", tracking=True, ondelete="restrict",
        domain=[("scoring_type", "!=", "no_scoring"), ("sqms_is_frozen", "=", False)],
        help="Whoever reads the edition answers these questions before he can confirm. They are copied when it is "
        "sent for review.",
    )  # fmt: skip
    quiz_pass_percent = fields.Float(
        string="Pass Mark (%)", default=80.0, tracking=True, help="The share of the points that must be reached."
    )
    quiz_attempts = fields.Integer(
        string="Attempts", default=3, tracking=True, help="Afterwards the owner of the document decides about more."
    )
    quiz_copy_id = fields.Many2one(
        "survey.survey", string="Questions of This Edition", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict",
    )  # fmt: skip
    quiz_digest = fields.Char(string="Digest of the Questions", readonly=True, copy=False)

    _quiz_pass_range = models.Constraint(
        "CHECK(quiz_survey_id IS NULL OR (quiz_pass_percent > 0 AND quiz_pass_percent <= 100))",
        "The pass mark lies above 0 and at most at 100 %.",
    )
    _quiz_attempts_positive = models.Constraint(
        "CHECK(quiz_survey_id IS NULL OR quiz_attempts > 0)", "Give people at least one attempt."
    )

    @api.constrains("quiz_survey_id", "quiz_pass_percent", "quiz_attempts")
    def _check_quiz(self):
        for version in self.filtered("quiz_survey_id"):
            if not 0 < version.quiz_pass_percent <= 100:
                raise ValidationError(self.env._("The pass mark lies above 0 and at most at 100 %."))
            if version.quiz_attempts < 1:
                raise ValidationError(self.env._("Give people at least one attempt."))
            if version.sudo().quiz_survey_id.sqms_is_frozen:
                raise ValidationError(self.env._("These are the questions of an edition; please choose their survey."))

    def _why_no_quiz(self):
        survey = self.sudo().quiz_survey_id
        return survey._sqms_why_no_points() if survey else None

    # -- frozen with the review ----------------------------------------------------

    def _check_submit(self):
        refusals = super()._check_submit()
        for version in self:
            reason = version._why_no_quiz()
            if reason:
                refusals.setdefault(version.id, reason)
        return refusals

    def _prepare_submit_values(self):
        values = super()._prepare_submit_values()
        for version in self:
            values[version.id].update(version._freeze_quiz())
        return values

    def _prepare_return_to_author_values(self):
        values = super()._prepare_return_to_author_values()
        for version in self.filtered("quiz_copy_id"):
            with frozen_quiz(version.sudo().quiz_copy_id):
                version.sudo().quiz_copy_id.active = False
            values[version.id].update(quiz_copy_id=False, quiz_digest=False)
        return values

    def _check_approve(self):
        refusals = super()._check_approve()
        for version in self.filtered("quiz_survey_id"):
            if not version._is_quiz_intact():
                refusals.setdefault(
                    version.id, self.env._("the questions of its quiz were changed; please return it to its author")
                )
        return refusals

    def _approval_values(self, approver, approved_at, effective_from):
        values = super()._approval_values(approver, approved_at, effective_from)
        if self.quiz_survey_id and not self.quiz_copy_id:
            values.update(self._freeze_quiz())
        return values

    def _take_over_in_review(self):
        for version in self.filtered("quiz_survey_id"):
            with workflow_fields(version, "quiz_copy_id", "quiz_digest"):
                version.write(version._freeze_quiz())
        return super()._take_over_in_review()

    def _freeze_quiz(self):
        """Copy the questions; nobody else changes the copy, and it is taken by invitation alone."""
        survey = self.sudo().quiz_survey_id
        if not survey:
            return {}
        copied = survey._sqms_freeze(self.quiz_pass_percent, self.quiz_attempts, self)
        return {"quiz_copy_id": copied.id, "quiz_digest": copied._sqms_digest()}

    def _is_quiz_intact(self):
        copied = self.sudo().quiz_copy_id
        return bool(copied and copied.active and copied._sqms_digest() == self.quiz_digest)
