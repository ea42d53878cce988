from datetime import timedelta

from odoo import fields, models

from ..lib.clock_explain import explain
from .sqms_clock_derive import moment, seconds


class SqmsClockExplain(models.Model):
    """Why a clock is due when it is, in words and in numbers that add up."""

    _inherit = "sqms.clock"

    def explain(self, at=None, known_at=None):
        """Every interval of the clock, counted or not, and why; `lib/clock.py` describes the answer.

        :param at: the moment asked for (naive UTC, not in the future); now when not given
        :param known_at: only what had been entered by then
        """
        self.ensure_one()
        self.check_access("read")
        clock = self.sudo()
        now = fields.Datetime.now()
        at = min(fields.Datetime.to_datetime(at) or now, now)
        known_at = seconds(fields.Datetime.to_datetime(known_at)) if known_at else None
        events = self._load(clock.ids)[1].get(clock.id, [])
        people = {
            user.id: user.name
            for user in self.env["res.users"].sudo().browse({event.user for event in events} - {None})
        }
        events = [event._replace(user=people.get(event.user, "")) for event in events]
        return explain(
            events, seconds(at), known_at, self._label_of_row(events),
            title=self.res_name or "", policy=clock.policy_id.with_env(self.env).sudo().display_name,
            step=clock.step_id.with_env(self.env).sudo().name,
        )  # fmt: skip

    def _label_of_row(self, events):
        closings = self._general_closings(events)
        known = self.env["sqms.clock.reason"].sudo().with_context(active_test=False)
        known = known.search([("code", "in", [event.reason for event in events])])
        reasons = {reason.code: reason.name for reason in known}

        def label(kind, reason, day):
            if kind == "closed":
                return closings.get(day) or (
                    self.env._("Weekend") if day.weekday() > 4 else self.env._("Outside working hours")
                )
            if kind == "paused":
                names = ", ".join(self._name_of_reason(code, reasons) for code in reason.split(", "))
                return self.env._("Paused: %(reasons)s", reasons=names)
            return {
                "counted": self.env._("Counted"),
                "stopped": self.env._("Stopped"),
                "start_day": self.env._("Received; the first day does not count"),
                "before": self.env._("Not over yet"),
                "open": self.env._("Still to come"),
                "moved": self.env._("The last day is not a working day")
                if reason == "roll"
                else self.env._("Time left after the change of regime"),
            }[kind]

        return label

    def _name_of_reason(self, code, reasons):
        if code.startswith("state:"):
            model = self.env.get(self.sudo().res_model)
            if model is not None and hasattr(model, "_workflow_state_label"):
                return model._workflow_state_label(code.removeprefix("state:"))
        return reasons.get(code, code)

    def _general_closings(self, events):
        """{local date: name} of the closings of the clock's working time, holidays above all."""
        clock = self.sudo()
        if not clock.calendar_id or not events:
            return {}
        start = moment(min(event.at for event in events)) - timedelta(days=1)
        end = max(clock.due_at or fields.Datetime.now(), fields.Datetime.now()) + timedelta(days=1)
        leaves = self.env["resource.calendar.leaves"].sudo().search([
            ("resource_id", "=", False), ("time_type", "=", "leave"),
            ("calendar_id", "in", (clock.calendar_id.id, False)),
            ("company_id", "in", (clock.company_id.id, False)), ("date_from", "<=", end), ("date_to", ">=", start),
        ])  # fmt: skip
        found = {}
        for leave in leaves:
            zone = clock.calendar_id.tz
            first, last = (
                fields.Datetime.context_timestamp(clock.with_context(tz=zone), edge).date()
                for edge in (leave.date_from, leave.date_to - timedelta(seconds=1))
            )
            for number in range(min((last - first).days, 400) + 1):
                found.setdefault(first + timedelta(number), leave.name or "")
        return found

    def action_explain(self):
        """The form, where the explanation stands."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
