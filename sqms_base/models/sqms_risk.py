from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..lib.transition import Transition

_lt = LazyTranslate(__name__)

OFFICER = "sqms_base.group_sqms_officer"
MANAGER = "sqms_base.group_sqms_manager"
TOP = "sqms_base.group_sqms_top"
LEVELS = [("low", "Low"), ("medium", "Medium"), ("high", "High"), ("extreme", "Extreme")]
UNRATED = "unrated"
GRAVE = ("high", "extreme")
# Days until it is looked at again, unless who rates it says otherwise.
REVIEW_DAYS = {"low": 365, "medium": 182, "high": 91, "extreme": 30}
TREATMENTS = [
    ("avoid", "Avoid"),
    ("reduce", "Reduce"),
    ("share", "Share It"),
    ("accept", "Accept"),
    ("pursue", "Pursue"),
    ("enhance", "Enhance"),
    ("leave", "Leave"),
]
OF_KIND = {
    "risk": ("avoid", "reduce", "share", "accept"),
    "opportunity": ("pursue", "enhance", "share", "leave"),
}
NEEDS_ACTION = ("reduce", "pursue")
NOTHING_DONE = ("accept", "leave")
# In what is decided the decision itself is closed; everything else goes on.
OPEN_WHEN_DECIDED = (
    "name", "description", "cause", "consequence", "controls", "process_id", "owner_id", "owned_by_ids", "clause_ids",
    "document_ids", "goal_ids", "rating_ids", "action_ids", "date_next_review", "reconsider_reason",
    "no_effect_reason", "activity_ids",
)  # fmt: skip


