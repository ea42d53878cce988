from odoo import api, models


class SqmsClockMixinReason(models.AbstractModel):
    """Why a deadline waits stands on its badge; two queries, and only where one waits."""

    _inherit = "sqms.clock.mixin"

    @api.depends("clock_due_at")
    @api.depends_context("lang")
    def _compute_clock_badges(self):
        super()._compute_clock_badges()
        waiting = {badge["id"]: record for record in self for badge in record.clock_badges or [] if badge.get("paused")}
        if not waiting:
            return
        reasons = self.env["sqms.clock"]._pause_names(list(waiting))
        for record in set(waiting.values()):
            record.clock_badges = [
                {**badge, "reason": reasons[badge["id"]]} if badge["id"] in reasons else badge
                for badge in record.clock_badges
            ]
