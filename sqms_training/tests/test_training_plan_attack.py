from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sqms_base.tests.common import sign_step

from .plan_common import PlanCase

STATES = ("draft", "submitted", "approved", "done", "cancelled")


@tagged("post_install", "-at_install")
class TestTrainingPlanAttack(PlanCase):
    """No plan is approved, met or changed by another door, and nobody sees what is not his."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.annual = cls._create_plan(department_id=cls.field.id, budget=5000)
        cls.annual.action_generate()
        cls.own = cls._create_plan(kind="individual", employee_id=cls.employee.id)
        cls.own.line_ids.create({"plan_id": cls.own.id, "employee_id": cls.employee.id, "name": "Meetings"})
        cls.env.flush_all()

    def _server_action(self, record, code):
        return (
            self.env["ir.actions.server"]
            .create(
                {"name": "Skip", "model_id": self.env["ir.model"]._get_id(record._name), "state": "code", "code": code}
            )
            .with_context(active_model=record._name, active_id=record.id, active_ids=record.ids)
        )

    # -- states ------------------------------------------------------------------------

    def test_no_state_is_reached_by_another_path(self):
        plan = self.annual
        for target in STATES[1:]:
            for user in (self.officer, self.hr, self.quality, self.top_user):
                self._refused(UserError, "", lambda u=user, t=target: plan.with_user(u).write({"state": t}))
            self._refused(UserError, "", lambda t=target: plan.sudo().write({"state": t}))
            self._refused(UserError, "", lambda t=target: self._create_plan(state=t))
            action = self._server_action(plan, f"record.write({{'state': '{target}'}})")
            self._refused(UserError, "", action.run)
            hostile = self.env["sqms.training.plan"].with_user(self.officer).with_context(default_state=target)
            self._refused(UserError, "starts as", lambda m=hostile: m.create({"name": "x"}))
            loaded = plan.load([".id", "state"], [[str(plan.id), target]])
            self.assertTrue(loaded["messages"])
        for vals in (
            {"approved_at": "2026-01-01 00:00:00"},
            {"approver_name": "Somebody"},
            {"revised_count": 4},
            {"contributor_ids": [(5, 0, 0)]},
            {"author_id": self.hr.id},
            {"kind": "individual"},
            {"company_id": self.env.ref("base.main_company").id},
        ):
            self._refused(UserError, "", lambda v=vals: plan.with_user(self.officer).write(v))
        self.assertEqual(plan.state, "draft")

    def test_lines_are_closed_from_submission_on(self):
        plan = self._approve(self.annual)
        line = plan.line_ids[0]
        for user in (self.officer, self.hr, self.quality):
            for vals in ({"course_id": False}, {"due_on": self.today}, {"cost": 1.0}, {"name": "Else"}):
                self._refused(UserError, "", lambda u=user, v=vals: line.with_user(u).write(v))
            self._refused(UserError, "", lambda u=user: line.with_user(u).unlink())
            self._refused(
                UserError,
                "",
                lambda u=user: line.with_user(u).create(
                    {"plan_id": plan.id, "employee_id": self.other.id, "name": "More"}
                ),
            )
            self._refused(UserError, "", lambda u=user: plan.with_user(u).write({"budget": 1.0}))
        self._refused(UserError, "", lambda: self._server_action(line, "record.write({'cost': 1})").run())
        self._refused(UserError, "lines are added to a draft", plan.action_generate)
        self._refused(UserError, "is kept", plan.unlink)
        self.assertTrue(plan.signature_ids.is_valid)

    def test_nobody_says_that_a_line_is_met(self):
        line = self.annual.line_ids[0]
        for vals in (
            {"met_on": self.today},
            {"state": "met"},
            {"drop_reason": "x"},
            {"dropped_by_id": self.hr.id},
            {"source": "gap"},
            {"source_model": "res.users"},
            {"held_level_id": self.full.id},
            {"session_id": 1},
            {"enrolment_id": 1},
        ):
            self._refused(UserError, "filled in by the system", lambda v=vals: line.write(v))
            fresh = {"plan_id": self.annual.id, "employee_id": self.employee.id, "name": "New", **vals}
            self._refused(UserError, "filled in by the system", lambda v=fresh: line.create(v))
            name, value = next(iter(vals.items()))
            hostile = line.with_context(**{f"default_{name}": value})
            self._refused(
                UserError,
                "filled in by the system",
                lambda h=hostile: h.create({"plan_id": self.annual.id, "employee_id": self.employee.id, "name": "New"}),
            )
        loaded = line.load([".id", "state"], [[str(line.id), "met"]])
        self.assertTrue(loaded["messages"])
        for vals in ({"employee_id": self.third.id}, {"plan_id": self.own.id}):
            self._refused(UserError, "stays with its plan", lambda v=vals: line.write(v))
        by_parent = {"line_ids": [(1, line.id, {"met_on": self.today})]}
        self._refused(UserError, "filled in by the system", lambda: self.annual.write(by_parent))

    def test_dropping_needs_a_reason_and_an_officer(self):
        line = self.annual.line_ids[0]
        self._refused(UserError, "Say why", lambda: line._drop("  "))
        for user in (self.user, self.boss_user, self.quality, self.certifier):
            self._refused(AccessError, "", lambda u=user: line.with_user(u).action_drop())
            self._refused(AccessError, "", lambda u=user: line.with_user(u)._drop("x"))
            self._refused(
                AccessError,
                "",
                lambda u=user: (
                    self.env["sqms.training.plan.drop"]
                    .with_user(u)
                    .create({"line_ids": [(6, 0, line.ids)], "reason": "x"})
                    .action_drop()
                ),
            )
        wizard = self.env["sqms.training.plan.drop"].with_user(self.hr)
        wizard.with_context(**line.with_user(self.hr).action_drop()["context"]).create(
            {"reason": "Leaves"}
        ).action_drop()
        self.assertEqual((line.state, line.drop_reason, line.dropped_by_id), ("dropped", "Leaves", self.hr))
        self._refused(UserError, "is not dropped", lambda: line._drop("again"))
        line.action_restore()
        self.assertEqual((line.state, line.drop_reason), ("open", False))
        self._approve(self.annual)
        line._drop("No gas work any more")
        self.assertTrue(self.annual.signature_ids.is_valid)

    # -- who sees and does what ---------------------------------------------------------

    def test_employee_reads_his_own_plan_and_nothing_else(self):
        plans = self.env["sqms.training.plan"].with_user(self.user)
        self.assertEqual(plans.search([]), self.own)
        self.assertEqual(self.env["sqms.training.plan.line"].with_user(self.user).search([]), self.own.line_ids)
        self.assertEqual(self.own.with_user(self.user).name, "Plan")
        self._refused(AccessError, "", lambda: self.own.with_user(self.user).read(["budget"]))
        self._refused(AccessError, "", lambda: self.own.line_ids.with_user(self.user).read(["cost"]))
        self._refused(AccessError, "", lambda: self.own.with_user(self.user).write({"name": "Mine"}))
        self._refused(AccessError, "", lambda: self.own.with_user(self.user).unlink())
        self._refused(AccessError, "", lambda: self.own.with_user(self.user).action_transition("submit"))
        self._refused(AccessError, "", lambda: self.own.with_user(self.user).action_generate())
        self._refused(AccessError, "", lambda: plans.create(
            {"name": "x", "kind": "individual", "employee_id": self.employee.id}))  # fmt: skip
        lines = self.env["sqms.training.plan.line"].with_user(self.user)
        self._refused(AccessError, "", lambda: lines.create(
            {"plan_id": self.own.id, "employee_id": self.employee.id, "name": "x"}))  # fmt: skip
        self.assertFalse(plans.with_user(self.colleague).search([]))
        self._refused(AccessError, "", lambda: self.annual.with_user(self.user).read(["name"]))

    def test_manager_proposes_for_his_own_people_alone(self):
        lines = self.env["sqms.training.plan.line"].with_user(self.boss_user)
        proposed = lines.create({"employee_id": self.other.id, "name": "Speak to customers"})
        self.assertEqual(proposed.plan_id, self.annual)
        self.assertEqual((proposed.source, proposed.state), ("manual", "open"))
        proposed.name = "Speak with customers"
        self.assertIn(self.boss_user, self.annual.sudo().contributor_ids)
        for vals in ({}, {"plan_id": self.annual.id}):
            self._refused(UserError, "", lambda v=vals: lines.create({"employee_id": self.third.id, "name": "x", **v}))
        self._refused(AccessError, "", lambda: proposed.with_user(self.boss_user).read(["cost"]))
        generated = self.annual.line_ids - proposed
        for record in generated:
            self._refused(AccessError, "", lambda r=record: r.with_user(self.boss_user).write({"name": "x"}))
        proposed.unlink()
        self.assertEqual(lines.search([]).employee_id, self.employee | self.other)
        self.annual.action_transition("submit")
        self._refused(UserError, "Ask HR to open one", lambda: lines.create(
            {"employee_id": self.other.id, "name": "x"}))  # fmt: skip

    def test_manager_makes_plans_for_his_own_people_alone(self):
        plans = self.env["sqms.training.plan"].with_user(self.boss_user)
        newcomer = self._create_employee("New", job_id=self.job.id, parent_id=self.boss.id)
        mine = plans.create({"name": "Growth", "kind": "individual", "employee_id": newcomer.id})
        mine.action_generate()
        self.assertTrue(mine.line_ids)
        mine.action_transition("submit")
        self._refused(UserError, "you wrote in it", lambda: sign_step(mine, "approve", self.boss_user))
        for vals in ({"kind": "individual", "employee_id": self.third.id}, {"kind": "annual"}):
            self._refused(AccessError, "", lambda v=vals: plans.create({"name": "x", **v}))
        self._refused(AccessError, "", lambda: self.annual.with_user(self.boss_user).action_generate())
        self._approve(mine.with_user(self.officer), self.quality)
        self._refused(AccessError, "", lambda: mine.action_make_sessions())
        self._refused(AccessError, "", lambda: mine.action_refresh())

    def test_cost_is_seen_by_who_answers_for_it(self):
        for user in (self.officer, self.hr, self.quality, self.top_user, self.certifier):
            self.assertEqual(self.annual.with_user(user).budget, 5000)
            self.assertEqual(self.annual.with_user(user).cost_planned, 800)
        self.assertTrue(self.annual.with_user(self.boss_user).name)
        for name in ("budget", "cost_planned", "budget_percent"):
            self._refused(AccessError, "", lambda n=name: self.annual.with_user(self.boss_user).read([n]))

    def test_certifier_and_direction_change_nothing_of_it(self):
        for user in (self.certifier, self.quality, self.top_user):
            self.assertTrue(self.annual.with_user(user).line_ids)
            self._refused(AccessError, "", lambda u=user: self.annual.line_ids[0].with_user(u).write({"name": "x"}))
            self._refused(AccessError, "", lambda u=user: self._create_plan(u))
            self._refused(AccessError, "", lambda u=user: self.annual.with_user(u).unlink())
        self._refused(AccessError, "", lambda: self.annual.with_user(self.certifier).write({"name": "x"}))

    @mute_logger("odoo.sql_db")
    def test_other_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("t_stranger", "hr.group_hr_user,sqms_training.group_training_officer")
        stranger.write({"company_ids": [(6, 0, elsewhere.ids)], "company_id": elsewhere.id})
        self.assertFalse(self.env["sqms.training.plan"].with_user(stranger).search([]))
        self.assertFalse(self.env["sqms.training.plan.line"].with_user(stranger).search([]))
        self._refused(AccessError, "", lambda: self.annual.with_user(stranger).read(["name"]))
        theirs = self._create_plan(stranger, company_id=elsewhere.id)
        self._refused(UserError, "", lambda: theirs.line_ids.create(
            {"plan_id": theirs.id, "employee_id": self.employee.id, "name": "x"}))  # fmt: skip
        self._refused(UserError, "", lambda: self._create_plan(stranger, company_id=self.company.id))
        theirs.action_generate()
        self.assertFalse(theirs.line_ids)

    def test_lines_with_a_past_stay(self):
        self._approve(self.annual)
        self.annual.action_make_sessions()
        self.annual.revision_reason = "Somebody came"
        self.annual.action_transition("revise")
        enrolled = self.annual.line_ids.filtered("enrolment_id")
        self.assertTrue(enrolled)
        self._refused(UserError, "drop it with a reason", lambda: enrolled[0].unlink())
        self._refused(UserError, "drop it with a reason", lambda: self.annual.unlink())
        fresh = self._create_plan(date_from=self.today, date_to=self.today + timedelta(days=9))
        fresh.action_generate()
        fresh.unlink()
