from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.sqms_clock_acts import AT_HAND


class SqmsClockPause(models.TransientModel):
    """Let a clock wait, or let it go on: now, or entered afterwards."""

    _name = "sqms.clock.pause"
    _description = "Pause or Resume a Deadline"

    clock_id = fields.Many2one("sqms.clock", required=True, readonly=True)
    kind = fields.Selection([("pause", "Pause"), ("resume", "Goes On")], required=True, readonly=True, default="pause")
    possible_reason_ids = fields.Many2many("sqms.clock.reason", compute="_compute_possible_reason_ids")
    reason_id = fields.Many2one("sqms.clock.reason", domain="[('id', 'in', possible_reason_ids)]")
    at = fields.Datetime(string="When", required=True, default=lambda self: fields.Datetime.now())
    is_afterwards = fields.Boolean(compute="_compute_is_afterwards")
    needs_approval = fields.Boolean(compute="_compute_is_afterwards")
    why = fields.Text(string="Why Afterwards")

    @api.depends("clock_id")
    def _compute_possible_reason_ids(self):
        for wizard in self:
            wizard.possible_reason_ids = wizard.clock_id.step_id.reason_ids

    @api.depends("clock_id", "at")
    def _compute_is_afterwards(self):
        now = fields.Datetime.now()
        for wizard in self:
            wizard.is_afterwards = bool(wizard.at and now - wizard.at > AT_HAND)
            wizard.needs_approval = bool(wizard.at and wizard.clock_id._needs_approval(wizard.at))

    def action_apply(self):
        """Enter it, or ask a second person to approve it."""
        self.ensure_one()
        if self.kind == "pause" and not self.reason_id:
            raise UserError(self.env._("Please choose a reason."))
        if self.needs_approval:
            return self._ask()
        if self.kind == "pause":
            held = self.clock_id.pause(self.reason_id.code, at=self.at, why=self.why)
        else:
            held = self.clock_id.resume(self.reason_id.code or None, at=self.at, why=self.why)
        if not held:
            raise UserError(self.env._("%(clock)s has stopped meanwhile.", clock=self.clock_id.display_name))
        return {"type": "ir.actions.act_window_close"}

    def _ask(self):
        self.env["sqms.clock.backdating"].create({
            "clock_id": self.clock_id.id, "kind": self.kind, "reason_id": self.reason_id.id, "at": self.at,
            "why": self.why,
        })  # fmt: skip
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("Another quality officer has to approve this entry."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
