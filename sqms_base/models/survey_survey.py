import hashlib
import json
from contextlib import contextmanager
from contextvars import ContextVar

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..lib.database_image import database_image
from .sqms_keep_mixin import heed_guards

# What is asked and what it counts for, in the digest of a quiz.
SURVEY = ("title", "description", "scoring_success_min", "attempts_limit", "questions_selection", "questions_layout")
QUESTION = (
    "title", "description", "sequence", "is_page", "question_type", "random_questions_count", "is_scored_question",
    "answer_numerical_box", "answer_date", "answer_datetime", "answer_score", "constr_mandatory",
    "triggering_answer_ids",
)  # fmt: skip
ANSWER = ("value", "question_id", "matrix_question_id", "sequence", "is_correct", "answer_score")

# Which frozen surveys may be written now. Server code alone sets it: what the context says comes from the client.
_open = ContextVar("sqms_frozen_quiz", default=frozenset())


@contextmanager
def frozen_quiz(surveys):
    """Let the suite's own code change the frozen copies; Python only."""
    token = _open.set(_open.get() | set(surveys.ids))
    try:
        yield
        surveys.flush_recordset()
    finally:
        _open.reset(token)


class SurveySurvey(models.Model):
    """The copied questions of an edition stay as they are, whoever wants to change them.

    They are answered by those who were asked to read the edition, each for his own reading.
    """

    _inherit = "survey.survey"

    sqms_is_frozen = fields.Boolean(string="Questions of a Document", readonly=True, copy=False, index="btree_not_null")

    def write(self, vals):
        if set(vals) - {"message_follower_ids", "message_main_attachment_id", "activity_ids"}:
            self._sqms_refuse_frozen()
        return super().write(vals)

    def unlink(self):
        self._sqms_refuse_frozen()
        return super(SurveySurvey, heed_guards(self)).unlink()

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        self._sqms_refuse_frozen()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    def _sqms_refuse_frozen(self):
        frozen = self.sudo().filtered("sqms_is_frozen")
        if frozen and not _open.get().issuperset(frozen.ids):
            raise AccessError(
                self.env._(
                    "“%(quiz)s” belongs to an edition of a document: its questions can no longer be changed.",
                    quiz=frozen[0].title,
                )
            )

    def _sqms_digest(self):
        """A digest of everything that is asked and what it counts for, straight from the database."""
        self.ensure_one()
        self.env.flush_all()
        questions = self.question_and_page_ids
        answers = questions.suggested_answer_ids | questions.matrix_row_ids
        image = [
            database_image(self, SURVEY),
            database_image(questions, QUESTION) if questions else {},
            database_image(answers, ANSWER) if answers else {},
        ]
        text = json.dumps(image, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"

    # -- who answers -----------------------------------------------------------------

    def _create_answer(self, user=False, partner=False, email=False, test_entry=False, check_attempts=True, **vals):
        frozen = self.sudo().filtered("sqms_is_frozen")
        if frozen and not test_entry:
            if len(self) > 1:
                raise UserError(self.env._("The quiz of a document is taken one by one."))
            reading = self._sqms_reading(vals.get("invite_token"), user)
            if not reading or partner and partner != user.partner_id:
                raise UserError(self.env._("This quiz is taken from “My Readings”, by who is asked to read."))
            vals["sqms_acknowledgement_id"] = reading.id
        else:
            vals.pop("sqms_acknowledgement_id", None)
        return super()._create_answer(
            user=user, partner=partner, email=email, test_entry=test_entry, check_attempts=check_attempts, **vals
        )

    def _sqms_reading(self, token, user):
        """The open reading for which this person takes the quiz with this token."""
        readings = self.env["sqms.acknowledgement"].sudo()
        if not token or not user:
            return readings
        reading = readings.search([("quiz_token", "=", token), ("state", "=", "open")], limit=1)
        if reading.employee_id.user_id == user and reading.version_id.quiz_copy_id == self:
            return reading
        return readings

    def _get_number_of_attempts_lefts(self, partner, email, invite_token):
        left = super()._get_number_of_attempts_lefts(partner, email, invite_token)
        if self.sqms_is_frozen and invite_token:
            left += self.env["sqms.acknowledgement"].sudo().search([("quiz_token", "=", invite_token)]).quiz_granted
        return left
