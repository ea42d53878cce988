from datetime import date

from freezegun import freeze_time

from odoo.addons.sqms_base.tests.common_clock import local

from .common import ComplaintCase


class ComplaintClockCase(ComplaintCase):
    """A company in Shanghai that works from 9 to 12 and 13 to 18; National Day 1 to 7 October 2026 is closed, Saturday
    10 October is worked like a Wednesday, and Sunday 20 September like a Thursday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, lang="en_US"))
        cls.shanghai = cls.env["res.company"].create({"name": "Qinghe"})
        cls.calendar = cls.env["resource.calendar"].create({
            "name": "Qinghe hours", "company_id": cls.shanghai.id, "tz": "Asia/Shanghai",
            "attendance_ids": [(5, 0, 0)] + [
                (0, 0, {"name": f"{day}{a}", "dayofweek": str(day), "hour_from": a, "hour_to": b,
                        "day_period": "morning" if a < 12 else "afternoon"})
                for day in range(5) for a, b in ((9, 12), (13, 18))
            ],
        })  # fmt: skip
        cls.shanghai.resource_calendar_id = cls.calendar
        cls.env["resource.calendar.leaves"].with_company(cls.shanghai).create({
            "name": "National Day", "calendar_id": cls.calendar.id, "date_from": local("2026-10-01 00:00"),
            "date_to": local("2026-10-07 23:59").replace(second=59),
        })  # fmt: skip
        cls.env["sqms.extra.day"].create([
            {"calendar_id": cls.calendar.id, "date": date(2026, 10, 10), "dayofweek": "2", "name": "Make-up day"},
            {"calendar_id": cls.calendar.id, "date": date(2026, 9, 20), "dayofweek": "3", "name": "Make-up day"},
        ])  # fmt: skip
        for user in (cls.agent, cls.agent_own, cls.agent_all, cls.officer, cls.manager):
            user.company_ids |= cls.shanghai
        cls.leader = cls._create_user(
            "sqms_leader", "helpdesk_mgmt.group_helpdesk_user", company_id=cls.shanghai.id,
            company_ids=[(6, 0, cls.shanghai.ids)],
        )  # fmt: skip
        cls.desk = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Desk",
                "company_id": cls.shanghai.id,
                "user_id": cls.leader.id,
                "user_ids": [(6, 0, cls.agent.ids)],
            }
        )
        cls.client = cls.env["res.partner"].create({"name": "Wang Li", "email": "wang@example.com", "lang": "en_US"})

    @classmethod
    def _complain(cls, at, user=None, **values):
        """A complaint that is entered at a local time."""
        values = cls._prepare_complaint_values(
            team_id=cls.desk.id, partner_id=cls.client.id, company_id=cls.shanghai.id, **values
        )
        with freeze_time(local(at)):
            env = cls.env(user=user) if user else cls.env
            return env["helpdesk.ticket"].with_company(cls.shanghai).create(values)

    def _clock(self, ticket, code):
        return ticket.sudo().clock_ids.filtered(lambda clock: clock.step_id.code == code)[-1:]

    def assertDue(self, ticket, code, text):
        clock = self._clock(ticket, code)
        clock.invalidate_recordset()
        # On a day without work a period in days ends at midnight.
        due = local(text).replace(second=59 if text.endswith("23:59") else 0)
        self.assertEqual(clock.due_at, due, f"{code}: {clock.due_at} UTC")

    def _in_use(self, policy):
        """What a compliance person does before a regime of the law is used."""
        policy = self.env.ref(f"sqms_complaint.sqms_clock_policy_{policy}")
        clauses = policy.clause_id | policy.step_ids.clause_id
        clauses.standard_id.action_verify()
        clauses.action_verify()
        policy.action_transition("verify")
        return policy
