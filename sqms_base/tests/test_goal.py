import random
from ast import literal_eval
from unittest.mock import patch

from odoo.exceptions import AccessDenied, AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import sign_step
from .goal_common import GoalCase

RULES = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install", "sqms_alone")
class TestGoal(GoalCase):
    def test_from_draft_to_the_result(self):
        strategy, one, two = self._create_tree()
        goals = strategy | one | two
        self.assertEqual(strategy.weight_total, 100)
        self.assertTrue(one.number.startswith("GOAL/2026/"))
        goals.action_transition("submit")
        with self.assertRaises(AccessDenied):
            goals.with_user(self.top).action_sign_step("approve", "wrong password")
        sign_step(goals, "approve", self.top)
        self.assertEqual(set(goals.mapped("state")), {"approved"})
        self.assertEqual(one.approver_name, self.top.name)
        self.assertTrue(one.sudo().signature_ids.is_valid)
        # Locked, whoever asks.
        for user in (self.officer, self.manager, self.top, self.env.ref("base.user_root")):
            for values in (
                {"name": "x"}, {"weight": 1}, {"date_to": "2027-01-01"}, {"parent_id": False}, {"owner_id": user.id},
                {"target_ids": [Command.clear()]},
                {"target_ids": [Command.update(one.target_ids.id, {"target": 1})]}, {"approver_name": "x"},
            ):  # fmt: skip
                self._refused(UserError, "", lambda v=values, u=user: one.with_user(u).write(v))
            for attempt in (
                lambda u=user: one.target_ids.with_user(u).write({"target": 1}),
                lambda u=user: one.target_ids.with_user(u).unlink(),
                lambda u=user: one.target_ids.with_user(u).copy({"goal_id": one.id, "indicator_id": self.repeat.id}),
                lambda u=user: one.with_user(u).unlink(),
                lambda u=user: one.with_user(u).write({"state": "achieved"}),
            ):
                self._refused(UserError, "", attempt)
        # Changed by going back, with a reason, and being approved again.
        self._refused(UserError, "Why It Is Changed", lambda: one.with_user(self.top).action_transition("reopen"))
        self._refused(AccessError, "", lambda: one.with_user(self.officer).action_transition("reopen"))
        one.with_user(self.top).change_reason = "Winter is harder"
        one.with_user(self.top).action_transition("reopen")
        self.assertEqual((one.state, one.revision_count, one.approver_name), ("draft", 1, False))
        one.with_user(self.officer).target_ids.target = 88
        self.env.invalidate_all()
        self.assertFalse(one.sudo().signature_ids.is_valid)
        self._approve_all(one.with_user(self.officer))
        self._refused(UserError, "What Came of It", lambda: one.with_user(self.top).action_transition("achieve"))
        one.with_user(self.top).result = "Reached in June"
        one.with_user(self.top).action_transition("achieve")
        self.assertEqual((one.state, bool(one.closed_on)), ("achieved", True))
        self.assertGreaterEqual({entry.event for entry in one.sudo().sqms_history()}, {"transition", "signed"})

    def test_no_objective_is_approved_without_an_indicator_by_any_path(self):
        strategy = self._create_goal("Reliable", kind="strategy")
        bare = self._create_goal("Bare", parent_id=strategy.id, weight=100)
        words = "needs an indicator"
        for user in (self.officer, self.manager, self.top, self.env.ref("base.user_root")):
            self._refused(UserError, words, lambda u=user: bare.with_user(u).action_transition("submit"))
        # One that loses its indicator on the way.
        bare.target_ids = [Command.create({"indicator_id": self.in_time.id, "target": 90})]
        bare.action_transition("submit")
        self.env.cr.execute("DELETE FROM sqms_goal_indicator WHERE goal_id = %s", [bare.id])
        self.env.invalidate_all()
        self._refused(UserError, words, lambda: sign_step(bare, "approve", self.top))
        self._refused(UserError, "", lambda: bare.with_user(self.top).action_transition("approve"))
        states = ("approved", "achieved", "missed")
        for state in states:
            for user in (self.officer, self.top, self.env.ref("base.user_root")):
                goals = self._as("sqms.goal", user)
                self._refused(UserError, "", lambda g=goals, s=state: g.create({"name": "x", "state": s}))
                self._refused(
                    UserError, "", lambda g=goals, s=state: g.with_context(default_state=s).create({"name": "x"})
                )
                self._refused(UserError, "", lambda u=user, s=state: bare.with_user(u).write({"state": s}))
            loaded = self._as("sqms.goal", self.top).load(["name", "state"], [["x", state]])
            self.assertFalse(loaded["ids"])
        action = self.env["ir.actions.server"].create(
            {
                "name": "Approve",
                "model_id": self.env["ir.model"]._get_id("sqms.goal"),
                "state": "code",
                "code": "record.write({'state': 'approved'})",
            }
        )
        self._refused(
            UserError, "", action.with_context(active_model="sqms.goal", active_id=bare.id, active_ids=bare.ids).run
        )
        self.assertEqual(bare.state, "review")
        # What is archived measures nothing any more.
        bare.with_user(self.officer).remarks = "Without figures"
        bare.with_user(self.officer).action_transition("return_to_author")
        bare.target_ids = [Command.create({"indicator_id": self.in_time.id, "target": 90})]
        self.in_time.active = False
        self._refused(UserError, "archived", lambda: bare.action_transition("submit"))

    def test_top_management_alone_approves_and_never_what_it_wrote(self):
        strategy, one, two = self._create_tree()
        goals = strategy | one | two
        one.with_user(self.top).target_ids.baseline = 81
        self.assertEqual(one.contributor_ids, self.top)
        two.with_user(self.top).update_field_translations("resources", {"en_US": "A van"})
        self.assertEqual(two.contributor_ids, self.top)
        goals.action_transition("submit")
        for user in (self.officer, self.manager):
            self._refused(AccessError, "", lambda u=user: sign_step(goals, "approve", u))
        for goal in (one, two):
            self._refused(UserError, "another person", lambda g=goal: sign_step(goals, "approve", self.top))
            self.assertNotIn("approve", [step["name"] for step in goal.with_user(self.top).transitions()])
        sign_step(goals, "approve", self.second_top)
        own = self._create_goal("Mine", user=self.second_top, kind="strategy", author_id=self.top.id)
        self.assertEqual(own.author_id, self.second_top)
        self._refused(UserError, "", lambda: own.write({"author_id": self.top.id}))
        self._refused(UserError, "", lambda: own.write({"contributor_ids": [Command.clear(), Command.link(1)]}))

    def test_weights_below_a_strategy_add_up(self):
        strategy, one, two = self._create_tree()
        goals = strategy | one | two
        two.weight = 39.5
        goals.action_transition("submit")
        for goal in goals:
            self._refused(UserError, "add up to 99.5", lambda g=goal: sign_step(g, "approve", self.top))
        two.remarks = "Half a point is missing"
        two.action_transition("return_to_author")
        two.weight = 40
        two.action_transition("submit")
        # An objective waits for its strategy.
        self._refused(UserError, "is approved first", lambda: sign_step(one, "approve", self.top))
        sign_step(goals, "approve", self.top)
        third = self._create_goal("More", parent_id=strategy.id, weight=10, targets=[(self.in_time, 1, 2)])
        third.action_transition("submit")
        self._refused(UserError, "add up to 110", lambda: sign_step(third, "approve", self.top))
        two.with_user(self.top).result = "No longer needed"
        two.with_user(self.top).action_transition("withdraw")
        self.env.invalidate_all()
        self.assertEqual(strategy.weight_total, 70)
        empty = self._create_goal("Empty", kind="strategy")
        empty.action_transition("submit")
        self._refused(UserError, "add up to 0", lambda: sign_step(empty, "approve", self.top))
        alone = self._create_goal("Alone", targets=[(self.in_time, 1, 2)])
        self._refused(UserError, "which strategy", lambda: alone.action_transition("submit"))
        for weight in (-1, 100.5):
            with mute_logger("odoo.sql_db"):
                self._refused(Exception, "weight", lambda w=weight: alone.write({"weight": w}))

    def test_place_in_the_tree(self):
        strategy, one, _two = self._create_tree()
        upper = self._create_goal("Upper", kind="strategy")
        strategy.parent_id = upper
        self._refused(UserError, "Recursion", lambda: upper.write({"parent_id": strategy.id}))
        self._refused(UserError, "Recursion", lambda: upper.write({"parent_id": upper.id}))
        self._refused(ValidationError, "below a strategy", lambda: self._create_goal("x", parent_id=one.id))
        self._refused(ValidationError, "stays a strategy", lambda: strategy.write({"kind": "objective"}))
        foreign = self._as("sqms.goal", self.stranger).create({"name": "Theirs", "kind": "strategy"})
        self._refused(UserError, "", lambda: one.sudo().write({"parent_id": foreign.id}))
        order = self._as("sqms.goal").search([("id", "child_of", upper.id)])
        self.assertEqual(order.mapped("name"), ["Upper", "Reliable", "In time", "Once"])
        self.assertEqual(one.tree_name, "\u2003\u2003└ In time")

    def test_progress_equals_the_sum_done_by_hand(self):
        strategy, one, two = self._create_tree()
        goals = self._approve_all(strategy | one | two)
        self.assertEqual(set(goals.mapped("progress_label")), {"not measured"})
        self.assertFalse(any(goals.mapped("has_progress")))
        lines, model = self.env["sqms.goal.indicator"], self.registry["sqms.goal.indicator"]
        figures = {}
        self.startPatcher(
            patch.object(model, "_goal_values", lambda self: {i: figures[i] for i in self.ids if i in figures})
        )

        def progress():
            self.env.invalidate_all()
            return strategy.with_user(self.plain)

        # 84 on the way from 80 to 90 is 40 %; the other is not measured: 40 %, with 60 % of the weight.
        figures[one.target_ids.id] = (84, 200)
        self.assertEqual((round(progress().progress, 6), strategy.progress_measured), (40.0, 60.0))
        self.assertEqual(strategy.progress_label, "40 % (60 % of weight measured)")
        # 6 on the way from 10 down to 5 is 80 %: 0.6 x 40 + 0.4 x 80 = 56 %.
        figures[two.target_ids.id] = (6, 90)
        self.assertEqual((round(progress().progress, 6), strategy.progress_measured), (56.0, 100.0))
        self.assertEqual(one.target_ids.value_label, "84 % (n = 200)")
        # Nothing done is zero, not none.
        figures[one.target_ids.id] = (80, 200)
        self.assertEqual((round(progress().progress, 6), strategy.has_progress), (32.0, True))
        # Closed, it keeps its figures.
        one.with_user(self.top).result = "Nothing moved"
        one.with_user(self.top).action_transition("miss")
        figures[one.target_ids.id] = (99, 500)
        self.assertEqual(round(progress().progress, 6), 32.0)
        self.assertEqual((one.target_ids.closed_value, one.target_ids.closed_n), (80, 200))
        self.assertFalse(lines.search_count([("closed_known", "=", True), ("goal_id", "=", two.id)]))

    def test_progress_of_random_trees_equals_a_twin_and_asks_no_more_for_more(self):
        chance = random.Random(4)
        model, queries = self.registry["sqms.goal.indicator"], []
        known = {}
        self.startPatcher(
            patch.object(model, "_goal_values", lambda self: {i: known[i] for i in self.ids if i in known})
        )
        self.startPatcher(patch("odoo.addons.sqms_base.models.sqms_goal_progress.COUNTED", ("draft",)))
        for size in (8, 16):
            root = self._create_goal("Root", kind="strategy")
            strategies = [root]
            for _number in range(size // 4):
                strategies.append(
                    self._create_goal(
                        "Branch", kind="strategy", parent_id=chance.choice(strategies).id, weight=chance.randrange(100)
                    )
                )
            for _number in range(size):
                goal = self._create_goal(
                    "Leaf", parent_id=chance.choice(strategies).id, weight=chance.randrange(101),
                    targets=[(i, 10, chance.choice((0, 20))) for i in (self.in_time, self.repeat)],
                )  # fmt: skip
                for line in goal.target_ids:
                    if chance.random() < 0.7:
                        known[line.id] = (chance.randrange(31), 5)
            tree = self._as("sqms.goal").search([("id", "child_of", root.id)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = tree._progress()
            queries.append(self.env.cr.sql_log_count - before)
            for goal in tree:
                twin = self._twin(goal, known)
                self.assertEqual(found[goal.id][0] is None, twin is None, goal.name)
                if twin is not None:
                    self.assertAlmostEqual(found[goal.id][0], twin)
        self.assertEqual(queries[0], queries[1])

    def _twin(self, goal, known):
        if goal.kind == "objective":
            shares = []
            for line in goal.target_ids:
                if line.id not in known:
                    continue
                value, step = known[line.id][0], line.target - line.baseline
                better = value <= line.target if line.direction == "lower" else value >= line.target
                worse_way = line.baseline <= line.target if line.direction == "lower" else line.baseline >= line.target
                shares.append(100.0 if better else 0.0 if worse_way else max(0.0, 100 * (value - line.baseline) / step))
            return sum(shares) / len(shares) if shares else None
        parts = [(child.weight, self._twin(child, known)) for child in goal.child_ids]
        parts = [(weight, share) for weight, share in parts if share is not None]
        total = sum(weight for weight, _share in parts)
        return sum(weight * share for weight, share in parts) / total if total else None

    def test_loose_ends_are_listed_until_they_are_tied(self):
        loose = self._create_goal("Loose")
        action = self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_goal_action_orphans")
        goals = self._as("sqms.goal")
        self.assertIn(loose, goals.search(literal_eval(action["domain"])))
        policy = self._create_document("Quality policy", document_type="policy")
        strategy = self._create_goal("Reliable", kind="strategy")
        for values in (
            {"document_id": policy.id},
            {"parent_id": strategy.id},
            {"target_ids": [Command.create({"indicator_id": self.repeat.id, "target": 5})]},
        ):
            self.assertIn(loose, goals.search(literal_eval(action["domain"])))
            loose.write(values)
        self.assertNotIn(loose, goals.search(literal_eval(action["domain"])))
        without = literal_eval(
            self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_indicator_action_without_goal")["domain"]
        )
        found = self._as("sqms.indicator").search(without)
        self.assertIn(self.in_time, found)
        self.assertNotIn(self.repeat, found)
        self.assertEqual((self.repeat.goal_count, self.in_time.goal_count), (1, 0))
        self.assertEqual(goals.search([("indicator_ids", "in", self.repeat.ids)]), loose)

    def test_who_sees_and_writes_goals(self):
        strategy, one, two = self._create_tree()
        draft = self._create_goal("Draft", kind="strategy")
        self._approve_all(strategy | one | two)
        for user in (self.officer, self.manager, self.top, self.certifier):
            self.assertEqual(self._as("sqms.goal", user).search([("id", "=", draft.id)]).id, draft.id, user.login)
        seen = self._as("sqms.goal", self.plain).search([("company_id", "=", self.company.id)])
        self.assertEqual(seen, (strategy | one | two).with_user(self.plain))
        views = self._as("sqms.goal", self.plain).get_views([(False, "list"), (False, "form"), (False, "kanban")])
        self.assertTrue(views["views"]["form"])
        row = one.with_user(self.plain).web_read(
            {
                "name": {},
                "progress_label": {},
                "target_ids": {"fields": {"indicator_id": {"fields": {"display_name": {}}}, "label": {}}},
            }
        )[0]
        self.assertEqual(row["target_ids"][0]["indicator_id"]["display_name"], "G-0 In time")
        with mute_logger(*RULES):
            for user in (self.plain, self.certifier, self.hr):
                self._refused(AccessError, "", lambda u=user: one.with_user(u).write({"remarks": "x"}))
                self._refused(AccessError, "", lambda u=user: self._create_goal("x", user=u))
                self._refused(AccessError, "", lambda u=user: draft.with_user(u).action_transition("submit"))
            for user in (self.portal, self.public):
                self._refused(AccessError, "", lambda u=user: one.with_user(u).read(["name"]))
                self._refused(AccessError, "", lambda u=user: one.target_ids.with_user(u).read(["target"]))
            self._refused(AccessError, "", lambda: one.with_user(self.stranger).read(["name"]))
            self._refused(AccessError, "", lambda: draft.with_user(self.plain).read(["name"]))
        self.assertFalse(self._as("sqms.goal", self.stranger).search([("id", "in", (strategy | one).ids)]))

    def test_form_and_trace(self):
        strategy, one, _two = self._create_tree()
        with Form(self._as("sqms.goal")) as form:
            form.name = "By form"
            form.parent_id = strategy
            form.weight = 5
            with form.target_ids.new() as line:
                line.indicator_id = self.in_time
                line.target = 95
        goal = form.record
        self.assertEqual((goal.owner_id, goal.date_from.year, goal.author_id), (self.officer, 2026, self.officer))
        policy = self._create_document("Quality policy", document_type="policy")
        one.document_id = policy
        graph = one.trace()
        models = {node["model"] for node in graph["nodes"]}
        self.assertGreaterEqual(models, {"sqms.goal", "sqms.indicator", "sqms.document"})
        copied = one.copy()
        self.assertEqual((copied.state, copied.target_ids.indicator_id), ("draft", self.in_time))
        goal.unlink()  # with its targets
        self.assertFalse(goal.exists())
