from odoo import api, models


class SqmsClock(models.Model):
    """What the clocks that are paused wait for."""

    _inherit = "sqms.clock"

    @api.model
    def _pause_names(self, clock_ids):
        """`{clock id: the reasons it waits for, in words}` of clocks that are paused."""
        events = (
            self.env["sqms.clock.event"]
            .sudo()
            .search_fetch(
                [("clock_id", "in", clock_ids), ("kind", "in", ("pause", "resume", "void"))],
                ["clock_id", "kind", "reason", "voids_id"],
                order="at, id",
            )
        )
        void = events.voids_id
        held = {}
        for event in events - void:
            reasons = held.setdefault(event.clock_id.id, {})
            if event.kind == "pause":
                reasons[event.reason] = True
            elif event.kind == "resume" and event.reason:
                reasons.pop(event.reason, None)
            elif event.kind == "resume":
                reasons.clear()
        codes = {code for reasons in held.values() for code in reasons}
        known = self.env["sqms.clock.reason"].with_context(active_test=False).sudo()
        names = {reason.code: reason.name for reason in known.search([("code", "in", list(codes))])}
        clocks = {clock.id: clock for clock in self.sudo().browse(held)}
        return {
            clock_id: ", ".join(clocks[clock_id]._name_of_reason(code, names) for code in reasons)
            for clock_id, reasons in held.items()
            if reasons
        }
