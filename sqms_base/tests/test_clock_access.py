from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import new_test_user, tagged

from .common_clock import ClockCase, local

MANAGED = (
    "due_at",
    "met_at",
    "breached_at",
    "paused",
    "start_at",
    "next_at",
    "remaining",
    "epoch",
    "policy_id",
    "res_id",
)


@tagged("post_install", "-at_install", "sqms_alone")
class TestClockAccess(ClockCase):
    """Who reads a clock, who may touch it, and that nobody writes it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._create_ticket("2026-09-14 10:00")
        cls.clocks = cls.ticket.sudo().clock_ids
        cls.hidden = cls._create_ticket("2026-09-14 10:00", user=cls.stranger, company=cls.other_company)
        cls.portal = new_test_user(cls.env, login="sqms_clock_portal", groups="base.group_portal")
        cls.certifier = cls._create_user("certifier", "sqms_base.group_sqms_certifier")
        cls.everybody = (cls.plain, cls.officer, cls.manager, cls.certifier, cls.env.ref("base.user_admin"))
        shared = cls._create_policy("everywhere", [{"name": "Anywhere", "unit": "days", "target": 3}], company_id=False)
        cls.foreign = cls.env["sqms.clock"].start(cls.hidden.sudo(), shared, at=local("2026-09-14 10:00")).sudo()

    def test_readers_of_the_record_read_its_clocks_and_events(self):
        for user in (self.plain, self.officer, self.manager, self.certifier):
            clocks = self.clocks.with_user(user)
            self.assertTrue(clocks.read(["due_at", "status", "name"]))
            self.assertTrue(clocks.event_ids.read(["kind"]))
            domain = [("res_id", "=", self.ticket.id), ("res_model", "=", "sqms.fake.ticket")]
            self.assertEqual(self.env["sqms.clock"].with_user(user).search(domain), self.clocks)
            self.assertTrue(clocks[0].explain()["rows"])

    def test_another_company_sees_nothing(self):
        for user in (self.plain, self.manager):
            self.assertFalse(self.env["sqms.clock"].with_user(user).search([("id", "in", self.foreign.ids)]))
            self.assertFalse(
                self.env["sqms.clock.event"].with_user(user).search([("clock_id", "in", self.foreign.ids)])
            )
            for attack in (
                lambda user=user: self.foreign.with_user(user).read(["due_at"]),
                lambda user=user: self.foreign.with_user(user).explain(),
                lambda user=user: self.foreign.event_ids.with_user(user).read(["at"]),
                lambda user=user: self.foreign.with_user(user).pause("customer"),
            ):
                with self.assertRaises(UserError):
                    attack()
                    self.env.flush_all()

    def test_who_may_not_read_the_record_may_not_read_its_clocks(self):
        self.env["ir.rule"].create({
            "name": "own tickets", "model_id": self.env["ir.model"]._get_id("sqms.fake.ticket"),
            "domain_force": "[('user_id', '=', user.id)]", "groups": [(4, self.env.ref("base.group_user").id)],
        })  # fmt: skip
        with self.assertRaises(AccessError):
            self.clocks.with_user(self.plain).read(["due_at"])
        with self.assertRaises(AccessError):
            self.clocks.event_ids.with_user(self.plain).read(["at"])
        Clock = self.env["sqms.clock"].with_user(self.plain)
        self.assertFalse(Clock.search([("id", "in", self.clocks.ids)]))
        self.assertEqual(Clock.search_count([("id", "in", self.clocks.ids)]), 0)
        self.assertFalse(Clock._read_group([("id", "in", self.clocks.ids)], ["due_at:month"], ["__count"]))
        self.ticket.sudo().user_id = self.plain
        self.assertEqual(Clock.search([("id", "in", self.clocks.ids)]), self.clocks)

    def test_portal_and_public_are_kept_out(self):
        for user in (self.portal, self.env.ref("base.public_user")):
            for model in ("sqms.clock", "sqms.clock.event", "sqms.clock.policy", "sqms.clock.backdating"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_nobody_writes_a_clock(self):
        for user in self.everybody:
            clock = self.clocks[:1].with_user(user)
            for record in (clock, clock.sudo()):
                for name in MANAGED:
                    with self.assertRaises(UserError), self.cr.savepoint():
                        record.write({name: False})
                with self.assertRaises(UserError), self.cr.savepoint():
                    record.unlink()
                with self.assertRaises(UserError), self.cr.savepoint():
                    record.copy()
                with self.assertRaises(UserError), self.cr.savepoint():
                    record.create({"res_model": "sqms.fake.ticket", "res_id": self.ticket.id})
                with self.assertRaises(UserError), self.cr.savepoint():
                    record.due_at = local("2030-01-01 00:00")
                    self.env.flush_all()

    def test_nobody_writes_an_event(self):
        for user in self.everybody:
            event = self.clocks[:1].event_ids.with_user(user)
            for record in (event, event.sudo()):
                for attack in (
                    lambda record=record: record.write({"at": local("2026-09-15 10:00")}),
                    lambda record=record: record.unlink(),
                    lambda record=record: record.create(
                        {"clock_id": self.clocks[0].id, "at": "2026-09-14", "kind": "pause"}
                    ),
                    lambda record=record: record.with_context(_force_unlink=True).unlink(),
                    lambda record=record: (
                        self.clocks[:1]
                        .with_env(record.env)
                        .write({"event_ids": [(0, 0, {"kind": "stop", "at": "2026-09-14"})]})
                    ),
                ):
                    with self.assertRaises(UserError), self.cr.savepoint():
                        attack()

    def test_imports_are_refused(self):
        for model, columns, row in (
            (
                "sqms.clock",
                ["res_model", "res_id", "due_at"],
                ["sqms.fake.ticket", str(self.ticket.id), "2030-01-01 00:00:00"],
            ),
            ("sqms.fake.ticket", ["name", "clock_due_at"], ["x", "2030-01-01 00:00:00"]),
        ):
            result = self.env[model].load(columns, [row])
            self.assertFalse(result["ids"])

    def test_the_deadline_on_the_record_is_nobodys_to_write(self):
        for user in (self.plain, self.manager):
            ticket = self.ticket.with_user(user)
            with self.assertRaises(UserError), self.cr.savepoint():
                ticket.write({"clock_due_at": "2030-01-01"})
            with self.assertRaises(UserError), self.cr.savepoint():
                ticket.create({"clock_nearest_id": self.clocks[0].id})
            with self.assertRaises(UserError), self.cr.savepoint():
                ticket.write({"clock_ids": [(5, 0, 0)]})

    def test_a_hostile_context_fills_in_nothing(self):
        hostile = {
            "default_due_at": "2030-01-01", "default_met_at": "2026-09-01", "default_clock_id": self.clocks[0].id,
            "default_kind": "stop", "default_epoch": 7, "default_user_id": self.plain.id, "default_at": "2020-01-01",
        }  # fmt: skip
        with freeze_time(local("2026-09-14 10:00")):
            Ticket = self.env["sqms.fake.ticket"].with_user(self.officer).with_context(**hostile)
            ticket = Ticket.with_company(self.company).create({"name": "x", "company_id": self.company.id})
        self.assertEqual(set(ticket.sudo().clock_ids.mapped("epoch")), {0})
        self.assertEqual(ticket.sudo().clock_ids.event_ids.mapped("kind"), ["start"] * 3)
        self.assertFalse(any(ticket.sudo().clock_ids.mapped("met_at")))
        with self.assertRaises(UserError):
            Ticket.with_context(default_clock_due_at="2030-01-01").create({"name": "y"})

    def test_a_client_pauses_and_resumes_and_nothing_else(self):
        for name in ("pause", "resume", "explain"):
            self.assertTrue(get_public_method(self.env["sqms.clock"], name))
        for name in (
            "start",
            "stop",
            "reopen",
            "change_policy",
            "void",
            "_enter",
            "_create_events",
            "_refresh",
            "_store",
        ):
            with self.assertRaises(AccessError):
                get_public_method(self.env["sqms.clock"], name)

    def test_who_may_write_the_record_may_pause_and_who_may_only_read_may_not(self):
        with freeze_time(local("2026-09-14 11:00")):
            self.clocks.with_user(self.plain).pause("customer")
            self.assertTrue(any(self.clocks.mapped("paused")))
            self.clocks.with_user(self.plain).resume("customer")
            access = self.env["ir.model.access"].search([("model_id.model", "=", "sqms.fake.ticket")])
            access.perm_write = False
            with self.assertRaises(AccessError):
                self.clocks.with_user(self.plain).pause("customer")

    def test_only_managers_prepare_and_verify_regimes(self):
        draft = self._create_policy("draft", [{"name": "S", "unit": "days", "target": 2}], verify=False)
        for user in (self.plain, self.officer, self.certifier):
            for attack in (
                lambda user=user: self.policy.with_user(user).action_transition("retire"),
                lambda user=user: self.policy.with_user(user).action_new_version(),
                lambda user=user: draft.step_ids.with_user(user).write({"target": 1}),
                lambda user=user: self.env["sqms.clock.policy"].with_user(user).create({"name": "a", "code": "a"}),
                lambda user=user: self.env["sqms.clock.reason"].with_user(user).create({"name": "a", "code": "a"}),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attack()

    def test_a_verified_regime_comes_by_its_step_alone(self):
        with self.assertRaises(UserError):
            self.env["sqms.clock.policy"].with_user(self.manager).create(
                {"name": "a", "code": "a", "res_model": "sqms.fake.ticket", "state": "verified"}
            )
        draft = self._create_policy("b", [{"name": "S", "unit": "days", "target": 1}], verify=False)
        with self.assertRaises(UserError):
            draft.with_user(self.manager).state = "verified"

    def test_a_regime_of_another_company_is_not_used(self):
        with self.assertRaises(UserError):
            self.env["sqms.clock"].start(self.hidden.sudo(), self.policy)
        self.assertNotIn(self.policy, self.hidden.sudo().clock_ids.policy_id)
        self.assertFalse(self.env["sqms.clock.policy"].with_user(self.stranger).search([("id", "=", self.policy.id)]))
