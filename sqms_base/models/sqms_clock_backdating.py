from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from ..lib.transition import Transition

_lt = LazyTranslate(__name__)

OFFICER = "sqms_base.group_sqms_officer"


class SqmsClockBackdating(models.Model):
    """A request to enter afterwards what happened to a clock: a pause that nobody noted can remove a breach.

    1. Whoever asks says why; another person decides.
    2. Approved, it is entered with both times: when it happened, and when it was entered.
    """

    _name = "sqms.clock.backdating"
    _description = "Entry Made Afterwards"
    _inherit = ["sqms.workflow.mixin"]
    _order = "id desc"

    clock_id = fields.Many2one("sqms.clock", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="clock_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [("pause", "Pause"), ("resume", "Goes On"), ("stop", "Stop")],
        string="What Happened",
        required=True,
        default="pause",
    )
    reason_id = fields.Many2one("sqms.clock.reason", string="Reason for the Pause", ondelete="restrict")
    at = fields.Datetime(string="When", required=True)
    why = fields.Text(string="Why Afterwards", required=True)
    requester_id = fields.Many2one("res.users", readonly=True, required=True, ondelete="restrict", string="Asked By")
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    decided_at = fields.Datetime(readonly=True, string="Decided On")
    state = fields.Selection(
        [("requested", "Requested"), ("approved", "Approved"), ("refused", "Refused")],
        required=True, default="requested", readonly=True, copy=False, index=True,
    )  # fmt: skip

    _workflow_initial = ("requested",)
    _workflow_managed = ("decided_by_id", "decided_at")
    _workflow_fixed = ("clock_id", "company_id", "kind", "reason_id", "at", "why", "requester_id")
    _workflow_locked = {"approved": (), "refused": ()}
    _workflow = (
        Transition("approve", _lt("Approve"), source=("requested",), target="approved", groups=OFFICER),
        Transition("refuse", _lt("Refuse"), source=("requested",), target="refused", groups=OFFICER),
    )

    @api.depends("clock_id", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for request in self:
            words = [kinds.get(request.kind), request.clock_id.display_name]
            request.display_name = ": ".join(word for word in words if word)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["requester_id"] = self.env.uid
        requests = super().create(vals_list)
        now = fields.Datetime.now()
        for request in requests:
            request.clock_id.check_access("read")
            request.clock_id._instant(request.at, now)
            if not self.env.su:
                request.clock_id._check_record_access()
            if request.kind == "pause" and request.reason_id.code not in request.clock_id._step_data()["pauses"]:
                raise UserError(
                    self.env._("“%(step)s” is not paused for this reason.", step=request.clock_id.sudo().step_id.name)
                )
        return requests

    def _offers_approve(self):
        return self.requester_id != self.env.user

    _offers_refuse = _offers_approve

    def _check_approve(self):
        # Not even the superuser decides on what he asked for himself.
        return {
            request.id: self.env._("another person decides on it")
            for request in self
            if request.requester_id == self.env.user
        }

    _check_refuse = _check_approve

    def _prepare_approve_values(self):
        return dict.fromkeys(self.ids, {"decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()})

    _prepare_refuse_values = _prepare_approve_values

    def _on_approve(self):
        for request in self:
            request.clock_id.sudo()._enter(
                request.kind, request.at, request.reason_id.code or False, request.why,
                approved=True, user_id=request.requester_id.id,
            )  # fmt: skip
