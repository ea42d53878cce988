from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import LazyTranslate, format_date

from ..lib.transition import Transition
from ..lib.workflow_pass import workflow_fields
from .sqms_action import OFFICER

_lt = LazyTranslate(__name__)

WORDS = ("action_id", "company_id", "date_before", "date_new", "reason", "asked_by_id")


class SqmsActionExtension(models.Model):
    """More time for an action: asked for with a reason, granted by somebody else.

    1. Asked by its owner or a quality officer, for an action that is in progress, for a later day than the one it has.
    2. Granted or refused by a quality officer who neither asked nor owns the action nor has worked on it.
    3. Granted, the action gets the new day; the first one stays on it. One request at a time.
    4. Whatever was asked and decided stays.
    """

    _name = "sqms.action.extension"
    _description = "Extension of an Action"
    _inherit = ["sqms.workflow.mixin"]
    _order = "id desc"
    _check_company_auto = True

    action_id = fields.Many2one(
        "sqms.action", required=True, index=True, ondelete="restrict", check_company=True,
        domain=[("state", "=", "started")],
    )  # fmt: skip
    company_id = fields.Many2one(
        related="action_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    owner_id = fields.Many2one(related="action_id.owner_id")
    date_before = fields.Date(string="Due Until Now", readonly=True, copy=False)
    date_new = fields.Date(string="New Day", required=True)
    reason = fields.Text(required=True)
    asked_by_id = fields.Many2one(
        "res.users", required=True, readonly=True, copy=False, index=True, ondelete="restrict"
    )
    state = fields.Selection(
        [("asked", "Asked"), ("approved", "Granted"), ("refused", "Refused"), ("withdrawn", "Withdrawn")],
        required=True, default="asked", readonly=True, copy=False, index=True,
    )  # fmt: skip
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    decided_at = fields.Datetime(string="Decided On", readonly=True, copy=False)
    remarks = fields.Text(copy=False, help="Why it is refused.")

    _one_asked = models.UniqueIndex("(action_id) WHERE state = 'asked'", "An extension is asked for already.")
    _later = models.Constraint("CHECK(date_new > date_before)", "The new day is later than the one it has.")

    _ledger_fields = (*WORDS, "state", "decided_by_id", "decided_at", "remarks")
    _workflow_initial = ("asked",)
    _workflow_managed = ("decided_by_id", "decided_at")
    _workflow_fixed = WORDS
    _workflow_locked = {"asked": ("remarks",), "approved": (), "refused": (), "withdrawn": ()}
    _workflow = (
        Transition("approve", _lt("Grant"), ("asked",), "approved", groups=OFFICER),
        Transition("refuse", _lt("Refuse"), ("asked",), "refused", groups=OFFICER, required=("remarks",)),
        Transition("withdraw", _lt("Withdraw"), ("asked",), "withdrawn", rare=True),
    )

    @api.depends("action_id", "date_new")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for extension in self:
            day = format_date(self.env, extension.date_new) if extension.date_new else ""
            extension.display_name = self.env._(
                "%(action)s until %(day)s", action=extension.action_id.sudo().number or "", day=day
            )

    # -- asking ---------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        extensions = super().create(vals_list)
        extensions._tell_deciders()
        return extensions

    def _create(self, data_list):
        # Defaults from the context and from ir.default are merged below `create`.
        actions = self.env["sqms.action"].browse({data["stored"].get("action_id") for data in data_list} - {None})
        self._refuse_asking(actions)
        days = {action.id: action.date_due for action in actions.sudo()}
        for data in data_list:
            stored = data["stored"]
            # The system may take over what somebody asked for elsewhere.
            asked_by = stored.get("asked_by_id") if self.env.su else None
            stored.update({"asked_by_id": asked_by or self.env.uid, "date_before": days.get(stored.get("action_id"))})
            new = fields.Date.to_date(stored.get("date_new"))
            if new and stored["date_before"] and new <= stored["date_before"]:
                raise UserError(self.env._("The new day is later than the one it has."))
            if not (stored.get("reason") or "").strip():
                raise UserError(self.env._("Please say why it needs more time."))
        return super()._create(data_list)

    def _refuse_asking(self, actions):
        actions._workflow_lock_rows() if actions else None
        asked = self.sudo()._read_group([("action_id", "in", actions.ids), ("state", "=", "asked")], ["action_id"])
        asked = {action.id for (action,) in asked}
        for action in actions:
            if not self.env.su:
                action.check_access("write")
            if not action._may_work():
                raise AccessError(self.env._("Its owner asks for more time, or a quality officer."))
            if action.state != "started":
                raise UserError(
                    self.env._(
                        "%(action)s is “%(state)s”: more time is asked for while it is in progress.",
                        action=action.display_name,
                        state=action._workflow_state_label(),
                    )
                )
            if action.id in asked:
                raise UserError(self.env._("An extension of %s is asked for already.", action.display_name))

    def _tell_deciders(self):
        for extension in self:
            action = extension.action_id
            asked = action.sudo().verifier_id | action.sudo().nonconformity_id.owner_id
            action._tell(
                asked.filtered(lambda user: user.has_group(OFFICER)) - action._hands(),
                self.env._("More time is asked for: %s", extension.display_name),
                extension.reason,
            )

    # -- deciding ------------------------------------------------------------------

    def _offers_approve(self):
        return not self._decider_refusals()

    def _offers_refuse(self):
        return not self._decider_refusals()

    def _offers_withdraw(self):
        return self.env.user in (self.asked_by_id | self.sudo().action_id.owner_id)

    def _decider_refusals(self):
        return {
            extension.id: self.env._("somebody decides who neither asked nor works on it")
            for extension in self.sudo()
            if self._workflow_people() & (extension.asked_by_id | extension.action_id._hands())
        }

    def _check_approve(self):
        refusals = {}
        for extension in self.sudo():
            action = extension.action_id
            action._workflow_lock_rows()
            if action.state != "started":
                refusals[extension.id] = self.env._("the action is “%s” by now", action._workflow_state_label())
            elif action.date_due != extension.date_before:
                refusals[extension.id] = self.env._("its day has changed since")
        return {**refusals, **self._decider_refusals()}

    def _check_refuse(self):
        return self._decider_refusals()

    def _check_withdraw(self):
        return {
            extension.id: self.env._("who asked withdraws it")
            for extension in self
            if self.env.user not in (extension.asked_by_id | extension.sudo().action_id.owner_id)
        }

    def _prepare_decision_values(self):
        values = {"decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()}
        return {extension.id: dict(values) for extension in self}

    def _prepare_approve_values(self):
        return self._prepare_decision_values()

    def _prepare_refuse_values(self):
        return self._prepare_decision_values()

    def _on_approve(self):
        for extension in self:
            action = extension.action_id
            with workflow_fields(action, "date_due"):
                action.write({"date_due": extension.date_new})
            action._tell(
                action.owner_id | extension.asked_by_id,
                self.env._("Granted: %s", extension.display_name),
                extension.reason,
            )

    def _on_refuse(self):
        for extension in self:
            extension.action_id._tell(
                extension.action_id.owner_id | extension.asked_by_id,
                self.env._("Not granted: %s", extension.display_name),
                extension.remarks,
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise AccessError(self.env._("What was asked and decided is kept. Please withdraw the request instead."))
