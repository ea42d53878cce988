from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib.workflow_pass import open_pass
from .common import password_of, sign_step
from .control_common import ControlCase

STAGES = ["plan", "do", "check", "act", "withdrawn"]


@tagged("post_install", "-at_install", "sqms_alone")
class TestControlPlan(ControlCase):
    # -- plan, do, check, act --------------------------------------------------------

    def test_round_of_a_plan(self):
        plan = self._create_plan()
        self.assertEqual((plan.state, plan.version, plan.approver_name), ("do", 1, self.manager.name))
        officer = plan.with_user(self.officer)
        self._refused(UserError, "no check of version 1 is done", lambda: officer.action_transition("look"))
        self._make(plan)
        officer.action_transition("look")
        self._refused(UserError, "please fill in", lambda: officer.action_transition("decide"))
        officer.write({"finding": "All right", "decision": "Check the hose as well"})
        officer.action_transition("decide")
        officer.action_transition("renew")
        self.assertEqual((plan.state, plan.version, plan.approver_name), ("plan", 2, False))
        self.assertIn("Check the hose as well", plan.message_ids[0].body)
        officer.point_ids = [self._point("Is the hose whole?")]
        sign_step(plan, "approve", self.manager)
        self.assertEqual(plan.record_count, 0, "version 2 has results of its own")
        self.assertEqual(len(self._rows(self._start(plan))), 4)

    def test_no_stage_is_skipped_by_any_path(self):
        plan = self._create_plan(in_force=False)
        action = self.env["ir.actions.server"].create(
            {
                "name": "Skip",
                "model_id": self.env["ir.model"]._get_id("sqms.control.plan"),
                "state": "code",
                "code": "record.write({'state': 'act'})",
            }
        )
        legal = {("plan", "do"), ("do", "check"), ("check", "act"), ("act", "plan")}
        for source in STAGES:
            with open_pass(plan, source):
                plan.sudo().write({"state": source, "withdrawal_reason": "x"})
                plan.flush_recordset()
            for target in STAGES:
                if target == source:
                    continue
                for user in (self.officer, self.manager, self.top):
                    self._refused(
                        (UserError, AccessError), "", lambda u=user, t=target: plan.with_user(u).write({"state": t})
                    )
                self._refused(UserError, "", lambda t=target: plan.sudo().write({"state": t}))
                if target == "act":
                    self._refused(
                        UserError, "", lambda: action.with_context(active_model=plan._name, active_id=plan.id).run()
                    )
            steps = {(source, step.target) for step in plan._workflow if source in step.source}
            self.assertLessEqual({step for step in steps if step[1] != "withdrawn"}, legal)
        for vals in ({"state": "do"}, {"renewal_count": 5}):
            self._refused(UserError, "", lambda v=vals: self._create_plan(in_force=False, **v))
        hostile = self.env["sqms.control.plan"].with_user(self.officer).with_context(default_state="do")
        self._refused(UserError, "", lambda: hostile.create({"name": "x"}))
        self._refused(
            UserError, "starts as", lambda: self._load("sqms.control.plan", ["name", "state"], [["Loaded", "do"]])
        )

    def _load(self, model, names, rows):
        found = self.env[model].with_user(self.officer).load(names, rows)
        if found["messages"]:
            raise UserError(found["messages"][0]["message"])

    def test_author_does_not_approve_and_a_password_is_asked(self):
        own = self.env["sqms.control.plan"].with_user(self.manager).create(
            {"name": "Mine", "process_id": self.process.id, "point_ids": [self._point()]}
        )  # fmt: skip
        self._refused(UserError, "you wrote it", lambda: sign_step(own, "approve", self.manager))
        helped = self._create_plan(in_force=False)
        helped.with_user(self.second_manager).point_ids[0].reaction = "Stop"
        self.assertIn(self.second_manager, helped.contributor_ids)
        self._refused(UserError, "you wrote it", lambda: sign_step(helped, "approve", self.second_manager))
        self.assertEqual(helped.with_user(self.manager).action_transition("approve")["tag"], "sqms_sign")
        self.assertEqual(helped.state, "plan")
        self._refused(
            AccessError, "role", lambda: helped.with_user(self.officer).action_sign_step(
                "approve", password_of(self.officer))
        )  # fmt: skip
        sign_step(helped, "approve", self.manager)
        self.assertTrue(helped.signature_ids.is_valid)

    def test_what_is_in_force_needs_points_and_an_edition(self):
        empty = self.env["sqms.control.plan"].with_user(self.officer).create(
            {"name": "Empty", "process_id": self.process.id}
        )  # fmt: skip
        self._refused(UserError, "no point", lambda: sign_step(empty, "approve", self.manager))
        draft = self._create_plan(in_force=False, document_id=self._create_document("Not yet").id)
        self._refused(UserError, "no edition in force", lambda: sign_step(draft, "approve", self.manager))

    def test_points_are_closed_once_approved(self):
        plan = self._create_plan()
        point = plan.point_ids[0].with_user(self.officer)
        for attempt in (
            lambda: point.write({"name": "Something else"}),
            lambda: point.write({"active": False}),
            lambda: point.unlink(),
            lambda: point.update_field_translations("name", {"en_US": "Other"}),
            lambda: plan.with_user(self.officer).write({"point_ids": [self._point()]}),
            lambda: plan.with_user(self.officer).write({"name": "Other"}),
            lambda: self.env["sqms.control.point"].with_user(self.officer).create({"plan_id": plan.id, "name": "x"}),
            lambda: point.sudo().write({"lower": 3}),
        ):
            self._refused(AccessError, "can no longer be changed", attempt)

    def test_limits_and_responsible_are_checked(self):
        plan = self._create_plan(in_force=False)
        for words, values in (
            ("lower or an upper limit", {"kind": "number"}),
            ("at least one choice", {"kind": "choice", "choices_right": "Blue"}),
            ("who checks", {"responsible": "job"}),
        ):
            self._refused(ValidationError, words, lambda v=values: plan.write({"point_ids": [self._point(**v)]}))
        with mute_logger("odoo.sql_db"):
            for values in (
                {"kind": "number", "has_lower": True, "lower": 2, "has_upper": True, "upper": 1},
                {"every": 0},
                {"sample_size": 0},
            ):
                self._refused(
                    Exception, "check constraint", lambda v=values: plan.write({"point_ids": [self._point(**v)]})
                )
        same = {"kind": "number", "has_lower": True, "lower": 2, "has_upper": True, "upper": 2, "unit": "bar"}
        plan.with_user(self.officer).write({"point_ids": [self._point("Exactly", **same)]})
        self.assertEqual(plan.point_ids[-1].limit_label, "2 to 2 bar")

    def test_a_point_with_results_is_archived_not_deleted(self):
        plan = self._create_plan()
        self._make(plan)
        officer = plan.with_user(self.officer)
        officer.action_transition("look")
        officer.write({"finding": "x", "decision": "y"})
        officer.action_transition("decide")
        officer.action_transition("renew")
        point = officer.point_ids[0]
        self._refused(UserError, "archive it instead", lambda: point.unlink())
        point.active = False
        sign_step(plan, "approve", self.manager)
        self.assertEqual(len(self._rows(self._start(plan))), 2)

    def test_figures_are_asked_once_for_all_plans(self):
        plans = self._create_plan() | self._create_plan()
        for plan in plans:
            self._make(plan)
        self._make(plans[0], "yes", "3", "right:0")
        self.env.invalidate_all()
        self.assertEqual(plans.mapped("out_count"), [1, 0])
        self.assertAlmostEqual(plans[0].conform_percent, 100 * 5 / 6)
        self.assertIn("5 of 6 points in 2 checks, 1 out of limit", plans[0].result_summary)
        counts = []
        for some in (plans[:1], plans):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some._figures()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts)

    # -- who sees what ---------------------------------------------------------------

    def test_roles_and_companies(self):
        plan, draft = self._create_plan(), self._create_plan(in_force=False)
        record = self._start(plan)
        seen = self.env["sqms.control.plan"].search([("id", "in", (plan | draft).ids)])
        for user, plans, records in (
            (self.officer, plan | draft, 1), (self.manager, plan | draft, 1), (self.top, plan | draft, 1),
            (self.certifier, plan | draft, 1), (self.plain, plan, 1), (self.colleague_user, plan, 0),
            (self.stranger, seen.browse(), 0),
        ):  # fmt: skip
            self.assertEqual(seen.with_user(user)._filtered_access("read").sudo(), plans, user.login)
            for rows in (record, record.sudo().result_ids[0]):
                self.assertEqual(bool(rows.with_user(user)._filtered_access("read")), bool(records), user.login)
        for user in (self.portal, self.public):
            for model in ("sqms.control.plan", "sqms.control.point", "sqms.control.record", "sqms.control.result"):
                self.assertFalse(self.env[model].with_user(user).has_access("read"))
        for user in (self.plain, self.certifier, self.top):
            self._refused(AccessError, "", lambda u=user: draft.with_user(u).point_ids.write({"name": "x"}))
            self._refused(
                AccessError, "", lambda u=user: self.env["sqms.control.plan"].with_user(u).create({"name": "x"})
            )
        self._refused(
            UserError, "", lambda: self._create_plan(
                in_force=False, process_id=self.env["sqms.process"].create(
                    {"code": "O", "name": "Other", "company_id": self.other_company.id}).id)
        )  # fmt: skip

    def test_withdrawn_is_the_end_and_nobody_is_asked_any_more(self):
        plan = self._create_plan([self._point(frequency="days")])
        record = self.env["sqms.control.record"].sudo()._open_due(plan.point_ids.sudo())
        self._refused(UserError, "please fill in", lambda: plan.with_user(self.manager).action_transition("withdraw"))
        plan.with_user(self.manager).withdrawal_reason = "No gas any more"
        plan.with_user(self.manager).action_transition("withdraw")
        self.assertEqual(record.state, "missed")
        self._refused(UserError, "not in force", lambda: plan.with_user(self.officer).action_start_check())
        self.assertNotIn(plan.point_ids, self.env["sqms.control.record"]._due_points(100))
        self._refused(AccessError, "kept", lambda: plan.sudo().unlink())
