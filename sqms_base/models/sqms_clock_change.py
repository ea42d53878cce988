from odoo import fields, models


class SqmsClockChange(models.Model):
    """How a clock is taken back, or made to count from another moment."""

    _inherit = "sqms.clock"

    def _take_back(self, why):
        """Nothing asked for these clocks after all; they and the reason stay to be read."""
        starts = self.sudo().event_ids.filtered(lambda event: event.kind == "start")
        if starts:
            self.void(starts, why)

    def _start_anew(self, moments, why):
        """Their start was entered wrongly: another one takes its place.

        :param moments: `{clock id: naive UTC}`
        """
        if not self:
            return
        clocks = self.sudo()
        clocks._lock()
        values = []
        for clock in clocks:
            for start in clock.event_ids.filtered(lambda event: event.kind == "start" and event.at == clock.start_at):  # noqa: B023
                new = {"at": moments[clock.id], "kind": "start", "step_id": start.step_id.id}
                values += [
                    {"clock_id": clock.id, "at": start.at, "kind": "void", "voids_id": start.id, "note": why},
                    {**new, "clock_id": clock.id, "calendar_id": start.calendar_id.id, "note": why},
                ]
        clocks._create_events(values, fields.Datetime.now())
