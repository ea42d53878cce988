from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.privacy import TEXT
from odoo.addons.sqms_base.lib.transition import Transition

_lt = LazyTranslate(__name__)

OFFICERS = "hr.group_hr_user,sqms_training.group_training_officer"
DIRECTION = "sqms_base.group_sqms_manager,sqms_base.group_sqms_top"
TOP = "sqms_base.group_sqms_top"
# Who answers for money sees it.
SEES_COST = f"{OFFICERS},{DIRECTION},sqms_base.group_sqms_certifier"
LIVE = ("draft", "submitted", "approved")


class SqmsTrainingPlan(models.Model):
    """Who is to learn what, until when and at what cost.

    1. An annual plan is for a company or one department with all below it, an individual one for one person.
    2. What it needs follows from the gaps between what jobs require and what people can do, and from what managers,
       appraisals and changed documents add.
    3. Who wrote in it does not approve it, nor does anybody approve his own. Over budget it needs a reason, and
       top management approves it.
    4. Approved, its lines are closed: they follow the training itself, are dropped with a reason, or the plan is
       taken back as a new revision.
    """

    _name = "sqms.training.plan"
    _description = "Training Plan"
    _inherit = [
        "sqms.staff.mixin",
        "sqms.author.mixin",
        "sqms.workflow.mixin",
        "sqms.number.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "year desc, id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _number_prefix = "TPL"

    name = fields.Char(required=True, translate=True, tracking=True)
    kind = fields.Selection([("annual", "Annual"), ("individual", "Individual")], required=True, default="annual")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    year = fields.Integer(
        required=True, default=lambda self: self.env.company._sqms_today().year, index=True, aggregator=None
    )
    date_from = fields.Date(
        "From", required=True, compute="_compute_period", store=True, readonly=False, precompute=True
    )
    date_to = fields.Date(
        "Until", required=True, compute="_compute_period", store=True, readonly=False, precompute=True
    )
    department_id = fields.Many2one(
        "hr.department", check_company=True, index="btree_not_null", ondelete="restrict", tracking=True,
        help="With all departments below it. Empty: the whole company.",
    )  # fmt: skip
    employee_id = fields.Many2one(
        "hr.employee", check_company=True, index="btree_not_null", ondelete="restrict",
        help="Whose development plan it is.",
    )  # fmt: skip
    responsible_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, domain=[("share", "=", False)], check_company=True,
        index="btree_not_null", ondelete="restrict", tracking=True, help="Sees to it that it is carried out.",
    )  # fmt: skip
    objective = fields.Text(help="What is to be reached by it, in the words of whoever asks for it.")
    session_size = fields.Integer(
        "People per Session", default=12, help="Seats of a session that is made from this plan. 0: as many as come."
    )
    line_ids = fields.One2many("sqms.training.plan.line", "plan_id", "Lines", copy=False)
    # at what cost
    currency_id = fields.Many2one(related="company_id.currency_id")
    budget = fields.Monetary(tracking=True, groups=SEES_COST, help="0: no limit was set.")
    budget_reason = fields.Text("Why More Than the Budget", copy=False, groups=SEES_COST)
    # who decided
    revised_count = fields.Integer("Times Revised", readonly=True, copy=False, aggregator=None)
    revision = fields.Integer(compute="_compute_revision", store=True, precompute=True, aggregator=None)
    approved_at = fields.Datetime("Approved On", readonly=True, copy=False)
    approver_name = fields.Char("Approver's Name", readonly=True, copy=False)
    remarks = fields.Text("Remarks of the Approver", copy=False, help="To return it: what is to change.")
    revision_reason = fields.Text("Why It Is Revised", copy=False)
    cancel_reason = fields.Text("Why It Is Cancelled", copy=False)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True, default="draft", readonly=True, copy=False, tracking=True, index=True, group_expand=True,
    )  # fmt: skip

    _period = models.Constraint("CHECK(date_from <= date_to)", "A plan ends after it began.")
    _year_range = models.Constraint("CHECK(year BETWEEN 2000 AND 2100)", "Please give a year, for instance 2027.")
    _amounts = models.Constraint(
        "CHECK(COALESCE(budget, 0) >= 0 AND COALESCE(session_size, 0) >= 0)", "Budget and seats are not below zero."
    )
    _whose = models.Constraint(
        "CHECK((kind = 'individual') = (employee_id IS NOT NULL))",
        "An individual plan is for one employee, an annual one for a department or the company.",
    )
    _list_idx = models.Index("(company_id, state, year)")

    _ledger_fields = (
        "number", "name", "kind", "company_id", "year", "date_from", "date_to", "department_id", "employee_id",
        "responsible_id", "objective", "session_size", "budget", "budget_reason", "revision", "author_id",
        "contributor_ids", "approved_at", "approver_name", "remarks", "revision_reason", "cancel_reason", "state",
    )  # fmt: skip
    _ledger_personal_fields = ("objective", "approver_name", "remarks", "revision_reason", "cancel_reason")
    _privacy_fields = dict.fromkeys(
        ("name", "objective", "budget_reason", "remarks", "revision_reason", "cancel_reason"), TEXT
    )
    _signature_fields = (
        "number", "name", "kind", "date_from", "date_to", "department_id", "employee_id", "budget", "budget_reason",
        "revision", "line_ids",
    )  # fmt: skip
    _signature_lines = {
        "line_ids": (
            "employee_id", "skill_id", "needed_level_id", "name", "source", "course_id", "due_on", "cost",
        )
    }  # fmt: skip
    _workflow_managed = ("contributor_ids", "revised_count", "approved_at", "approver_name")
    _workflow_fixed = ("author_id", "company_id", "kind", "employee_id")
    _workflow_locked = {
        "submitted": ("remarks", "cancel_reason", "responsible_id"),
        "approved": ("revision_reason", "cancel_reason", "responsible_id", "session_size"),
        "done": (),
        "cancelled": (),
    }
    _workflow = (
        Transition(name="submit", label=_lt("Submit"), source=("draft",), target="submitted"),
        Transition(
            name="approve", label=_lt("Approve"), source=("submitted",), target="approved", signature="approver"
        ),
        Transition(
            name="return_to_author", label=_lt("Return with Remarks"), source=("submitted",), target="draft",
            required=("remarks",),
        ),
        Transition(name="finish", label=_lt("Close the Plan"), source=("approved",), target="done", groups=OFFICERS),
        Transition(
            name="revise", label=_lt("Revise"), source=("approved",), target="draft", groups=OFFICERS,
            required=("revision_reason",), rare=True,
        ),
        Transition(
            name="cancel", label=_lt("Cancel the Plan"), source=("draft", "submitted", "approved"),
            target="cancelled", groups=OFFICERS, required=("cancel_reason",), rare=True,
        ),
    )  # fmt: skip
    _morning_sign_action = "sqms_training.sqms_training_plan_action"

    # -- computes ----------------------------------------------------------------

    @api.depends("number", "name")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = " ".join(filter(None, (plan.number, plan.name)))

    @api.depends("year")
    def _compute_period(self):
        for plan in self:
            year = plan.year if 2000 <= plan.year <= 2100 else self.env.company._sqms_today().year
            plan.date_from, plan.date_to = f"{year}-01-01", f"{year}-12-31"

    @api.depends("revised_count")
    def _compute_revision(self):
        for plan in self:
            plan.revision = plan.revised_count + 1

    @api.constrains("kind", "employee_id", "department_id")
    def _check_whose(self):
        for plan in self:
            if plan.kind == "individual" and plan.department_id:
                raise ValidationError(self.env._("A development plan is for one person, not for a department."))

    @api.ondelete(at_uninstall=False)
    def _unlink_with_lines(self):
        self.sudo().line_ids.unlink()

    # -- who ---------------------------------------------------------------------

    def _is_planner(self):
        return self.env.su or self.env.user.has_groups(OFFICERS)

    def _leads(self):
        """The plans of people whom the user leads himself."""
        return self.filtered(lambda plan: plan.sudo().employee_id.parent_id.user_id == self.env.user)

    def _approves(self):
        """Those of the plans that the user may approve by his role: top and quality management, HR managers for all,
        a manager for the development plans of his own people."""
        if self.env.su or self.env.user.has_groups(f"{DIRECTION},hr.group_hr_manager"):
            return self
        return self._leads()

    # -- steps -------------------------------------------------------------------

    def _check_submit(self):
        refusals = {}
        figures = self._figures()
        for plan in self.sudo():
            if not figures[plan.id]["planned"]:
                refusals[plan.id] = self.env._("it has no line yet: fill it from the gaps, or add what is needed")
            elif plan._is_over_budget(figures) and not (plan.budget_reason or "").strip():
                refusals[plan.id] = self.env._(
                    "it costs more than its budget: say why in “Why More Than the Budget”, or plan less"
                )
        return refusals

    def _prepare_submit_values(self):
        return {plan.id: {"remarks": False} for plan in self}

    def _offers_approve(self):
        return bool(self._approves()) and self.env.user not in self._writers() and not self._why_not_mine()

    def _check_approve(self):
        may = self._approves()
        figures = self._figures()
        refusals = {}
        for plan in self:
            reason = plan._why_not_mine()
            if plan not in may:
                reason = self.env._("quality, HR and top management approve plans, a manager those of his own people")
            elif plan.sudo()._is_over_budget(figures):
                if not (plan.sudo().budget_reason or "").strip():
                    reason = self.env._("it costs more than its budget and does not say why")
                elif not (self.env.su or self.env.user.has_group(TOP)):
                    reason = self.env._("it costs more than its budget: top management approves it")
            if reason:
                refusals[plan.id] = reason
        return refusals

    def _why_not_mine(self):
        if self.env.user in self._writers():
            return self.env._("you wrote in it, another person approves it")
        if self.sudo().employee_id.user_id == self.env.user:
            return self.env._("it is your own development plan, another person approves it")
        return None

    def _prepare_approve_values(self):
        values = {
            "approved_at": fields.Datetime.now(), "approver_name": self.env.user.sudo().name, "revision_reason": False,
        }  # fmt: skip
        return {plan.id: dict(values) for plan in self}

    def _offers_return_to_author(self):
        return bool(self._approves())

    def _check_return_to_author(self):
        may = self._approves()
        return {
            plan.id: self.env._("it is returned by who may approve it, or by who submitted it")
            for plan in self
            if plan not in may and self.env.user not in plan._writers() and not self._is_planner()
        }

    def _on_return_to_author(self):
        for plan in self:
            plan.message_post(body=plan.remarks, partner_ids=plan.sudo().author_id.partner_id.ids)

    def _check_finish(self):
        figures = self._figures()
        return {
            plan.id: self.env._(
                "%(open)s of %(planned)s lines are still open: train, or drop them with a reason", **figures[plan.id]
            )
            for plan in self
            if figures[plan.id]["open"]
        }

    def _prepare_revise_values(self):
        return {
            plan.id: {"revised_count": plan.revised_count + 1, "approved_at": False, "approver_name": False}
            for plan in self
        }

    def _on_revise(self):
        for plan in self:
            plan.message_post(
                body=self.env._(
                    "Revision %(revision)s: %(reason)s", revision=plan.revision, reason=plan.revision_reason
                )
            )
