from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ..lib.transition import Transition

_lt = LazyTranslate(__name__)

OFFICER = "sqms_base.group_sqms_officer"
MANAGER = "sqms_base.group_sqms_manager"
TOP = "sqms_base.group_sqms_top"
# The points are approved and checks are made: while its results are looked at a plan does not rest.
IN_FORCE = ("do", "check", "act")


class SqmsControlPlan(models.Model):
    """What is checked in a service, by which method, how often, within which limits.

    1. Plan, do, check, act, and plan again as the next version: no stage is skipped.
    2. Do: approved and signed by somebody who did not write it. From then on the points are closed, and checks are
       made of them until the plan is changed or withdrawn.
    3. Check: the results of this version are looked at; there must be some.
    4. Act: what is to change has been decided, in words.
    5. It follows a document: each check keeps the edition that was in force when it was opened.
    """

    _name = "sqms.control.plan"
    _description = "Control Plan"
    _inherit = [
        "sqms.author.mixin",
        "sqms.workflow.mixin",
        "sqms.number.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _number_prefix = "CP"

    name = fields.Char(required=True, translate=True, tracking=True)
    service = fields.Char(translate=True, help="The service that is checked, in the words of its customers.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    process_id = fields.Many2one(
        "sqms.process", check_company=True, index="btree_not_null", ondelete="restrict", tracking=True
    )
    owner_id = fields.Many2one(
        "res.users", domain=[("share", "=", False)], default=lambda self: self.env.user, check_company=True,
        index="btree_not_null", ondelete="restrict", tracking=True,
        help="Makes the checks that are nobody else's, and looks at the results.",
    )  # fmt: skip
    document_id = fields.Many2one(
        "sqms.document", string="Document It Follows", check_company=True, index="btree_not_null", ondelete="restrict",
        tracking=True, help="The procedure or instruction whose steps are checked.",
    )  # fmt: skip
    document_version_id = fields.Many2one(
        "sqms.document.version", string="Edition in Force", compute="_compute_document_version_id"
    )
    point_ids = fields.One2many("sqms.control.point", "plan_id", string="Control Points")
    record_ids = fields.One2many("sqms.control.record", "plan_id", string="Checks", copy=False)
    renewal_count = fields.Integer(string="Times Planned Again", readonly=True, copy=False, aggregator=None)
    version = fields.Integer(compute="_compute_version", store=True, precompute=True, aggregator=None, tracking=True)
    # who signed for it
    approved_at = fields.Datetime(string="Approved On", readonly=True, copy=False)
    approver_name = fields.Char(string="Approver's Name", readonly=True, copy=False)
    # what came of it
    finding = fields.Text(string="What the Results Show", copy=False)
    decision = fields.Text(string="What Is to Change", copy=False, help="Also: nothing, and why it stays as it is.")
    withdrawal_reason = fields.Text(copy=False)
    state = fields.Selection(
        [
            ("plan", "Plan"),
            ("do", "Do"),
            ("check", "Check"),
            ("act", "Act"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True, default="plan", readonly=True, copy=False, tracking=True, index=True,
    )  # fmt: skip

    _ledger_fields = (
        "number", "name", "service", "company_id", "process_id", "owner_id", "document_id", "version", "state",
        "author_id", "contributor_ids", "approved_at", "approver_name", "finding", "decision", "withdrawal_reason",
    )  # fmt: skip
    _ledger_personal_fields = ("approver_name",)
    _signature_fields = ("number", "name", "service", "process_id", "document_id", "version", "point_ids")
    _signature_lines = {
        "point_ids": (
            "sequence", "active", "name", "method", "kind", "good_answer", "unit", "has_lower", "lower", "has_upper",
            "upper", "choices_right", "choices_wrong", "frequency", "every", "sample_size", "reaction", "grade",
            "is_stop", "photo_required", "device_required", "responsible", "employee_id", "job_id", "group_id",
        )
    }  # fmt: skip
    _workflow_initial = ("plan",)
    _workflow_managed = ("contributor_ids", "renewal_count", "approved_at", "approver_name")
    _workflow_fixed = ("author_id", "company_id")
    _workflow_locked = {
        "do": ("owner_id", "withdrawal_reason"),
        "check": ("owner_id", "finding", "decision", "withdrawal_reason"),
        "act": ("owner_id", "withdrawal_reason"),
        "withdrawn": (),
    }
    _workflow = (
        Transition(
            name="approve", label=_lt("Approve and Put in Force"), source=("plan",), target="do",
            groups=f"{MANAGER},{TOP}", required=("owner_id", "process_id"), signature="approver",
        ),
        Transition(name="look", label=_lt("Look at the Results"), source=("do",), target="check", groups=OFFICER),
        Transition(
            name="decide", label=_lt("Decide"), source=("check",), target="act", groups=OFFICER,
            required=("finding", "decision"),
        ),
        Transition(name="renew", label=_lt("Plan the Next Version"), source=("act",), target="plan", groups=OFFICER),
        Transition(
            name="withdraw", label=_lt("Withdraw"), source=("plan", *IN_FORCE), target="withdrawn",
            groups=f"{MANAGER},{TOP}", required=("withdrawal_reason",), rare=True,
        ),
    )  # fmt: skip
    _morning_sign_action = "sqms_base.sqms_control_plan_action"

    @api.depends("number", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for record in self:
            record.display_name = " ".join(filter(None, (record.number, record.name)))

    @api.depends("renewal_count")
    def _compute_version(self):
        for plan in self:
            plan.version = plan.renewal_count + 1

    @api.depends("document_id")
    def _compute_document_version_id(self):
        editions = self._editions()
        for plan in self:
            plan.document_version_id = editions.get(plan.document_id.id)

    def _editions(self):
        """`{document id: the edition in force}`, whoever asks: an edition in force is known to all."""
        found = self.env["sqms.document.version"].sudo().search(
            [("document_id", "in", self.sudo().document_id.ids), ("is_in_force", "=", True)]
        )  # fmt: skip
        return {edition.document_id.id: edition.sudo(self.env.su) for edition in found}

    @api.model
    def _morning_sign_domain(self):
        """A plan that has points waits for a manager who did not write it."""
        if not any(self.env.user.has_group(group) for group in (MANAGER, TOP)):
            return super()._morning_sign_domain() & fields.Domain.FALSE
        waiting = fields.Domain("state", "=", "plan") & fields.Domain("point_ids", "!=", False)
        return waiting & super()._morning_sign_domain()

    # -- steps -------------------------------------------------------------------

    def _offers_approve(self):
        return self.env.user not in self._writers()

    def _check_approve(self):
        editions = self._editions()
        refusals = {}
        for plan in self.sudo():
            if not plan.point_ids:
                refusals[plan.id] = self.env._("it has no point that is checked")
            elif plan.document_id and plan.document_id.id not in editions:
                refusals[plan.id] = self.env._(
                    "%(document)s has no edition in force", document=plan.document_id.display_name
                )
        return refusals

    def _prepare_approve_values(self):
        values = {
            "approved_at": fields.Datetime.now(), "approver_name": self.env.user.sudo().name,
            "finding": False, "decision": False,
        }  # fmt: skip
        return {plan.id: dict(values) for plan in self}

    def _on_approve(self):
        self.sudo().point_ids._start_schedule()

    def _check_look(self):
        figures = self._figures()
        return {
            plan.id: self.env._("no check of version %(version)s is done yet", version=plan.version)
            for plan in self
            if not figures[plan.id]["records"]
        }

    def _prepare_renew_values(self):
        return {
            plan.id: {"renewal_count": plan.renewal_count + 1, "approved_at": False, "approver_name": False}
            for plan in self
        }

    def _on_renew(self):
        for plan in self:
            plan.message_post(
                body=self.env._("Version %(version)s is planned: %(why)s", version=plan.version, why=plan.decision)
            )

    def _on_withdraw(self):
        """Nobody is asked any more to check what is not in force."""
        self.sudo().record_ids.filtered(lambda record: record.state == "open")._lapse()

    @api.ondelete(at_uninstall=False)
    def _unlink_with_points(self):
        self.with_context(active_test=False).point_ids.unlink()

    # -- where buttons lead ----------------------------------------------------------

    def action_start_check(self):
        """Open a check of this plan and go to it."""
        self.ensure_one()
        return self.env["sqms.control.record"]._start(self).action_fill()
