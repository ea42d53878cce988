from datetime import date, datetime

import pytz
from freezegun import freeze_time

from odoo.tests import TransactionCase, new_test_user

from .fake_models import FakeModelLoader

ZONE = "Asia/Shanghai"


def local(text, zone=ZONE):
    """The naive UTC moment of a local time, `2026-09-28 10:00`."""
    naive = datetime.strptime(text, "%Y-%m-%d %H:%M")
    return pytz.timezone(zone).localize(naive).astimezone(pytz.utc).replace(tzinfo=None)


class ClockCase(TransactionCase):
    """A company in Shanghai that works from 9 to 12 and 13 to 18, with its National Day holidays; fake tickets with two
    promises: an answer within four working hours, a solution within five working days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, lang="en_US"))
        cls.loader = FakeModelLoader(cls.env, cls.__module__)
        cls.loader.backup_registry()
        from .fake_clock import FakeTicket

        cls.loader.update_registry([FakeTicket])
        cls.addClassCleanup(cls.loader.restore_registry)
        cls.registry.fake_ledger = []
        cls.addClassCleanup(delattr, cls.registry, "fake_ledger")
        # Selections that list models were read before the fake one came.
        cls.env["ir.model.access"].create({
            "name": "fake tickets", "model_id": cls.env["ir.model"]._get_id("sqms.fake.ticket"),
            "group_id": cls.env.ref("base.group_user").id,
            "perm_read": True, "perm_write": True, "perm_create": True, "perm_unlink": True,
        })  # fmt: skip
        cls.env["ir.rule"].create({
            "name": "fake tickets", "model_id": cls.env["ir.model"]._get_id("sqms.fake.ticket"),
            "domain_force": "[('company_id', 'in', company_ids)]",
        })  # fmt: skip
        cls.company = cls._create_company("Qinghe")
        cls.other_company = cls._create_company("Elsewhere")
        cls.calendar = cls.company.resource_calendar_id
        cls._create_leave(cls.company, date(2026, 10, 1), date(2026, 10, 7), "National Day")
        cls.officer = cls._create_user("officer", "sqms_base.group_sqms_officer")
        cls.second = cls._create_user("second", "sqms_base.group_sqms_officer")
        cls.manager = cls._create_user("manager", "sqms_base.group_sqms_manager")
        cls.plain = cls._create_user("plain", "base.group_user")
        cls.stranger = cls._create_user("stranger", "sqms_base.group_sqms_manager", cls.other_company)
        cls.policy = cls._create_policy(
            "care",
            [
                {"name": "Answer", "code": "answer", "unit": "work_hours", "target": 4 * 3600,
                 "stop_states": "open,done"},
                {"name": "Solution", "code": "solution", "unit": "work_days", "target": 5,
                 "start_states": "create,open", "stop_states": "done", "pause_states": "waiting",
                 "reasons": ("customer", "parts")},
            ],
        )  # fmt: skip

    @classmethod
    def _create_company(cls, name, zone=ZONE):
        company = cls.env["res.company"].create({"name": name})
        calendar = cls.env["resource.calendar"].create({
            "name": f"{name} hours", "company_id": company.id, "tz": zone, "attendance_ids": [(5, 0, 0)] + [
                (0, 0, {"name": f"{day}{a}", "dayofweek": str(day), "hour_from": a, "hour_to": b,
                        "day_period": "morning" if a < 12 else "afternoon"})
                for day in range(5) for a, b in ((9, 12), (13, 18))
            ],
        })  # fmt: skip
        company.resource_calendar_id = calendar
        return company

    @classmethod
    def _create_leave(cls, company, first, last, name):
        start, end = local(f"{first} 00:00"), local(f"{last} 23:59")
        return cls.env["resource.calendar.leaves"].with_company(company).create({
            "name": name, "calendar_id": company.resource_calendar_id.id, "date_from": start,
            "date_to": end.replace(second=59),
        })  # fmt: skip

    @classmethod
    def _create_user(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env, login=f"sqms_clock_{login}", groups=groups, tz=ZONE, company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )  # fmt: skip

    @classmethod
    def _create_policy(cls, code, steps, verify=True, res_model="sqms.fake.ticket", **values):
        policy = cls.env["sqms.clock.policy"].create({
            "name": code.title(), "code": code, "res_model": res_model, "company_id": cls.company.id, **values,
        })  # fmt: skip
        for step in steps:
            step = dict(step)
            codes = step.pop("reasons", ())
            rungs = step.pop("rungs", ())
            reasons = cls.env["sqms.clock.reason"].search([("code", "in", codes)])
            cls.env["sqms.clock.step"].create({
                "policy_id": policy.id, "reason_ids": [(6, 0, reasons.ids)], **step,
                "rung_ids": [(0, 0, {"kind": kind, "value": value}) for kind, value in rungs],
            })  # fmt: skip
        if verify:
            policy.action_transition("verify")
        return policy

    @classmethod
    def _create_ticket(cls, at, user=None, **values):
        """A ticket that arrives at a local time."""
        with freeze_time(local(at)):
            company = values.pop("company", cls.company)
            Ticket = cls.env["sqms.fake.ticket"].with_user(user or cls.officer).with_company(company)
            return Ticket.create({"name": "Broken pump", "company_id": company.id, **values})

    def _clock(self, ticket, code):
        return ticket.sudo().clock_ids.filtered(lambda clock: clock.step_id.code == code)[-1:].with_env(ticket.env)

    def assertDue(self, clock, text, zone=ZONE):
        clock.invalidate_recordset()
        self.assertEqual(clock.due_at, local(text, zone))
