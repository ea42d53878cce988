from threading import Event, Thread

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.orm.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged

from ..lib.workflow_pass import workflow_import


@tagged("post_install", "-at_install", "sqms_alone")
class TestGivenTogether(TransactionCase):
    """Two requests give at once: cursors of their own, really committed, cleaned away afterwards."""

    def setUp(self):
        super().setUp()
        # The test runner holds the lock on the registries, for which the second request would wait for ever.
        self.patch(Registry, "_lock", DummyRLock())
        with self.registry.cursor() as cr:
            env = self._environment(cr)
            user = env["res.users"].create({"name": "Together", "login": "sqms_together_idea"})
            rule = env["sqms.reward.rule"].create({"name": "Together", "points": 20, "condition": "adopted"})
            ideas = env["sqms.improvement"].create(
                [{"name": name, "author_id": user.id} for name in ("Together one", "Together two")]
            )
            with workflow_import(ideas, "As on paper"):
                ideas.state = "adopted"
            rewards = ideas._propose_rewards().filtered(lambda reward: reward.rule_id == rule)
            with workflow_import(rewards, "As on paper"):
                rewards.state = "approved"
            self.user_id, self.rule_id = user.id, rule.id
            self.idea_ids, self.reward_ids = ideas.ids, rewards.ids
        self.addCleanup(self._clean_up)

    def _environment(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "lang": "en_US"})

    def _clean_up(self):
        with self.registry.cursor() as cr:
            # The book of points keeps everything but what the database itself is told to forget.
            for query, ids in (
                ("DELETE FROM sqms_reward_point WHERE user_id = ANY(%s)", [self.user_id]),
                (
                    """DELETE FROM sqms_reward_share
                        WHERE reward_id IN (SELECT id FROM sqms_reward WHERE improvement_id = ANY(%s))""",
                    self.idea_ids,
                ),
                ("DELETE FROM sqms_reward WHERE improvement_id = ANY(%s)", self.idea_ids),
                ("DELETE FROM sqms_reward_rule WHERE id = ANY(%s)", [self.rule_id]),
                ("DELETE FROM sqms_improvement WHERE id = ANY(%s)", self.idea_ids),
                ("DELETE FROM gamification_karma_tracking WHERE user_id = ANY(%s)", [self.user_id]),
            ):
                cr.execute(query, [ids])
            cr.execute("UPDATE res_users SET active = false, login = login || id WHERE id = %s", [self.user_id])

    def _request(self, reward_id, outcome, started):
        """As the request layer does it: once more on a new snapshot when the database says so."""
        with self.registry.cursor() as cr:
            env = self._environment(cr)
            reward = env["sqms.reward"].browse(reward_id)
            reward.state, env["res.users"].browse(self.user_id).karma  # the snapshot is taken
            started.set()
            try:
                retrying(lambda: reward.action_transition("give"), env)
                outcome.append("given")
            except UserError as refusal:
                cr.rollback()
                outcome.append(str(refusal))

    def _give_both(self, first, second):
        outcome, started = [], Event()
        with self.registry.cursor() as cr:
            env = self._environment(cr)
            env["sqms.reward"].browse(first).action_transition("give")
            thread = Thread(target=self._request, args=(second, outcome, started))
            thread.dbname = self.cr.dbname
            thread.start()
            self.assertTrue(started.wait(10))
            thread.join(0.5)
            self.assertFalse(outcome, "it waits")
        thread.join(30)
        with self.registry.cursor() as cr:
            env = self._environment(cr)
            points = env["sqms.reward.point"].search([("user_id", "=", self.user_id)])
            return outcome[0], sum(points.mapped("points")), env["res.users"].browse(self.user_id).karma

    def test_the_same_reward_twice_at_once_is_given_once(self):
        words, points, karma = self._give_both(self.reward_ids[0], self.reward_ids[0])
        self.assertIn("it is already “Given”", words)
        self.assertEqual((points, karma), (20, 20))

    def test_two_rewards_of_one_person_at_once_add_up(self):
        words, points, karma = self._give_both(*self.reward_ids)
        self.assertEqual((words, points, karma), ("given", 40, 40))