class SqmsRisk(models.Model):
    """What may happen, how likely and how grave it is, before and after something was done about it.

    1. It is rated by choosing a step of each scale; the first rating is “before”, the latest is “after”.
    2. A treatment is decided: to reduce a risk or to pursue an opportunity takes at least one action; to accept or
       leave it takes a reason, and a grave risk is accepted by top management or by a manager who does not own it,
       signed.
    3. Decided, the decision is closed; it is reconsidered with a reason. What was accepted and is graver now is
       decided anew.
    4. It is closed by somebody who never owned it, when it was rated after its last action was verified and that
       rating shows an effect, or a reason why not.
    """

    _name = "sqms.risk"
    _description = "Risk or Opportunity"
    _inherit = ["sqms.workflow.mixin", "sqms.number.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "score desc, id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _number_prefix = "R"

    # what may happen
    name = fields.Char(string="What May Happen", required=True, tracking=True)
    kind = fields.Selection(
        [("risk", "Risk"), ("opportunity", "Opportunity")], required=True, default="risk", tracking=True, index=True
    )
    description = fields.Text()
    cause = fields.Text(string="Why It May Happen")
    consequence = fields.Text(string="What Follows")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    process_id = fields.Many2one(
        "sqms.process", check_company=True, index="btree_not_null", ondelete="restrict", tracking=True
    )
    owner_id = fields.Many2one(
        "res.users", domain=[("share", "=", False)], check_company=True, index="btree_not_null", ondelete="restrict",
        tracking=True, default=lambda self: self.env.user,
        help="Watches it, rates it and sees to it that something is done.",
    )  # fmt: skip
    owned_by_ids = fields.Many2many(
        "res.users", "sqms_risk_owned_by_rel", string="Owned By So Far", readonly=True, copy=False, ondelete="restrict",
        help="None of them closes it.",
    )  # fmt: skip
    # what it is linked with
    res_model = fields.Char(string="Kind of Source", readonly=True, copy=False)
    res_id = fields.Many2oneReference(string="Source", model_field="res_model", readonly=True, copy=False)
    clause_ids = fields.Many2many("sqms.clause", string="Clauses", ondelete="restrict")
    document_ids = fields.Many2many(
        "sqms.document", string="Documents", check_company=True, ondelete="restrict",
        help="Where the controls are laid down.",
    )  # fmt: skip
    goal_ids = fields.Many2many(
        "sqms.goal", string="Goals", check_company=True, ondelete="restrict", help="What it endangers or helps."
    )
    # how grave it is
    rating_ids = fields.One2many("sqms.risk.rating", "risk_id", string="Ratings", copy=False)
    rating_count = fields.Integer(compute="_compute_rating", store=True)
    rating_id = fields.Many2one(
        "sqms.risk.rating", string="Latest Rating", compute="_compute_rating", store=True, ondelete="restrict"
    )
    likelihood = fields.Integer(compute="_compute_rating", store=True, aggregator=None)
    impact = fields.Integer(compute="_compute_rating", store=True, aggregator=None)
    score = fields.Integer(compute="_compute_rating", store=True, aggregator=None)
    level = fields.Selection(
        [(UNRATED, "Not Rated"), *LEVELS], compute="_compute_rating", store=True, index=True, tracking=True,
        group_expand="_group_expand_level",
    )  # fmt: skip
    likelihood_before = fields.Integer(compute="_compute_rating", store=True, aggregator=None)
    impact_before = fields.Integer(compute="_compute_rating", store=True, aggregator=None)
    score_before = fields.Integer(compute="_compute_rating", store=True, aggregator=None)
    level_before = fields.Selection(LEVELS, compute="_compute_rating", store=True)
    date_next_review = fields.Date(string="Next Review", index=True, tracking=True, copy=False)
    reminded_for = fields.Date(readonly=True, copy=False, help="The date of the review that the owner was told of.")
    is_overdue = fields.Boolean(string="Review Overdue", compute="_compute_is_overdue", search="_search_is_overdue")
    # what is done about it
    controls = fields.Text(string="Existing Controls", help="What keeps it in check today.")
    treatment = fields.Selection(TREATMENTS, tracking=True, copy=False)
    treatment_reason = fields.Text(string="Why This Treatment", copy=False)
    decided_level = fields.Selection(LEVELS, string="Level When Decided", readonly=True, copy=False)
    decided_at = fields.Datetime(string="Decided On", readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    action_ids = fields.One2many("sqms.action", "risk_id", string="Actions")
    no_effect_reason = fields.Text(
        string="Why No Effect Shows", copy=False, help="Asked for when the latest rating is no better than the first."
    )
    reconsider_reason = fields.Text(string="Why It Is Reconsidered", copy=False)
    closed_at = fields.Datetime(string="Closed On", readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    reopen_reason = fields.Text(string="Why It Is Reopened", copy=False)
    state = fields.Selection(
        [
            ("identified", "Identified"),
            ("assessed", "Assessed"),
            ("treated", "Being Treated"),
            ("monitored", "Monitored"),
            ("closed", "Closed"),
        ],
        required=True, default="identified", readonly=True, copy=False, tracking=True, index=True,
    )  # fmt: skip

    _matrix_idx = models.Index("(company_id, kind, process_id) WHERE state != 'closed'")
    _source_idx = models.Index("(res_model, res_id)")

    _ledger_fields = (
        "number", "name", "kind", "description", "cause", "consequence", "company_id", "process_id", "owner_id",
        "owned_by_ids", "res_model", "res_id", "clause_ids", "document_ids", "goal_ids", "level", "controls",
        "treatment", "treatment_reason", "decided_level", "decided_at", "decided_by_id", "no_effect_reason",
        "reconsider_reason", "closed_at", "closed_by_id", "reopen_reason", "date_next_review", "state",
    )  # fmt: skip
    _signature_fields = (
        "number", "name", "kind", "description", "cause", "consequence", "process_id", "controls", "treatment",
        "treatment_reason",
    )  # fmt: skip
    _workflow_initial = ("identified",)
    _workflow_managed = (
        "owned_by_ids", "decided_level", "decided_at", "decided_by_id", "closed_at", "closed_by_id", "reminded_for",
        "rating_count", "rating_id", "likelihood", "impact", "score", "level", "likelihood_before", "impact_before",
        "score_before", "level_before",
    )  # fmt: skip
    _workflow_fixed = ("company_id", "res_model", "res_id")
    _workflow_locked = {
        "treated": OPEN_WHEN_DECIDED,
        "monitored": OPEN_WHEN_DECIDED,
        "closed": ("reopen_reason", "activity_ids"),
    }
    _workflow = (
        Transition(
            name="assess", label=_lt("Assess"), source=("identified",), target="assessed",
            system=True,
        ),
        Transition(
            name="treat", label=_lt("Decide Treatment"), source=("assessed",), target="treated",
            groups=OFFICER, required=("treatment",),
        ),
        Transition(
            name="accept", label=_lt("Accept"), source=("assessed",), target="treated",
            groups=f"{MANAGER},{TOP}", required=("treatment", "treatment_reason"), signature="approver",
        ),
        Transition(
            name="monitor", label=_lt("Monitor"), source=("treated",), target="monitored",
            groups=OFFICER,
        ),
        Transition(
            name="close", label=_lt("Close"), source=("monitored",), target="closed",
            groups=f"{MANAGER},{TOP}",
        ),
        Transition(
            name="reconsider", label=_lt("Reconsider"), source=("treated", "monitored"), target="assessed",
            groups=f"{OFFICER},{TOP}", required=("reconsider_reason",), rare=True,
        ),
        Transition(
            name="outgrown", label=_lt("Decide Anew"), source=("treated", "monitored"), target="assessed",
            system=True,
        ),
        Transition(
            name="reopen", label=_lt("Reopen"), source=("closed",), target="assessed",
            groups=f"{MANAGER},{TOP}", required=("reopen_reason",),
            rare=True,
        ),
    )  # fmt: skip
    _morning_sign_due = "date_next_review"
    _morning_sign_action = "sqms_base.sqms_risk_action"

    # -- computes ----------------------------------------------------------------

    @api.depends("number", "name")
    def _compute_display_name(self):
        for record in self:
            record.display_name = " ".join(filter(None, (record.number, record.name)))

    @api.depends("rating_ids")
    def _compute_rating(self):
        for risk in self:
            ratings = risk.sudo().rating_ids.sorted(lambda rating: (rating.rated_at, rating.id))
            first, latest = ratings[:1], ratings[-1:]
            risk.rating_count = len(ratings)
            risk.rating_id = latest
            for name in ("likelihood", "impact", "score", "level"):
                risk[name] = latest[name]
                risk[f"{name}_before"] = first[name]
            risk.level = latest.level or UNRATED

    @api.model
    def _group_expand_level(self, levels, domain):
        return [*([UNRATED] if UNRATED in levels else []), *(name for name, _label in LEVELS)]

    @api.depends("date_next_review", "state")
    def _compute_is_overdue(self):
        for risk in self:
            risk.is_overdue = bool(
                risk.state != "closed"
                and risk.date_next_review
                and risk.date_next_review < (risk.company_id or self.env.company)._sqms_today()
            )

    def _search_is_overdue(self, operator, value):
        """By the days of each company."""
        if operator != "in" or set(value) - {True, False} or len(set(value)) != 1:
            return NotImplemented
        late = Domain.OR(
            Domain("company_id", "in", ids) & Domain("date_next_review", "<", day)
            for day, ids in self.env["res.company"]._sqms_days().items()
        ) & Domain("state", "!=", "closed")
        return late if True in value else ~late

    # -- rules -------------------------------------------------------------------

    @api.constrains("kind", "treatment")
    def _check_treatment(self):
        words = dict(self._fields["treatment"]._description_selection(self.env))
        for risk in self:
            if risk.treatment and risk.treatment not in OF_KIND[risk.kind]:
                raise ValidationError(
                    self.env._("“%(treatment)s” is no treatment of this kind: %(possible)s.",
                               treatment=words[risk.treatment],
                               possible=", ".join(words[name] for name in OF_KIND[risk.kind]))
                )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        risks = super().create(vals_list)
        risks._note_owners()
        return risks

    def write(self, vals):
        if "kind" in vals and any(risk.rating_count and risk.kind != vals["kind"] for risk in self):
            raise UserError(self.env._("What has been rated stays what it is, a risk or an opportunity."))
        result = super().write(vals)
        if vals.get("owner_id"):
            self._note_owners()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_rated(self):
        rated = self.sudo().filtered("rating_ids")
        if rated:
            raise UserError(
                self.env._("%s has been rated and is kept. Please close it instead.", rated[:1].display_name)
            )
