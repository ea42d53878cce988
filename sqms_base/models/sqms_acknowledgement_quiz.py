import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS

from ..lib.workflow_pass import workflow_fields
from .sqms_document_version import OFFICER

QUIZ = ("quiz_passed", "quiz_score", "quiz_attempt", "quiz_passed_percent", "quiz_passed_digest")


class SqmsAcknowledgementQuiz(models.Model):
    """The quiz that a person passes before he confirms.

    1. Each reading has its own attempts: one token, as many as the edition gives, and what was granted besides.
    2. An attempt counts if the person himself finished it, at the questions of this very edition, unchanged.
    3. What was passed is fixed on the reading: score, pass mark, attempt, digest of the questions.
    4. Who has used them up waits for the owner of the document, who may grant more and says why.
    """

    _inherit = "sqms.acknowledgement"

    has_quiz = fields.Boolean(string="With Quiz", compute="_compute_has_quiz", compute_sudo=True)
    quiz_passed = fields.Boolean(readonly=True, copy=False)
    quiz_score = fields.Float(string="Score (%)", readonly=True, copy=False, aggregator=None)
    quiz_attempt = fields.Integer(string="Attempts Made", readonly=True, copy=False, aggregator=None)
    quiz_granted = fields.Integer(string="Further Attempts", readonly=True, copy=False, aggregator=None)
    quiz_passed_percent = fields.Float(string="Pass Mark (%)", readonly=True, copy=False, aggregator=None)
    quiz_passed_digest = fields.Char(string="Questions Passed", readonly=True, copy=False)
    quiz_token = fields.Char(readonly=True, copy=False, groups=NO_ACCESS)
    quiz_left = fields.Integer(string="Attempts Left", compute="_compute_has_quiz", compute_sudo=True)
    quiz_words = fields.Char(string="Quiz", compute="_compute_has_quiz", compute_sudo=True)

    _quiz_token_unique = models.UniqueIndex("(quiz_token) WHERE quiz_token IS NOT NULL")

    @api.depends("version_id.quiz_survey_id", "version_id.quiz_attempts", "quiz_attempt", "quiz_granted", "quiz_passed")
    @api.depends_context("lang")
    def _compute_has_quiz(self):
        for reading in self:
            version = reading.version_id
            reading.has_quiz = bool(version.quiz_survey_id)
            reading.quiz_left = (
                max(version.quiz_attempts + reading.quiz_granted - reading.quiz_attempt, 0) if reading.has_quiz else 0
            )
            if not reading.has_quiz:
                reading.quiz_words = False
            elif reading.quiz_passed:
                reading.quiz_words = self.env._("passed with %(score)d %%", score=reading.quiz_score)
            elif reading.quiz_left:
                reading.quiz_words = self.env._(
                    "%(percent)d %% to pass, %(left)s attempts left",
                    percent=version.quiz_pass_percent, left=reading.quiz_left,
                )  # fmt: skip
            else:
                reading.quiz_words = self.env._("no attempt left; the owner of the document was told")

    # -- taking it -------------------------------------------------------------------

    def action_take_quiz(self):
        """The page of the quiz, for the person himself."""
        self.ensure_one()
        self.check_access("read")
        reading = self.sudo()
        reason = reading._why_no_attempt()
        if reason:
            raise UserError(
                self.env._("The quiz of %(edition)s cannot be taken: %(reason)s.",
                           edition=reading.version_id.display_name, reason=reason)
            )  # fmt: skip
        if not reading.quiz_token:
            with workflow_fields(reading, "quiz_token"):
                reading.quiz_token = secrets.token_urlsafe(24)
        begun = [("sqms_acknowledgement_id", "=", reading.id), ("state", "!=", "done"), ("test_entry", "=", False)]
        attempt = self.env["survey.user_input"].sudo().search(begun, limit=1)
        if not attempt:
            attempt = reading.version_id.quiz_copy_id._create_answer(
                user=self.env.user, invite_token=reading.quiz_token
            )
        return {"type": "ir.actions.act_url", "url": attempt.get_start_url(), "target": "self"}

    def _why_no_attempt(self):
        version = self.version_id
        if self.employee_id.user_id != self.env.user:
            return self.env._("each person takes it himself")
        if not version.quiz_copy_id:
            return self.env._("it has none")
        if self.state != "open" or not version.is_in_force:
            return self.env._("the edition is not to be read now")
        if self.quiz_passed:
            return self.env._("you have passed it")
        if not self.quiz_left:
            return self.env._("no attempt is left")
        return None

    def _attempt_made(self, attempt):
        """An attempt was finished: fix what was passed, or tell the owner when it was the last."""
        self.ensure_one()
        version = self.version_id
        if (
            self.state != "open" or self.quiz_passed or not self.quiz_left
            or attempt.state != "done" or attempt.test_entry
            or attempt.survey_id != version.quiz_copy_id
            or attempt.invite_token != self.quiz_token
            or self.employee_id.user_id != self.env.user or attempt.partner_id != self.env.user.partner_id
        ):  # fmt: skip
            return
        score = attempt._sqms_score()
        passed = attempt.scoring_success and score >= version.quiz_pass_percent and version._is_quiz_intact()
        values = {"quiz_attempt": self.quiz_attempt + 1, "quiz_score": score, "quiz_passed": passed}
        if passed:
            values |= {"quiz_passed_percent": version.quiz_pass_percent, "quiz_passed_digest": version.quiz_digest}
        with workflow_fields(self, *QUIZ):
            self.write(values)
        self._ledger_log("quiz", new=values)
        if not passed and not self.quiz_left:
            self._tell_owner()

    def _tell_owner(self):
        version = self.version_id
        owner = version.owner_id or version.author_id
        version.with_user(self.env.ref("base.user_root")).activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.with_context(lang=owner.lang).env._(
                "%(name)s has used up the attempts at the quiz", name=self.employee_id.name
            ),
            user_id=owner.id,
        )

    # -- the owner grants more ---------------------------------------------------------------

    def _may_grant(self):
        user = self.env.user
        return user != self.sudo().employee_id.user_id and (
            user == self.sudo().document_id.owner_id or user.has_group(OFFICER)
        )

    def _grant_attempts(self, attempts, reason):
        """More attempts, with the reason in the ledger."""
        for reading in self:
            if not reading._may_grant():
                raise AccessError(
                    self.env._("Further attempts are granted by the owner of the document, and to nobody by himself.")
                )
        if not (reason or "").strip() or attempts < 1:
            raise UserError(self.env._("Please say how many attempts, and why."))
        readings = self.sudo()
        if any(reading.state != "open" or reading.quiz_passed or not reading.has_quiz for reading in readings):
            raise UserError(self.env._("Further attempts are for who still has a quiz to pass."))
        for reading in readings:
            with workflow_fields(reading, "quiz_granted"):
                reading.quiz_granted += attempts
        readings._ledger_log("attempts granted", new={"quiz_granted": attempts}, reason=reason.strip())

    # -- no confirmation without it --------------------------------------------------------------

    def _check_acknowledge(self):
        refusals = super()._check_acknowledge()
        for reading in self.sudo():
            if reading.has_quiz and not reading.quiz_passed:
                refusals.setdefault(reading.id, self.env._("please pass the quiz first"))
        return refusals
