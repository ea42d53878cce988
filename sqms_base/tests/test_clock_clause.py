from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_clock import ClockCase

MONDAY = datetime(2026, 9, 21, 2, 0)  # ten o'clock in Shanghai


@tagged("post_install", "-at_install")
class TestClockClause(ClockCase):
    """A row of the law that nobody has verified never becomes a deadline or a default, by any path."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(MONDAY))
        cls.law = cls.env["sqms.standard"].create({"code": "T 1", "name": "Law of test", "kind": "law"})
        cls.clause = cls.env["sqms.clause"].create({
            "standard_id": cls.law.id, "number": "24", "name": "Answer", "deadline_number": 5,
            "deadline_unit": "work_days",
        })  # fmt: skip
        (cls.law | cls.law).with_user(cls.manager).action_verify()
        cls.clause.with_user(cls.manager).action_verify()
        cls.policy.action_transition("retire")
        cls.Policy, cls.Clock = cls.env["sqms.clock.policy"], cls.env["sqms.clock"]

    def _regime(self, code="legal", target=3, unit="work_days", step=None, **values):
        return self.Policy.create({
            "name": code, "code": code, "res_model": "sqms.fake.ticket",
            "clause_id": self.clause.id, **values,
            "step_ids": [(0, 0, {"name": "Answer", "code": "answer", "unit": unit, "target": target,
                                 "stop_states": "done", **(step or {})})],
        })  # fmt: skip

    def _ticket(self):
        return self.env["sqms.fake.ticket"].create({"name": "t", "company_id": self.company.id})

    def _is_default(self, policy):
        return policy.id in [row[0] for row in self.Policy._verified("sqms.fake.ticket")]

    def _spoil(self):
        """Ways in which a basis ceases to be one, each with the way back."""
        clause, law = self.clause, self.law
        following = self.env["sqms.standard"].create({"code": "T 2", "name": "Next law", "kind": "law"})
        yield (
            "duty changed",
            lambda: clause.with_user(self.officer).write({"duty": "Other"}),
            (lambda: clause.with_user(self.manager).action_verify()),
        )
        yield (
            "doubted",
            lambda: clause.with_user(self.manager).action_transition("doubt"),
            (lambda: clause.with_user(self.manager).action_verify()),
        )
        yield (
            "standard doubted",
            lambda: law.with_user(self.manager).action_transition("doubt"),
            (lambda: law.with_user(self.manager).action_verify()),
        )
        for name, values, back in (
            ("ended", {"date_to": "2026-09-20"}, {"date_to": False}),
            ("upcoming", {"date_from": "2026-09-22"}, {"date_from": False}),
            ("superseded", {"superseded_by_id": following.id}, {"superseded_by_id": False}),
            ("archived", {"active": False}, {"active": True}),
        ):
            yield (
                name,
                lambda values=values: (law.write(values), law.action_verify()),
                (lambda back=back: (law.write(back), law.action_verify())),
            )
        yield (
            "clause archived",
            lambda: (clause.write({"active": False}), clause.action_verify()),
            (lambda: (clause.write({"active": True}), clause.action_verify())),
        )
        yield (
            "shorter period",
            lambda: (clause.write({"deadline_number": 2}), clause.action_verify()),
            (lambda: (clause.write({"deadline_number": 5}), clause.action_verify())),
        )

    def test_regime_counts_only_while_its_basis_holds(self):
        regime = self._regime()
        regime.with_user(self.manager).action_transition("verify")
        ticket = self._ticket()
        self.assertEqual(ticket.clock_ids.policy_id, regime)
        running = ticket.clock_ids
        other = self._regime("other")
        other.action_transition("verify")
        for name, spoil, mend in self._spoil():
            with self.subTest(name):
                self.assertTrue(self._is_default(regime))
                spoil()
                self.assertFalse(self._is_default(regime), "no default any more")
                self.assertTrue(regime.basis_warning)
                self.assertFalse(self._ticket().clock_ids, "no clock for what arrives")
                for act in (
                    lambda: self.Clock.start(ticket, regime),
                    lambda: self.Clock.start(ticket, regime.step_ids),
                    lambda: self.Clock.start(ticket, regime.sudo(), at=MONDAY),
                    lambda: running.change_policy(other),
                ):
                    with self.assertRaises(UserError) as refused, self.cr.savepoint():
                        act()
                    self.assertIn("No deadline is counted by", str(refused.exception))
                self.assertTrue(running.due_at, "what runs goes on")
                draft = self._regime("fresh")
                for user in (self.manager, self.env.ref("base.user_root")):
                    with self.assertRaises(UserError), self.cr.savepoint():
                        draft.with_user(user).action_transition("verify")
                    with self.assertRaises(UserError), self.cr.savepoint():
                        draft.with_user(user).write({"state": "verified"})
                draft.unlink()
                mend()
                self.assertTrue(self._is_default(regime))
                self.assertTrue(self._ticket().clock_ids)
        self.assertFalse(regime.basis_warning)

    def test_basis_of_a_step_counts_as_well(self):
        doubtful = self.env["sqms.clause"].create({"standard_id": self.law.id, "number": "25", "name": "Refund"})
        regime = self._regime(step={"clause_id": doubtful.id}, clause_id=False)
        with self.assertRaises(UserError) as refused, self.cr.savepoint():
            regime.action_transition("verify")
        self.assertIn("T 1 25", str(refused.exception))
        self.assertIn("has to be verified first", str(refused.exception))
        doubtful.action_verify()
        regime.action_transition("verify")
        self.assertTrue(self._ticket().clock_ids)
        doubtful.name = "Other"
        self.assertFalse(self._ticket().clock_ids)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.Clock.start(self._ticket(), regime)

    def test_regime_of_a_new_record_does_not_hide_in_a_default(self):
        """A new version, an import, a copy: each of them is held to the basis."""
        regime = self._regime()
        regime.action_transition("verify")
        self.clause.name = "Other"
        draft = regime._new_version()
        self.assertEqual(draft.clause_id, self.clause)
        with self.assertRaises(UserError), self.cr.savepoint():
            draft.action_transition("verify")
        with self.assertRaises(UserError), self.cr.savepoint():
            self.Policy.with_context(default_state="verified").create(
                {"name": "x", "code": "x", "res_model": "sqms.fake.ticket", "clause_id": self.clause.id}
            )
        result = self.Policy.with_user(self.manager).load(
            ["name", "code", "res_model", "clause_id/.id", "state"],
            [["x", "y", "sqms.fake.ticket", str(self.clause.id), "verified"]],
        )
        self.assertFalse(result["ids"])
        self.assertFalse(self._ticket().clock_ids)

    def test_day_of_the_start_decides(self):
        """What was received under the old law is counted by it, also when it is entered later."""
        regime = self._regime()
        regime.action_transition("verify")
        self.law.date_to = "2026-09-20"
        self.law.action_verify()
        ticket = self._ticket()
        with self.assertRaises(UserError), self.cr.savepoint():
            self.Clock.start(ticket, regime)
        self.assertTrue(self.Clock.start(ticket, regime, at=datetime(2026, 9, 18, 2, 0)))
        with self.assertRaises(UserError), self.cr.savepoint():
            self.Clock.start(ticket, regime, at=datetime(2026, 9, 20, 16, 30))  # the 21st in Shanghai
        self.assertEqual(regime._basis_day(datetime(2026, 9, 20, 16, 30), self.company), date(2026, 9, 21))

    def test_own_promise_is_shorter_than_the_law_never_longer(self):
        for number, (target, unit, law, fits) in enumerate((
            (5, "work_days", (5, "work_days", "at_most"), True),
            (6, "work_days", (5, "work_days", "at_most"), False),
            (48 * 3600, "hours", (48, "hours", "at_most"), True),
            (48 * 3600 + 60, "hours", (48, "hours", "at_most"), False),
            (16, "work_days", (15, "days", "at_most"), False),
            (10, "days", (7, "work_days", "at_most"), True),
            (6, "days", (7, "days", "at_least"), False),
            (15, "days", (7, "days", "at_least"), True),
        )):  # fmt: skip
            self.clause.write(dict(zip(("deadline_number", "deadline_unit", "deadline_kind"), law, strict=True)))
            self.clause.action_verify()
            regime = self._regime(f"own{number}", target, unit)
            if fits:
                regime.action_transition("verify")
                continue
            with self.assertRaises(UserError) as refused, self.cr.savepoint():
                regime.action_transition("verify")
            self.assertIn("T 1 24", str(refused.exception))
