from odoo import fields, models

from odoo.addons.sqms_base.lib.local_time import local_midnight


class SqmsComplaintDisputeClock(models.Model):
    """The deadlines of a dispute: what binds the outside body, and our own, which end earlier."""

    _inherit = "sqms.complaint.dispute"

    def _clock_steps(self):
        companies, facts = self._clock_company(), {}
        for dispute in self.sudo():
            ticket, company = dispute.ticket_id, companies[dispute.id]
            category_ids, topic = self.env["sqms.complaint.category"]._line_of(ticket.complaint_category_id.id or 0)
            facts[dispute.id] = {
                "company": company,
                "category_ids": category_ids,
                "topic": topic,
                "channel_id": ticket.channel_id.id,
                "is_safety": bool(ticket.complaint_is_safety),
                "wish": ticket.complaint_wish or None,
                "area": ticket.complaint_area or "urban",
                "body_code": dispute.body_id.code or None,
                "received": ticket.complaint_received_at or fields.Datetime.now(),
            }
        return dict(self.env["sqms.complaint.regime"]._steps_of("dispute", facts))

    def _clock_policy(self):
        data, Policy = self.env["sqms.clock.step"]._data, self.env["sqms.clock.policy"].sudo()
        return {
            record_id: Policy.browse(dict.fromkeys(data(step_id)["policy_id"] for step_id in step_ids))
            for record_id, step_ids in self._clock_steps().items()
        }

    def _clock_received(self):
        """They count from the day on which the body told us, or on which the complaint went there."""
        received, companies, today = {}, self._clock_company(), fields.Date.today()
        for dispute in self:
            days = [dispute[name] for name in ("notice_date", "referral_date") if name in self._fields]
            day = next((day for day in days if day), None)
            if day and day < today:
                received[dispute.id] = local_midnight(day, companies[dispute.id]._sqms_tz())
        return received

    def _clock_key(self, step):
        return step["chain"][1]
