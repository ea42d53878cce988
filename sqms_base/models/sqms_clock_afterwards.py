from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .sqms_clock_acts import AT_HAND

OFFICER = "sqms_base.group_sqms_officer"


class SqmsClockAfterwards(models.Model):
    """Who may enter afterwards what happened to a clock.

    1. It needs a reason, and the role of a quality officer.
    2. Further back than the company allows, or once the clock is late, a second person approves it
       (`sqms.clock.backdating`).
    3. The ledger of the record holds both times, and the explanation says how much later it was entered.
    """

    _inherit = "sqms.clock"

    def _check_backdating(self, kind, at, why):
        if self.env.su:
            return
        if not why:
            raise UserError(self.env._("Please say why this is entered afterwards."))
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only quality officers enter afterwards what happened to a deadline."))
        for clock in self.sudo():
            if clock._needs_approval(at):
                raise UserError(
                    self.env._(
                        "%(clock)s: this is too far back, or the deadline has passed. "
                        "Please ask for it under “Entries Made Afterwards”; another person approves it.",
                        clock=clock.with_env(self.env).display_name,
                    )
                )

    def _needs_approval(self, at):
        """Whether what happened at this time is entered only with the approval of a second person."""
        clock, now = self.sudo(), fields.Datetime.now()
        if now - at <= AT_HAND:
            return False
        late = clock.breached_at or (clock.due_at and clock.due_at < now)
        return bool(late) or now - at > timedelta(hours=clock.company_id.sqms_backdate_hours)

    def _log_backdating(self, kind, at, now, why):
        """Both times in the ledger of each record that keeps one."""
        for model, clocks in self.sudo().grouped("res_model").items():
            if model not in self.env or not hasattr(self.env[model], "_ledger_log"):
                continue
            records = self.env[model].browse(set(clocks.mapped("res_id")))
            new = {
                clock.res_id: {
                    "clock": clock.step_id.name, "kind": kind, "at": fields.Datetime.to_string(at),
                    "entered_at": fields.Datetime.to_string(now),
                }
                for clock in clocks
            }  # fmt: skip
            records._ledger_log("backdated", new=new, reason=why)
