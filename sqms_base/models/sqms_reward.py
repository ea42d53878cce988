from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import LazyTranslate, formatLang

from ..lib.transition import Transition
from .sqms_improvement import MANAGER, OFFICER, TOP

_lt = LazyTranslate(__name__)
WHOLE = 100.0
NEARLY = 0.005


class SqmsReward(models.Model):
    """What is given for an improvement, to whom, approved by whom.

    1. The system proposes it by a rule, once for each improvement and rule; nobody makes one by hand.
    2. Top management or a quality manager approves it with a signature: not who had the idea, not who is to receive it,
       not who changed how it is shared.
    3. It is approved and given while its condition still holds: an improvement that was rejected since, or whose
       verification was taken back, gives nothing.
    4. It is given once. Points reach a person's user by `sqms.reward.point`, of which the database keeps one for each
       share. Who has no user receives money only.
    """

    _name = "sqms.reward"
    _description = "Reward"
    _inherit = [
        "sqms.author.mixin",
        "sqms.workflow.mixin",
        "sqms.number.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["number", "improvement_id.name"]
    _check_company_auto = True
    _number_prefix = "RWD"

    improvement_id = fields.Many2one(
        "sqms.improvement", required=True, readonly=True, index=True, check_company=True, ondelete="restrict"
    )
    author_id = fields.Many2one(string="Whose Idea")
    rule_id = fields.Many2one(
        "sqms.reward.rule", string="By the Rule", required=True, readonly=True, index=True, check_company=True,
        ondelete="restrict",
    )  # fmt: skip
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company,
        ondelete="restrict",
    )  # fmt: skip
    currency_id = fields.Many2one(related="company_id.currency_id")
    # copied from the rule when it was proposed
    condition = fields.Selection([("adopted", "Adopted"), ("verified", "Saving Verified")], readonly=True)
    points = fields.Integer(readonly=True)
    badge_id = fields.Many2one("gamification.badge", readonly=True, index="btree_not_null", ondelete="restrict")
    money = fields.Monetary(currency_field="currency_id", readonly=True)
    saving_base = fields.Monetary(
        string="Of a Verified Saving Of", currency_field="currency_id", readonly=True, aggregator=None
    )
    summary = fields.Char(string="What Is Given", compute="_compute_summary")
    # to whom
    share_ids = fields.One2many("sqms.reward.share", "reward_id", string="Shares", copy=False)
    receivers = fields.Char(string="Recipients", compute="_compute_receivers")
    # how far it is
    state = fields.Selection(
        [("proposed", "Proposed"), ("approved", "Approved"), ("given", "Given"), ("refused", "Refused")],
        required=True, default="proposed", readonly=True, copy=False, tracking=True, index=True,
    )  # fmt: skip
    refuse_reason = fields.Text(string="Why Not", copy=False)
    approver_id = fields.Many2one(
        "res.users", string="Approved By", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    approved_at = fields.Datetime(string="Approved On", readonly=True, copy=False)
    given_at = fields.Datetime(string="Given On", readonly=True, copy=False)
    given_by_id = fields.Many2one("res.users", readonly=True, copy=False, index="btree_not_null", ondelete="restrict")

    _once = models.UniqueIndex("(improvement_id, rule_id)", "This rule has already rewarded this improvement.")
    _not_negative = models.Constraint("CHECK(points >= 0 AND money >= 0)", "A reward takes nothing away.")
    _state_idx = models.Index("(company_id, state)")

    _ledger_fields = (
        "number", "improvement_id", "rule_id", "company_id", "condition", "points", "badge_id", "money", "saving_base",
        "state", "author_id", "contributor_ids", "refuse_reason", "approver_id", "approved_at", "given_at",
        "given_by_id",
    )  # fmt: skip
    _ledger_personal_fields = ("refuse_reason",)
    _signature_fields = ("number", "improvement_id", "rule_id", "points", "badge_id", "money", "share_ids")
    _signature_lines = {"share_ids": ("employee_id", "user_id", "percent")}
    _workflow_initial = ("proposed",)
    _workflow_managed = ("contributor_ids", "approver_id", "approved_at", "given_at", "given_by_id")
    _workflow_fixed = (
        "author_id", "company_id", "improvement_id", "rule_id", "condition", "points", "badge_id", "money",
        "saving_base",
    )  # fmt: skip
    _workflow_locked = {"approved": ("refuse_reason",), "given": (), "refused": ()}
    _workflow = (
        Transition(
            name="approve", label=_lt("Approve"), source=("proposed",), target="approved",
            groups=f"{MANAGER},{TOP}", signature="approver",
        ),
        Transition(
            name="give", label=_lt("Give"), source=("approved",), target="given", groups=f"{OFFICER},{TOP}",
        ),
        Transition(
            name="refuse", label=_lt("Refuse"), source=("proposed", "approved"), target="refused",
            groups=f"{MANAGER},{TOP}", required=("refuse_reason",),
        ),
    )  # fmt: skip
    _morning_sign_action = "sqms_base.sqms_reward_action"

    # -- computes ----------------------------------------------------------------

    @api.depends("number", "improvement_id")
    def _compute_display_name(self):
        for reward in self:
            reward.display_name = " ".join(filter(None, (reward.number, reward.sudo().improvement_id.name)))

    @api.depends("points", "badge_id", "money")
    @api.depends_context("lang")
    def _compute_summary(self):
        for reward in self:
            reward.summary = ", ".join(
                filter(
                    None,
                    [
                        self.env._("%s points", reward.points) if reward.points else "",
                        self.env._("badge “%s”", reward.sudo().badge_id.name) if reward.badge_id else "",
                        formatLang(self.env, reward.money, currency_obj=reward.currency_id) if reward.money else "",
                    ],
                )
            )

    @api.depends("share_ids.employee_id", "share_ids.user_id")
    def _compute_receivers(self):
        for reward in self:
            reward.receivers = ", ".join(name for name in reward.sudo().share_ids.mapped("name") if name)

    # -- only the system makes one -------------------------------------------------

    def copy_data(self, default=None):
        raise ValidationError(self.env._("A reward is proposed by a rule, once. It is not copied."))

    # -- who receives it, who approves it ------------------------------------------

    def _beneficiaries(self):
        """The users who receive something of it."""
        shares = self.sudo().share_ids
        return shares.user_id | shares.employee_id.user_id

    def _signature_authors(self):
        """Neither who had the idea, nor who receives it, nor who shared it out."""
        return {
            reward.id: reward._writers() | reward._beneficiaries() | reward.sudo().improvement_id._proposers()
            for reward in self
        }

    def _offers_approve(self):
        return self.env.user not in self._signature_authors()[self.id]

    def _offers_give(self):
        return self.env.user not in self._beneficiaries()

    # -- guards ----------------------------------------------------------------------

    def _check_approve(self):
        return {**self._unshared(), **self._lapsed(), **self._own_reward()}

    def _check_give(self):
        return {
            **self._unshared(),
            **self._lapsed(),
            **self._reaches_nobody(),
            **self._not_as_approved(),
            **self._own_gift(),
        }

    def _own_reward(self):
        people = self._workflow_people()
        authors = self._signature_authors()
        return {
            reward.id: self.env._("whose idea it is, who receives it or who shared it out does not approve it")
            for reward in self
            if authors[reward.id] & people
        }

    def _own_gift(self):
        people = self._workflow_people()
        return {
            reward.id: self.env._("nobody gives himself anything, another person does")
            for reward in self
            if reward._beneficiaries() & people
        }

    def _not_as_approved(self):
        """`{id: reason}`: what was approved has changed since, or who approved it has become who receives it."""
        refusals = {}
        for reward in self.sudo():
            approvals = reward.signature_ids.filtered(lambda signature: signature.meaning == "approver")
            if reward.approver_id & reward._beneficiaries():
                refusals[reward.id] = self.env._("%s approved it and would receive it", reward.approver_id.name)
            elif approvals and not any(approvals.mapped("is_valid")):
                refusals[reward.id] = self.env._("the signature of its approval is void")
        return refusals

    def _unshared(self):
        """`{id: what is wrong with the shares}`."""
        refusals = {}
        for reward in self.sudo():
            total = sum(reward.share_ids.mapped("percent"))
            if not reward.share_ids:
                refusals[reward.id] = self.env._("please say who receives it")
            elif abs(total - WHOLE) > NEARLY:
                refusals[reward.id] = self.env._("the shares add up to %g %%, not to 100 %%", round(total, 2))
        return refusals

    def _lapsed(self):
        """`{id: why its condition does not hold any more}`, by what the improvement is now."""
        words = {
            "adopted": self.env._("the improvement is no longer adopted"),
            "verified": self.env._("the saving of the improvement is no longer verified as it was"),
        }
        refusals = {}
        for reward in self.sudo():
            improvement = reward.improvement_id
            held = (
                improvement.state in ("adopted", "implemented", "verified")
                if reward.condition == "adopted"
                else improvement.state == "verified"
                and reward.currency_id.compare_amounts(improvement.saving_verified, reward.saving_base) >= 0
            )
            if not held:
                refusals[reward.id] = words[reward.condition]
        return refusals

    def _reaches_nobody(self):
        """`{id: reason}` of rewards of which nothing would reach anybody."""
        return {
            reward.id: self.env._("nobody who receives it has a user: points and badges would reach nobody")
            for reward in self.sudo()
            if not reward.money and not any(share._reached() for share in reward.share_ids)
        }

    # -- steps ------------------------------------------------------------------------

    def _prepare_approve_values(self):
        values = {"approver_id": self._workflow_person().id, "approved_at": fields.Datetime.now()}
        return {reward.id: dict(values) for reward in self}

    def _prepare_give_values(self):
        values = {"given_by_id": self._workflow_person().id, "given_at": fields.Datetime.now()}
        return {reward.id: dict(values) for reward in self}

    def _on_give(self):
        self._hand_over()

    def _on_refuse(self):
        for reward in self:
            reward.sudo().message_post(body=reward.refuse_reason, author_id=self.env.user.partner_id.id)

    def _signature_facts(self):
        return {
            reward.id: " · ".join(
                filter(None, [reward.summary, self.env._("to %s", reward.receivers) if reward.receivers else ""])
            )
            for reward in self
        }

    @api.model
    def _morning_sign_domain(self):
        return (
            super()._morning_sign_domain()
            & Domain("share_ids.user_id", "not in", [self.env.uid])
            & Domain("share_ids.employee_id.user_id", "not in", [self.env.uid])
            & Domain("improvement_id.team_ids", "not in", [self.env.uid])
        )
