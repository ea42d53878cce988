from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from .common_clock import ClockCase, local
from .fake_models import FakeModelLoader

MODEL = "sqms.fake.mail.ticket"


class EscalationCase(ClockCase):
    """Fake tickets with a chatter and one promise: four working hours, with a ladder of four rungs.

    Received on Monday 14 September 2026 at 9:00 they are due at 14:00: half the time is used at 11:00, one working
    hour before due is 12:00 (lunch is no time), one working hour after due is 15:00.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        loader = FakeModelLoader(cls.env, cls.__module__)
        loader.backup_registry()
        from .fake_escalation import FakeMailTicket

        loader.update_registry([FakeMailTicket])
        cls.addClassCleanup(loader.restore_registry)
        cls.env["ir.model.access"].create({
            "name": "fake mail tickets", "model_id": cls.env["ir.model"]._get_id(MODEL),
            "group_id": cls.env.ref("base.group_user").id,
            "perm_read": True, "perm_write": True, "perm_create": True, "perm_unlink": True,
        })  # fmt: skip
        # Whatever else the database escalates is none of these tests'.
        cls.env.cr.execute("UPDATE sqms_clock SET next_at = NULL")
        cls.boss = cls._create_user("boss", "base.group_user")
        cls.handler = cls._create_user("handler", "base.group_user")
        department = cls.env["hr.department"].create({"name": "Desk", "company_id": cls.company.id})
        chief = cls.env["hr.employee"].create(
            {"name": "Boss", "user_id": cls.boss.id, "company_id": cls.company.id, "department_id": department.id}
        )
        cls.employee = cls.env["hr.employee"].create(
            {"name": "Handler", "user_id": cls.handler.id, "company_id": cls.company.id, "department_id": department.id}
        )
        cls.employee.parent_id = chief
        cls.ladder = cls._create_ladder(
            ("percent", 50, "handler", "activity"),
            ("before", 3600, "handler", "both"),
            ("percent", 100, "leader", "both"),
            ("after", 3600, "manager", "mail"),
        )

    @classmethod
    def _create_ladder(cls, *rungs, code="ladder", **values):
        policy = cls._create_policy(
            code,
            [{"name": "Reply", "code": code, "unit": "work_hours", "target": 4 * 3600, "start_states": "create"}],
            res_model=MODEL,
            verify=False,
            **values,
        )
        for sequence, (kind, value, tell, by) in enumerate(rungs):
            cls.env["sqms.clock.rung"].create({
                "step_id": policy.step_ids.id, "sequence": sequence, "kind": kind, "value": value, "tell": tell,
                "by": by,
            })  # fmt: skip
        policy.action_transition("verify")
        return policy

    @classmethod
    def _create_tickets(cls, count=1, at="2026-09-14 09:00", **values):
        values = {"name": "Noise", "company_id": cls.company.id, "user_id": cls.handler.id, **values}
        with freeze_time(local(at)):
            return cls.env[MODEL].create([dict(values) for _number in range(count)])

    def _let_pause(self):
        """The regime in force comes to honour a reason, which for people it cannot any more."""
        reason = self.env["sqms.clock.reason"].search([("code", "=", "customer")])
        self.assertTrue(reason)
        self.env.cr.execute(
            """INSERT INTO sqms_clock_reason_sqms_clock_step_rel (sqms_clock_step_id, sqms_clock_reason_id)
               VALUES (%s, %s)""",
            [self.ladder.step_ids.id, reason.id],
        )
        self.env.invalidate_all()
        self.registry.clear_cache()  # what is verified is read once

    @contextmanager
    def _no_commit(self):
        """A pass without its commits, which a test may not make; gives the list of what it reported."""
        calls = []

        def progress(_self, processed=0, *, remaining=None, deactivate=False):
            self.env.flush_all()
            calls.append((processed, remaining))
            return float("inf")

        with patch.object(type(self.env["ir.cron"]), "_commit_progress", progress):
            yield calls

    def _pass(self, at, **arguments):
        with freeze_time(local(at)), self._no_commit() as calls:
            self.env["sqms.clock"]._cron_escalate(**arguments)
            self.env.flush_all()
        self.env.invalidate_all()
        return calls

    def _notices(self, tickets, **values):
        domain = [("clock_id", "in", tickets.clock_ids.ids), *((name, "=", value) for name, value in values.items())]
        return self.env["sqms.clock.notice"].search(domain, order="reached_at, id")

    def _mails(self):
        return self.env["mail.mail"].search([("subject", "like", "Deadlines")])
