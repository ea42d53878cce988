from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from .sqms_audit import MEETING_HOURS


class SqmsAuditMeetings(models.Model):
    """The opening and the closing meeting of an audit, as events in everybody's calendar."""

    _inherit = "sqms.audit"

    def action_invite(self):
        """Put the opening and closing meeting into the calendars of everybody concerned."""
        self.ensure_one()
        if not self.user_may_audit or self.state not in ("planned", "in_progress"):
            raise UserError(self.env._("The auditors invite while %(audit)s is not finished.", audit=self.display_name))
        missing = [label for kind, label in self._meeting_labels() if not self[f"{kind}_meeting"]]
        if missing:
            raise UserError(self.env._("Please set the time of: %(meetings)s.", meetings=", ".join(missing)))
        events = {event.audit_meeting: event for event in self.event_ids}
        for kind, label in self._meeting_labels():
            values = self._prepare_meeting_values(kind, label)
            if kind in events:
                events[kind].write(values)
            else:
                self.env["calendar.event"].create({**values, "audit_id": self.id, "audit_meeting": kind})

    def _meeting_labels(self):
        return self.env["calendar.event"]._fields["audit_meeting"]._description_selection(self.env)

    def _prepare_meeting_values(self, kind, label):
        people = (self.lead_id | self.member_ids.employee_id).sudo()
        partners = people.mapped(lambda employee: employee.user_id.partner_id or employee.work_contact_id)
        return {
            "name": f"{label}: {self.display_name}",
            "partner_ids": [fields.Command.set((partners | self.partner_id).ids)],
            **self._prepare_meeting_times(kind),
        }

    def _prepare_meeting_times(self, kind):
        start = self[f"{kind}_meeting"]
        return {"start": start, "stop": start + timedelta(hours=MEETING_HOURS)}

    def _move_meetings(self):
        for event in self.event_ids:
            start = event.audit_meeting and event.audit_id[f"{event.audit_meeting}_meeting"]
            if start and event.start != start:
                event.sudo().write(event.audit_id._prepare_meeting_times(event.audit_meeting))

    def action_open_meetings(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Meetings of %(audit)s", audit=self.number),
            "res_model": "calendar.event",
            "view_mode": "list,form,calendar",
            "domain": [("audit_id", "=", self.id)],
        }
