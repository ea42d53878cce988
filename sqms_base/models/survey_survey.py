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
    """Copied questions stay as they are, whoever wants to change them.

    1. They are answered by those who were asked to: of an edition, each for his own reading.
    2. An addon with quizzes of its own says in `_sqms_taken_for` who takes them and for what.
    """

    _inherit = "survey.survey"

    sqms_is_frozen = fields.Boolean(string="Frozen Questions", readonly=True, copy=False, index="btree_not_null")

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
                    "“%(quiz)s” is a copy that people are measured by: its questions can no longer be changed.",
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

    def _sqms_freeze(self, percent, attempts, belongs_to):
        """A copy that nobody changes and that is taken by invitation alone.

        :param attempts: 0 for as many as needed
        :param belongs_to: the record whose name stands beside the title, in each language
        """
        self.ensure_one()
        copied = self.copy(
            {
                "access_mode": "token",
                "users_login_required": True,
                "scoring_type": "scoring_without_answers",
                "scoring_success_min": percent,
                "is_attempts_limited": bool(attempts),
                "attempts_limit": attempts or 1,
                "certification": False,
                "certification_give_badge": False,
                "active": True,
            }
        )
        for lang, _name in self.env["res.lang"].get_installed():
            title, name = self.with_context(lang=lang).title, belongs_to.with_context(lang=lang).display_name
            copied.with_context(lang=lang).title = f"{title} · {name}"
        copied.sqms_is_frozen = True
        self.env.flush_all()
        return copied

    def _sqms_why_no_points(self):
        """Why nobody can pass these questions, as a part of a sentence, or nothing."""
        self.ensure_one()
        if self.scoring_type == "no_scoring" or self.scoring_max_obtainable <= 0:
            return self.env._("its quiz gives no points")
        if not self.question_ids or (self.questions_layout == "page_per_section" and not self.page_ids):
            return self.env._("its quiz has no questions")
        return None

    # -- who answers -----------------------------------------------------------------

    def _create_answer(self, user=False, partner=False, email=False, test_entry=False, check_attempts=True, **vals):
        for name in self.env["survey.user_input"]._sqms_links():
            vals.pop(name, None)
        if not test_entry and self.sudo().filtered("sqms_is_frozen"):
            if len(self) > 1:
                raise UserError(self.env._("Frozen questions are taken one by one."))
            vals |= self._sqms_taken_for(vals.get("invite_token"), user, partner)
        return super()._create_answer(
            user=user, partner=partner, email=email, test_entry=test_entry, check_attempts=check_attempts, **vals
        )

    def _sqms_taken_for(self, token, user, partner):
        """What an attempt belongs to: the values that tie it, or a refusal.

        :param token: of the pool of attempts; it proves nothing without the person
        :param partner: whom the page names beside the user; it must be himself
        """
        reading = self._sqms_reading(token, user)
        if not reading or partner and partner != user.partner_id:
            raise UserError(self.env._("This quiz is taken from “My Readings”, by who is asked to read."))
        return {"sqms_acknowledgement_id": reading.id}

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
