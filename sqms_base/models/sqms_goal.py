from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import LazyTranslate

from ..lib.transition import Transition

_lt = LazyTranslate(__name__)

OFFICER = "sqms_base.group_sqms_officer"
TOP = "sqms_base.group_sqms_top"
WHOLE = 100.0
NEARLY = 0.005  # weights are entered with two decimals


class SqmsGoal(models.Model):
    """What the company wants to reach, from its strategy down to objectives that are measured.

    1. A strategy may hang below a strategy, an objective hangs below a strategy; nothing hangs below an objective,
       and nothing below itself (the ORM refuses a tree with a circle).
    2. An objective says what, with which resources, who, by when, how it is evaluated, and has an indicator with
       a target: without one it is not approved.
    3. The weights of what hangs below a strategy add up to 100 when any of it is approved.
    4. Top management approves and signs; nobody approves what he wrote.
    5. Once approved it is closed. It is changed by going back to draft, with a reason, and being approved again.
    """

    _name = "sqms.goal"
    _description = "Goal"
    _inherit = [
        "sqms.author.mixin",
        "sqms.workflow.mixin",
        "sqms.number.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "parent_path, id"
    _parent_store = True
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _number_prefix = "GOAL"

    # what
    name = fields.Char(string="Goal", required=True, translate=True, tracking=True)
    kind = fields.Selection(
        [("strategy", "Strategy"), ("objective", "Objective")], required=True, default="objective", tracking=True
    )
    parent_id = fields.Many2one(
        "sqms.goal", string="Serves the Strategy", domain=[("kind", "=", "strategy")], check_company=True,
        index="btree_not_null", ondelete="restrict", tracking=True,
    )  # fmt: skip
    parent_path = fields.Char(index=True, export_string_translation=False)
    tree_name = fields.Char(string="Goal in the Tree", compute="_compute_tree_name", search="_search_tree_name")
    child_ids = fields.One2many("sqms.goal", "parent_id", string="Below It")
    child_count = fields.Integer(string="Number of Goals Below It", compute="_compute_weight_total")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    weight = fields.Float(
        digits=(5, 2), tracking=True, aggregator=None,
        help="Its share of the strategy it serves, out of 100.",
    )  # fmt: skip
    weight_total = fields.Float(string="Weights Below It", digits=(5, 2), compute="_compute_weight_total")
    # which policy, which processes, measured by what
    document_id = fields.Many2one(
        "sqms.document", string="Policy", check_company=True, index="btree_not_null", ondelete="restrict",
        domain=[("document_type", "in", ("vision", "mission", "values", "policy"))], tracking=True,
        help="The policy, vision, mission or values that it puts into effect.",
    )  # fmt: skip
    process_ids = fields.Many2many("sqms.process", string="Processes", check_company=True, ondelete="restrict")
    target_ids = fields.One2many("sqms.goal.indicator", "goal_id", string="Indicators and Targets", copy=True)
    indicator_ids = fields.Many2many(
        "sqms.indicator", string="Indicators", compute="_compute_indicator_ids", search="_search_indicator_ids"
    )
    # who, by when, with what, how evaluated
    owner_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, domain=[("share", "=", False)], check_company=True,
        index="btree_not_null", ondelete="restrict", tracking=True,
    )  # fmt: skip
    date_from = fields.Date(string="From", required=True, tracking=True, default=lambda self: self._year()[0])
    date_to = fields.Date(string="By When", required=True, tracking=True, default=lambda self: self._year()[1])
    measures_taken = fields.Text(string="What Is Done", translate=True)
    resources = fields.Text(translate=True, help="People, money, time and tools that are set aside for it.")
    evaluation = fields.Text(
        string="How It Is Evaluated", translate=True, help="Who looks at the figures, when, and compared with what."
    )
    # where it stands
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("review", "Review"),
            ("approved", "Approved"),
            ("achieved", "Achieved"),
            ("missed", "Missed"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True, default="draft", readonly=True, copy=False, tracking=True, index=True,
    )  # fmt: skip
    approved_at = fields.Datetime(string="Approved On", readonly=True, copy=False)
    approver_name = fields.Char(string="Approver's Name", readonly=True, copy=False)
    revision_count = fields.Integer(string="Times Changed After Approval", readonly=True, copy=False, aggregator=None)
    remarks = fields.Text(copy=False, help="Why it goes back to its author.")
    change_reason = fields.Text(string="Why It Is Changed", copy=False)
    result = fields.Text(string="What Came of It", copy=False, help="Stands beside the figures when it is closed.")
    closed_on = fields.Datetime(readonly=True, copy=False)

    _dates = models.Constraint("CHECK(date_to >= date_from)", "A goal ends on its first day or later.")
    _weight_range = models.Constraint("CHECK(weight >= 0 AND weight <= 100)", "A weight lies between 0 and 100.")
    _state_idx = models.Index("(company_id, state, kind)")

    _ledger_fields = (
        "number", "name", "kind", "parent_id", "company_id", "weight", "document_id", "process_ids", "owner_id",
        "date_from", "date_to", "measures_taken", "resources", "evaluation", "state", "author_id", "contributor_ids",
        "approved_at", "approver_name", "revision_count", "remarks", "change_reason", "result", "closed_on",
    )  # fmt: skip
    _ledger_personal_fields = ("approver_name", "remarks")
    _signature_fields = (
        "number", "name", "kind", "parent_id", "weight", "document_id", "process_ids", "target_ids", "owner_id",
        "date_from", "date_to", "measures_taken", "resources", "evaluation",
    )  # fmt: skip
    _signature_lines = {"target_ids": ("indicator_id", "has_baseline", "baseline", "target")}
    _workflow_managed = ("contributor_ids", "approved_at", "approver_name", "revision_count", "closed_on")
    _workflow_fixed = ("author_id", "company_id")
    _workflow_locked = {
        "review": ("remarks",),
        "approved": ("change_reason", "result"),
        "achieved": (),
        "missed": (),
        "withdrawn": (),
    }
    _workflow = (
        Transition(
            name="submit", label=_lt("Send for Approval"), source=("draft",), target="review",
            groups=f"{OFFICER},{TOP}", required=("owner_id",),
        ),
        Transition(
            name="approve", label=_lt("Approve"), source=("review",), target="approved",
            groups=TOP, signature="approver",
        ),
        Transition(
            name="return_to_author", label=_lt("Return with Remarks"), source=("review",), target="draft",
            groups=f"{OFFICER},{TOP}", required=("remarks",),
        ),
        Transition(
            name="achieve", label=_lt("Achieved"), source=("approved",), target="achieved",
            groups=TOP, required=("result",)
        ),
        Transition(
            name="miss", label=_lt("Missed"), source=("approved",), target="missed", groups=TOP, required=("result",)
        ),
        Transition(
            name="reopen", label=_lt("Return for Change"), source=("approved",), target="draft",
            groups=TOP, required=("change_reason",), rare=True,
        ),
        Transition(
            name="withdraw", label=_lt("Withdraw"), source=("approved",), target="withdrawn",
            groups=TOP, required=("result",), rare=True,
        ),
    )  # fmt: skip
    _morning_sign_due = "date_from"
    _morning_sign_action = "sqms_base.sqms_goal_action"

    def _year(self):
        today = fields.Date.context_today(self)
        return today.replace(month=1, day=1), today.replace(month=12, day=31)

    # -- computes ----------------------------------------------------------------

    @api.depends("number", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for goal in self:
            goal.display_name = " ".join(filter(None, (goal.number, goal.name)))

    @api.depends("name", "parent_path")
    @api.depends_context("lang")
    def _compute_tree_name(self):
        for goal in self:
            depth = max(0, (goal.parent_path or "").count("/") - 1)
            goal.tree_name = "\u2003" * depth + ("└ " if depth else "") + (goal.name or "")

    def _search_tree_name(self, operator, value):
        return [("name", operator, value)]

    @api.depends("child_ids.weight", "child_ids.state")
    def _compute_weight_total(self):
        totals = self._weights_below(self)
        for goal in self:
            goal.child_count, goal.weight_total = totals.get(goal._origin.id, (0, 0.0))

    @api.model
    def _weights_below(self, strategies):
        """`{strategy id: (how many hang below it, the sum of their weights)}`; what was withdrawn does not count."""
        rows = self.sudo()._read_group(
            [("parent_id", "in", strategies.ids), ("state", "!=", "withdrawn")],
            ["parent_id"],
            ["__count", "weight:sum"],
        )
        return {parent.id: (count, weight) for parent, count, weight in rows}

    @api.depends("target_ids.indicator_id")
    def _compute_indicator_ids(self):
        for goal in self:
            goal.indicator_ids = goal.target_ids.indicator_id

    def _search_indicator_ids(self, operator, value):
        return [("target_ids.indicator_id", operator, value)]

    # -- constraints ---------------------------------------------------------------

    @api.constrains("kind", "parent_id")
    def _check_place(self):
        for goal in self:
            if goal.parent_id and goal.parent_id.kind != "strategy":
                raise ValidationError(
                    self.env._("%(goal)s hangs below a strategy, not below an objective.", goal=goal.display_name)
                )
            if goal.kind == "objective" and goal.sudo().child_ids:
                raise ValidationError(
                    self.env._("%(goal)s has goals below it and stays a strategy.", goal=goal.display_name)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_with_targets(self):
        self.target_ids.unlink()

    # -- steps -------------------------------------------------------------------------

    def _check_submit(self):
        return self._unready()

    def _check_approve(self):
        return {**self._unbalanced(), **self._unready()}

    def _unready(self):
        """`{goal id: what an objective still lacks}`."""
        refusals = {}
        for goal in self.sudo().filtered(lambda goal: goal.kind == "objective"):
            archived = goal.target_ids.indicator_id.filtered(lambda indicator: not indicator.active)
            if not goal.target_ids:
                refusals[goal.id] = self.env._("an objective needs an indicator with a target")
            elif archived:
                refusals[goal.id] = self.env._(
                    "%(indicator)s is archived and measures nothing any more", indicator=archived[0].display_name
                )
            elif not goal.parent_id:
                refusals[goal.id] = self.env._("please say which strategy it serves")
        return refusals

    def _unbalanced(self):
        """`{goal id: which weights do not add up}`; a strategy is weighed by what hangs below it."""
        totals = self._weights_below(self | self.sudo().parent_id)
        refusals = {}
        for goal in self.sudo():
            strategy = goal if goal.kind == "strategy" else goal.parent_id
            _count, total = totals.get(strategy.id, (0, 0.0))
            if abs(total - WHOLE) > NEARLY:
                refusals[goal.id] = self.env._(
                    "the weights below %(strategy)s add up to %(total)g, not to 100",
                    strategy=strategy.display_name,
                    total=round(total, 2),
                )
            elif goal.kind == "objective" and strategy.state != "approved" and strategy.id not in self.ids:
                refusals[goal.id] = self.env._("%(strategy)s is approved first", strategy=strategy.display_name)
        return refusals

    def _offers_approve(self):
        return self.env.user not in self._writers()

    def _prepare_approve_values(self):
        values = {"approved_at": fields.Datetime.now(), "approver_name": self.env.user.sudo().name, "remarks": False}
        return {goal.id: dict(values) for goal in self}

    def _on_return_to_author(self):
        for goal in self:
            goal.message_post(body=goal.remarks, partner_ids=goal.sudo().author_id.partner_id.ids)

    def _prepare_reopen_values(self):
        return {
            goal.id: {"revision_count": goal.revision_count + 1, "approved_at": False, "approver_name": False}
            for goal in self
        }

    def _on_reopen(self):
        for goal in self:
            goal.message_post(body=goal.change_reason, partner_ids=goal.sudo().owner_id.partner_id.ids)
            goal.sudo().change_reason = False

    def _closing_values(self):
        self.target_ids._freeze()
        return {goal.id: {"closed_on": fields.Datetime.now()} for goal in self}

    def _prepare_achieve_values(self):
        return self._closing_values()

    def _prepare_miss_values(self):
        return self._closing_values()

    def _prepare_withdraw_values(self):
        return self._closing_values()

    def _signature_facts(self):
        return {
            goal.id: " · ".join(
                [
                    *goal.sudo().target_ids.mapped("label"),
                    self.env._("by %(date)s", date=self._signature_day(goal.date_to)),
                ]
            )
            for goal in self
        }

    # -- where buttons lead ----------------------------------------------------------

    def action_open_children(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_goal_action"),
            "domain": [("parent_id", "=", self.id)],
            "context": {"default_parent_id": self.id, "default_kind": "objective"},
        }
