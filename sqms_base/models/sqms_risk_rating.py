from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..lib.risk_level import level_of
from .sqms_risk import LEVELS, REVIEW_DAYS
from .sqms_risk_scale import BY_KIND

BY_SYSTEM = ("company_id", "rated_at", "rated_by_id", "likelihood", "impact", "score", "level", "texts")


class SqmsRiskRating(models.Model):
    """How likely and how grave a risk was found to be: when, by whom and why.

    1. A step of each scale is chosen; the level follows from the limits of the company on that day.
    2. The system records who and when. It is never changed or deleted; the next rating puts it right.
    3. It keeps the words of the scale that it was made with.
    """

    _name = "sqms.risk.rating"
    _description = "Rating of a Risk"
    _inherit = ["sqms.workflow.line.mixin", "sqms.ledger.mixin"]
    _order = "rated_at, id"
    _check_company_auto = True
    _workflow_parent = "risk_id"
    _workflow_parent_lines = "rating_ids"

    risk_id = fields.Many2one("sqms.risk", required=True, index=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(
        related="risk_id.company_id", store=True, precompute=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(related="risk_id.kind")
    rated_at = fields.Datetime(string="Rated On", required=True, readonly=True, copy=False)
    rated_by_id = fields.Many2one(
        "res.users", required=True, readonly=True, copy=False, index=True, ondelete="restrict"
    )
    step_ids = fields.Many2many("sqms.risk.scale", compute="_compute_step_ids")
    likelihood_id = fields.Many2one(
        "sqms.risk.scale", string="How Likely", required=True, ondelete="restrict",
        domain="[('id', 'in', step_ids), ('dimension', '=', 'likelihood')]",
    )  # fmt: skip
    impact_id = fields.Many2one(
        "sqms.risk.scale", string="How Much It Matters", required=True, ondelete="restrict",
        domain="[('id', 'in', step_ids), ('dimension', '!=', 'likelihood')]",
    )  # fmt: skip
    likelihood = fields.Integer(
        related="likelihood_id.value", string="Likelihood", store=True, precompute=True, aggregator=None
    )
    impact = fields.Integer(related="impact_id.value", string="Impact", store=True, precompute=True, aggregator=None)
    score = fields.Integer(compute="_compute_score", store=True, precompute=True, aggregator=None)
    level = fields.Selection(LEVELS, compute="_compute_score", store=True, precompute=True)
    texts = fields.Json(string="Words of the Scale", readonly=True, copy=False, export_string_translation=False)
    words = fields.Char(compute="_compute_words")
    reason = fields.Text(required=True, help="What was looked at, and what it showed.")
    date_next_review = fields.Date(
        string="Next Review", compute="_compute_date_next_review", store=True, precompute=True, readonly=False,
        help="When it is to be looked at again.",
    )  # fmt: skip

    _ledger_fields = (
        "risk_id", "rated_at", "rated_by_id", "likelihood_id", "impact_id", "likelihood", "impact", "score", "level",
        "texts", "reason", "date_next_review",
    )  # fmt: skip

    # -- computes ----------------------------------------------------------------

    @api.depends("risk_id")
    def _compute_step_ids(self):
        scale = self.env["sqms.risk.scale"]
        for rating in self:
            risk = rating.risk_id
            company = risk.company_id or self.env.company
            rating.step_ids = scale._steps(company, "likelihood") | scale._steps(company, BY_KIND[risk.kind or "risk"])

    @api.depends("likelihood_id", "impact_id")
    def _compute_score(self):
        for rating in self:
            likelihood, impact = rating.likelihood_id.value, rating.impact_id.value
            rating.score = likelihood * impact
            limits = (rating.risk_id.company_id or self.env.company)._sqms_risk_limits()
            rating.level = level_of(likelihood, impact, limits) if rating.score else False

    @api.depends("level")
    def _compute_date_next_review(self):
        for rating in self:
            today = (rating.risk_id.company_id or self.env.company)._sqms_today()
            rating.date_next_review = rating.level and today + timedelta(days=REVIEW_DAYS[rating.level])

    @api.depends("texts")
    @api.depends_context("lang")
    def _compute_words(self):
        for rating in self:
            spoken = [(rating.texts or {}).get(name) or {} for name in ("likelihood", "impact")]
            rating.words = " × ".join(
                text.get(self.env.lang) or text.get("en_US") or next(iter(text.values()), "") for text in spoken if text
            )

    @api.depends("rated_at", "words")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for rating in self:
            day = fields.Datetime.context_timestamp(rating, rating.rated_at).date() if rating.rated_at else ""
            rating.display_name = " · ".join(filter(None, (str(day), rating.words)))

    # -- rules -------------------------------------------------------------------

    @api.constrains("reason")
    def _check_reason(self):
        for rating in self:
            if not (rating.reason or "").strip():
                raise ValidationError(self.env._("Please say on what the rating rests."))

    @api.constrains("likelihood_id", "impact_id", "risk_id")
    def _check_steps(self):
        for rating in self:
            of_kind = BY_KIND[rating.risk_id.kind]
            steps = rating.likelihood_id | rating.impact_id
            if (rating.likelihood_id.dimension, rating.impact_id.dimension) != ("likelihood", of_kind) or (
                steps - rating.step_ids
            ):
                raise ValidationError(
                    self.env._("Please choose a step of likelihood and one of impact from the scale of the company.")
                )

    @api.constrains("rated_at")
    def _check_rated_at(self):
        now = fields.Datetime.now()
        for rating in self:
            if rating.rated_at > now:
                raise ValidationError(self.env._("A rating is never dated in the future."))

    @api.constrains("date_next_review")
    def _check_date_next_review(self):
        for rating in self:
            if rating.date_next_review and rating.date_next_review < rating.rated_at.date():
                raise ValidationError(self.env._("The next review is not before the rating."))

    # -- ORM ---------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """Neither a context nor a default of somebody fills in what the system does."""
        return {name: value for name, value in super().default_get(fields).items() if name not in BY_SYSTEM}

    @api.model_create_multi
    def create(self, vals_list):
        # Only what the system itself takes over (demo data, migration) was rated at another time than now.
        words = (
            self.env["sqms.risk.scale"]
            .browse({vals.get(name) for vals in vals_list for name in ("likelihood_id", "impact_id")} - {None, False})
            ._words()
        )
        rows = []
        for vals in vals_list:
            system = {"rated_at": fields.Datetime.now(), "rated_by_id": self.env.uid}
            given = {name: vals[name] for name in system if vals.get(name)} if self.env.su else {}
            rows.append(
                {
                    **{name: value for name, value in vals.items() if name not in BY_SYSTEM},
                    **system,
                    **given,
                    "texts": {
                        "likelihood": words.get(vals.get("likelihood_id"), {}),
                        "impact": words.get(vals.get("impact_id"), {}),
                    },
                }
            )
        ratings = super().create(rows)
        ratings.risk_id._rated()
        return ratings

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        self._refuse_change()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        self._refuse_change()

    def _refuse_change(self):
        if self:
            raise UserError(self.env._("A rating stays as it was made. Please rate the risk again instead."))
