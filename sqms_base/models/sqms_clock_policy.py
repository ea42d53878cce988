from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import LazyTranslate, ormcache

from ..lib.transition import Transition

_lt = LazyTranslate(__name__)

MANAGER = "sqms_base.group_sqms_manager"


class SqmsClockPolicy(models.Model):
    """A regime: which deadlines hold for a kind of record, and how they are counted.

    1. Not verified, it is never used for a deadline. Verified, nothing in it changes any more.
    2. A change is a new version. When that is verified the one before it is retired; clocks that run keep theirs.
    3. Working time without fixed hours cannot be counted in and is refused.
    """

    _name = "sqms.clock.policy"
    _description = "Deadline Regime"
    _inherit = ["sqms.workflow.mixin", "mail.thread"]
    _order = "code, version desc, id desc"
    _check_company_auto = True

    # identification
    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, index=True, help="All versions of a regime have the same code.")
    version = fields.Integer(default=1, readonly=True, copy=False, aggregator=None)
    previous_id = fields.Many2one(
        "sqms.clock.policy", string="Follows", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    res_model = fields.Selection(
        selection="_selection_res_model",
        string="Applies To",
        required=True,
        help="The kind of record with this regime.",
    )
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", ondelete="restrict", help="Left empty, it holds for every company."
    )
    state = fields.Selection(
        [("draft", "Not Verified"), ("verified", "Verified"), ("retired", "Retired")],
        required=True, default="draft", readonly=True, copy=False, tracking=True,
    )  # fmt: skip
    verified_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    verified_at = fields.Datetime(string="Verified On", readonly=True, copy=False)

    # where it comes from
    legal_source = fields.Char(
        string="Source",
        translate=True,
        help="Law, standard or decision of the company from which the time allowed is taken.",
    )
    legal_reference = fields.Char(string="Article")
    source_note = fields.Text(string="What It Says", translate=True)

    # how it counts
    calendar_id = fields.Many2one(
        "resource.calendar", string="Working Time", check_company=True, index="btree_not_null", ondelete="restrict",
        help="Left empty, the working time of the company.",
    )  # fmt: skip
    ends_at = fields.Selection(
        [("close", "When work ends"), ("midnight", "At midnight")],
        string="Last Day Ends", required=True, default="close",
        help="For periods in days. Calendar days without working time end at midnight.",
    )  # fmt: skip
    late_start = fields.Selection(
        [("same_day", "Counts as received on that day"), ("next_day", "Counts as received on the next working day")],
        string="Received After Hours", required=True, default="same_day",
        help="For periods in days. The law counts the day itself; the day of receipt is never one of the days allowed.",
    )  # fmt: skip
    roll = fields.Selection(
        [("none", "Stays"), ("next_work_day", "Moves to the next working day")],
        string="Last Day Not a Working Day", required=True, default="none",
        help="For periods in calendar days; legal periods move, own promises usually stay.",
    )  # fmt: skip
    recount = fields.Selection(
        [("start", "Count again from the start"), ("now", "Keep what was counted")],
        string="When a Case Changes to This Regime", required=True, default="start",
        help="What was counted can be kept only within the same unit of hours; otherwise it is counted again.",
    )  # fmt: skip
    grace = fields.Integer(default=4 * 3600, help="Seconds that remain at least when a case changes to this regime.")
    grace_hours = fields.Float(
        compute="_compute_hours", inverse="_inverse_grace_hours", string="Time Left After a Change",
        help="A shorter regime does not put a deadline into the past: this much time remains at least.",
    )  # fmt: skip
    reopen_grace = fields.Integer(default=0, help="Seconds after the stop within which a reopened case goes on.")
    reopen_grace_hours = fields.Float(
        compute="_compute_hours", inverse="_inverse_reopen_grace_hours", string="Reopened Within",
        help="A case reopened within this time goes on with what was left; later a new clock starts.",
    )  # fmt: skip
    step_ids = fields.One2many("sqms.clock.step", "policy_id", string="Steps", copy=True)

    _version_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0), version)", "This version of the regime exists already."
    )
    _one_verified = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE state = 'verified'", "Only one version of a regime is in use."
    )
    _grace_positive = models.Constraint("CHECK(grace >= 0 AND reopen_grace >= 0)", "Times cannot be negative.")

    _workflow_managed = ("verified_by_id", "verified_at")
    _workflow_fixed = ("version", "previous_id")
    _workflow_locked = {"verified": (), "retired": ()}
    _workflow = (
        Transition("verify", _lt("Verified: Use It"), source=("draft",), target="verified", groups=MANAGER),
        Transition("retire", _lt("Retire"), source=("verified",), target="retired", groups=MANAGER, rare=True),
    )

    @api.model
    def _selection_res_model(self):
        names = [
            name
            for name, model in self.env.registry.items()
            if "clock_due_at" in model._fields and not model._abstract and not model._transient
        ]
        return sorted((name, self.env["ir.model"]._get(name).name or name) for name in names)

    @api.depends("grace", "reopen_grace")
    def _compute_hours(self):
        for policy in self:
            policy.grace_hours = policy.grace / 3600
            policy.reopen_grace_hours = policy.reopen_grace / 3600

    @api.onchange("grace_hours")
    def _inverse_grace_hours(self):
        for policy in self:
            policy.grace = round(policy.grace_hours * 3600)

    @api.onchange("reopen_grace_hours")
    def _inverse_reopen_grace_hours(self):
        for policy in self:
            policy.reopen_grace = round(policy.reopen_grace_hours * 3600)

    @api.depends("name", "version")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = self.env._("%(name)s, version %(version)s", name=policy.name, version=policy.version)

    @api.constrains("calendar_id")
    def _check_calendar(self):
        for policy in self.sudo():
            if policy.calendar_id.flexible_hours:
                raise ValidationError(
                    self.env._(
                        "“%(calendar)s” has flexible hours: no deadline can be counted in it. "
                        "Please choose working time with fixed hours.",
                        calendar=policy.calendar_id.name,
                    )
                )

    def _states_of_model(self):
        """{name: label} of the workflow states of the records, or nothing when they have none."""
        model = self.env.get(self.res_model)
        name = getattr(model, "_workflow_field", None)
        if model is None or name not in model._fields:
            return None
        return dict(model._fields[name]._description_selection(self.env))

    def _check_still_draft(self):
        for policy in self:
            if policy.state != "draft":
                raise UserError(
                    self.env._(
                        "%(policy)s is “%(state)s” and does not change any more. Please make a new version.",
                        policy=policy.display_name,
                        state=policy._workflow_state_label(),
                    )
                )

    @api.model
    @ormcache("res_model")
    def _verified(self, res_model):
        """[(id, company id, code)] of the regimes in use for a kind of record: asked for each record that is made, so
        kept until one changes."""
        found = self.sudo().search([("res_model", "=", res_model), ("state", "=", "verified")])
        return tuple((policy.id, policy.company_id.id, policy.code) for policy in found)

    @api.model
    @ormcache("policy_id")
    def _step_ids_of(self, policy_id):
        return tuple(self.sudo().browse(policy_id).step_ids.ids)

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        self.env.registry.clear_cache()
        return policies

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # -- steps -------------------------------------------------------------------

    def _check_verify(self):
        return {policy.id: self.env._("it has no steps yet") for policy in self if not policy.step_ids}

    def _prepare_verify_values(self):
        self._earlier_in_use().action_transition("retire")
        values = {"verified_by_id": self.env.uid, "verified_at": fields.Datetime.now()}
        return dict.fromkeys(self.ids, values)

    def _earlier_in_use(self):
        found = self.browse()
        for policy in self:
            found |= self.search(
                [("code", "=", policy.code), ("company_id", "=", policy.company_id.id), ("state", "=", "verified")]
            )
        return found

    def action_new_version(self):
        """A draft with everything in it, to be changed and verified."""
        self.ensure_one()
        draft = self._new_version()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _new_version(self):
        self.check_access("write")
        same = [("code", "=", self.code), ("company_id", "=", self.company_id.id)]
        draft = self.search([*same, ("state", "=", "draft")], limit=1)
        if draft:
            raise UserError(
                self.env._("%(policy)s is already in preparation. Please change that one.", policy=draft.display_name)
            )
        version = max(self.search(same).mapped("version")) + 1
        return self.copy({"code": self.code, "version": version, "previous_id": self.id})

    def copy_data(self, default=None):
        """A copy by hand is another regime; a new version keeps its code."""
        default = default or {}
        return [
            {**vals, "code": default.get("code") or self.env._("%(code)s (copy)", code=policy.code)}
            for policy, vals in zip(self, super().copy_data(default), strict=True)
        ]
