from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import password_of, sign_step
from .improvement_common import AFTER, SAVING, ImprovementCase

RULES = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install", "sqms_alone")
class TestReward(ImprovementCase):
    """What is given for an improvement: by rule, approved by another, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.badge = cls.env["gamification.badge"].create({"name": "Waste hunter"})
        cls.rule = cls._rule(badge_id=cls.badge.id)
        cls.share_of_saving = cls._rule(
            "A tenth of what it saves",
            condition="verified",
            minimum_saving=1000,
            points=0,
            money_kind="percent",
            money_percent=10,
            money_cap=500,
        )

    def _given(self, idea, rule=None):
        reward = self._rewards(idea).filtered(lambda reward: not rule or reward.rule_id == rule)
        self._approve_reward(reward)
        reward.with_user(self.officer).action_transition("give")
        return reward

    # -- by rule ---------------------------------------------------------------------

    def test_a_rule_proposes_once(self):
        idea = self._adopted()
        reward = self._rewards(idea)
        self.assertEqual((reward.rule_id, reward.points, reward.badge_id), (self.rule, 20, self.badge))
        self.assertEqual((reward.author_id, reward.share_ids.employee_id), (self.plain, self.employee))
        self.assertEqual((reward.state, reward.money, reward.number[:4]), ("proposed", 0, "RWD/"))
        # Again by the button, again after going back, again after being rejected and proposed anew.
        self.assertFalse(idea._propose_rewards())
        idea.with_user(self.second_officer).action_propose_rewards()
        back = idea.with_user(self.officer)
        back.action_transition("reassess")
        back.action_transition("adopt")
        back.reject_reason = "Too dear"
        back.action_transition("reject")
        idea.with_user(self.plain).new_reason = "Cheaper now"
        idea.with_user(self.plain).action_transition("propose_again")
        back.action_transition("assess")
        back.action_transition("adopt")
        self.assertEqual(self._rewards(idea), reward)
        with mute_logger("odoo.sql_db"):
            self._refused(
                psycopg2.errors.UniqueViolation, "", lambda: reward.create(idea._prepare_reward_values(self.rule))
            )
        with mute_logger(*RULES):
            for user in (self.plain, self.officer, self.manager, self.top):
                self._refused(AccessError, "", lambda u=user: reward.with_user(u).create({"improvement_id": idea.id}))
                self._refused(AccessError, "", lambda u=user: reward.with_user(u).unlink())
        self._refused(ValidationError, "not copied", reward.copy)
        with mute_logger(*RULES):
            self._refused(AccessError, "", lambda: idea.with_user(self.plain).action_propose_rewards())

    def test_which_rule_holds(self):
        only_redesign = self._rule("Redesign", improvement_type="redesign")
        dear = self._rule("Great savings", condition="verified", minimum_saving=SAVING + 0.01)
        exact = self._rule("Just enough", condition="verified", minimum_saving=SAVING)
        any_saving = self._rule("Any saving", condition="verified")
        elsewhere = self._rule("Elsewhere", company_id=self.other_company.id)
        archived = self._rule("No longer", active=False)
        idea = self._implemented()
        self.assertEqual(self._rewards(idea).rule_id, self.rule, "nothing for a saving that is not verified")
        sign_step(idea, "verify", self.second_officer)
        self.assertEqual(self._rewards(idea).rule_id, self.rule | self.share_of_saving | exact | any_saving)
        self.assertFalse(self._rewards(idea).rule_id & (only_redesign | dear | elsewhere | archived))
        loss = self._implemented(name="Dear idea")
        loss.with_user(self.mate).one_off_cost = 100000
        sign_step(loss, "verify", self.second_officer)
        self.assertEqual(self._rewards(loss).rule_id, self.rule, "what costs more than it saves has saved nothing")
        self.assertLess(loss.saving_verified, 0)

    def test_money_is_a_part_of_the_verified_saving_up_to_a_cap(self):
        reward = self._rewards(self._verified()).filtered("money")
        self.assertEqual((reward.money, reward.saving_base), (500, SAVING))
        self.share_of_saving.write({"money_cap": 0, "money_percent": 7.5})
        other = self._rewards(self._verified(name="Second")).filtered("money")
        self.assertEqual((other.money, reward.money), (465, 500), "what was proposed stays as it was")
        self.assertIn("465", other.summary)
        with mute_logger("odoo.sql_db"):
            for values in (
                {"points": 0}, {"points": -1}, {"money_kind": "percent", "money_percent": 5},
                {"points": 0, "money_kind": "fixed"}, {"money_percent": 101},
            ):  # fmt: skip
                self._refused(psycopg2.errors.CheckViolation, "", lambda v=values: self._rule(**v))

    def test_only_those_who_may_make_rules(self):
        with mute_logger(*RULES):
            for user in (self.plain, self.officer, self.certifier):
                self._refused(AccessError, "", lambda u=user: self.rule.with_user(u).write({"points": 999}))
        self.rule.with_user(self.manager).points = 30
        self.assertEqual(self.rule.with_user(self.plain).points, 30)
        self.assertIn("badge", self.rule.summary)

    # -- approved by another -----------------------------------------------------------

    def test_who_approves_is_neither_proposer_nor_beneficiary(self):
        # A manager has the idea, another one shares in it, a third one changes the shares.
        self.colleague.user_id = self.second_manager
        idea = self._adopted(user=self.manager, team_ids=[Command.link(self.second_manager.id)])
        third, fourth = (self._create_user(name, "sqms_base.group_sqms_manager") for name in ("third", "fourth"))
        reward = self._rewards(idea)
        self.assertEqual(reward.share_ids.user_id | reward.share_ids.employee_id.user_id,
                         self.manager | self.second_manager)  # fmt: skip
        reward.with_user(third).share_ids[0].percent = 60
        reward.with_user(third).share_ids[1].percent = 40
        self.assertIn(third, reward.contributor_ids)
        for user in (self.manager, self.second_manager, third):
            self.assertNotIn("approve", [step["name"] for step in reward.with_user(user).transitions()], user.login)
            self.assertFalse(reward.with_user(user).search(reward.with_user(user)._morning_sign_domain()) & reward)
            self._refused(UserError, "another person|does not approve", lambda u=user: sign_step(reward, "approve", u))
            self._refused(
                UserError,
                "",
                lambda u=user: (
                    self.env["sqms.signature"]
                    .with_user(u)
                    .sign(reward.with_user(u), "approver", password=password_of(u))
                ),
            )
        for user in (self.officer, self.plain, self.certifier):
            with mute_logger(*RULES):
                self._refused(AccessError, "", lambda u=user: sign_step(reward, "approve", u))
        for user in (fourth, self.top, self.env.ref("base.user_root")):
            self._refused(UserError, "", lambda u=user: reward.with_user(u).write({"state": "approved"}))
            self._refused(UserError, "", lambda u=user: reward.with_user(u).write({"state": "given"}))
            self._refused(UserError, "", lambda u=user: reward.with_user(u).write({"points": 999}))
        sign_step(reward, "approve", fourth)
        self.assertEqual((reward.approver_id, reward.signature_ids.user_id), (fourth, fourth))
        self.assertTrue(reward.signature_ids.is_valid)
        self._refused(
            UserError, "nobody gives himself", lambda: reward.with_user(self.manager).action_transition("give")
        )
        # Approved, it is closed: neither shares nor amounts move.
        share = reward.share_ids[0].with_user(self.officer)
        self._refused(AccessError, "", lambda: share.write({"percent": 1}))
        self._refused(AccessError, "", share.unlink)
        self._refused(
            AccessError,
            "",
            lambda: share.create({"reward_id": reward.id, "employee_id": self.employee.id, "percent": 1}),
        )

    def test_proposer_who_changed_card_or_role_is_still_proposer(self):
        idea = self._adopted()
        reward = self._rewards(idea)
        # He becomes manager, and his share is taken by somebody else: it stays his idea.
        self.plain.group_ids |= self.env.ref("sqms_base.group_sqms_manager")
        reward.with_user(self.officer).share_ids.employee_id = self.colleague
        self._refused(UserError, "another person|does not approve", lambda: sign_step(reward, "approve", self.plain))
        self.colleague.user_id = self.second_manager
        self._refused(
            UserError, "another person|does not approve", lambda: sign_step(reward, "approve", self.second_manager)
        )

    def test_shares_add_up(self):
        idea = self._adopted(team_ids=[Command.set((self.hr | self.mate).ids)])
        reward = self._rewards(idea)
        self.assertEqual(reward.share_ids.mapped("percent"), [33.34, 33.33, 33.33])
        self.assertEqual(reward.share_ids.mapped("points"), [7, 7, 6])
        shares = reward.with_user(self.officer).share_ids
        shares[0].percent = 50
        self._refused(UserError, "add up to 116.66 %, not to 100 %", lambda: sign_step(reward, "approve", self.top))
        shares[1].percent, shares[2].percent = 25, 25
        self.assertEqual(shares.mapped("points"), [10, 5, 5])
        create = shares.create
        with mute_logger("odoo.sql_db"):
            for person in ({"employee_id": self.employee.id}, {}, {"percent": -1, "user_id": self.officer.id},
                           {"employee_id": self.employee.id, "user_id": self.officer.id}):  # fmt: skip
                self._refused(
                    psycopg2.IntegrityError, "", lambda p=person: create({"reward_id": reward.id, "percent": 1, **p})
                )
        self._refused(
            ValidationError,
            "has a share already",
            lambda: create({"reward_id": reward.id, "percent": 1, "user_id": self.plain.id}),
        )
        shares.unlink()
        self._refused(UserError, "who receives", lambda: sign_step(reward, "approve", self.top))

    # -- given once ------------------------------------------------------------------------

    def test_points_reach_the_user_once(self):
        idea = self._verified()
        karma = self.plain.karma
        rewards = self._given(idea)
        self.assertEqual(len(rewards), 2)
        point = self.env["sqms.reward.point"].search([("user_id", "=", self.plain.id)])
        self.assertEqual((point.points, point.reward_id.rule_id, point.improvement_id), (20, self.rule, idea))
        self.assertEqual(self.plain.karma - karma, 20)
        self.assertEqual(self.plain.badge_ids.badge_id, self.badge)
        self.assertIn("20 points", rewards.filtered("points").message_ids[0].body)

        def nothing_more():
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual((self._points(self.plain), self.plain.karma - karma), (20, 20))
            self.assertEqual(len(self.plain.badge_ids), 1)

        reward = rewards.filtered("points")
        for user in (self.officer, self.manager, self.top, self.env.ref("base.user_root")):
            self._refused(UserError, "already", lambda u=user: reward.with_user(u).action_transition("give"))
            self._refused(UserError, "", lambda u=user: reward.with_user(u).write({"state": "approved"}))
        with mute_logger("odoo.sql_db"):
            self._refused(psycopg2.errors.UniqueViolation, "", reward._hand_over)
        with mute_logger(*RULES):
            for user in (self.plain, self.officer, self.manager, self.top, self.env.ref("base.user_admin")):
                mine = point.with_user(user).with_context(allowed_company_ids=self.company.ids)
                values = {"share_id": reward.share_ids.id, "user_id": user.id, "points": 5}
                self._refused(AccessError, "", lambda m=mine, v=values: m.create(v))
                self._refused(AccessError, "", lambda m=mine: m.write({"points": 500}))
                self._refused(AccessError, "", lambda m=mine: m.unlink())
        self._refused(AccessError, "stays as it is", lambda: point.write({"points": 500}))
        self._refused(AccessError, "stays as it is", point.unlink)
        nothing_more()
        self._try_again(idea, reward)
        nothing_more()

    def _try_again(self, idea, reward):
        """By everything that happens to an improvement and its rule afterwards."""
        # The rule changes, the verification is taken back and given again: nothing is given twice.
        self.rule.points = 500
        idea.with_user(self.manager).reopen_reason = "Counted wrongly"
        idea.with_user(self.manager).action_transition("reopen")
        sign_step(idea, "verify", self.second_officer)
        idea._propose_rewards()
        self.assertEqual(len(self._rewards(idea)), 2)
        loaded = self.env["sqms.reward"].with_user(self.manager).load(
            ["improvement_id/.id", "rule_id/.id", "points", "state"],
            [[str(idea.id), str(self.rule.id), "20", "given"]],
        )  # fmt: skip
        self.assertFalse(loaded["ids"])
        copied = idea.with_user(self.officer).copy()
        self.assertEqual(
            (copied.state, copied.author_id, self._rewards(copied)), ("proposed", self.officer, reward.browse())
        )

    def test_a_batch_adds_up_for_one_person(self):
        rewards = self.env["sqms.reward"]
        for number in range(3):
            rewards |= self._rewards(self._adopted(name=f"Idea {number}"))
        karma = self.plain.karma
        for reward in rewards:
            self._approve_reward(reward)
        rewards.with_user(self.officer).action_transition("give")
        self.assertEqual((self._points(self.plain), self.plain.karma - karma), (60, 60))
        tracking = self.env["gamification.karma.tracking"].search([("user_id", "=", self.plain.id)], limit=1)
        self.assertEqual(tracking.gain, 60, "one tracking: Odoo takes the latest one for the sum")

    def test_nothing_is_given_for_what_no_longer_holds(self):
        idea = self._verified()
        points, money = self._rewards(idea).sorted("money")
        self._approve_reward(points | money)
        manager = idea.with_user(self.manager)
        manager.reopen_reason = "Counted wrongly"
        manager.action_transition("reopen")
        giver = self.officer
        self._refused(UserError, "no longer verified", lambda: money.with_user(giver).action_transition("give"))
        idea.with_user(self.mate).other_saving = 0
        sign_step(idea, "verify", self.second_officer)
        self._refused(UserError, "no longer verified", lambda: money.with_user(giver).action_transition("give"))
        self._refused(UserError, "Why Not", lambda: money.with_user(self.top).action_transition("refuse"))
        money.with_user(self.top).refuse_reason = "The saving is smaller"
        money.with_user(self.top).action_transition("refuse")
        self._refused(UserError, "already", lambda: money.with_user(giver).action_transition("give"))
        points.with_user(giver).action_transition("give")
        other = self._adopted(name="Dropped")
        reward = self._approve_reward(self._rewards(other))
        other.with_user(self.officer).reject_reason = "Cannot be done"
        other.with_user(self.officer).action_transition("reject")
        self._refused(UserError, "no longer adopted", lambda: reward.with_user(giver).action_transition("give"))
        self.assertEqual(self._points(self.plain), 20)

    def test_who_approved_it_does_not_become_who_receives_it(self):
        reward = self._approve_reward(self._rewards(self._adopted()), self.second_manager)
        with self.assertRaises(UserError), self.cr.savepoint():
            # The card of the employee is given another user behind the approval.
            self.employee.user_id = self.second_manager
            try:
                reward.with_user(self.officer).action_transition("give")
            except UserError as refusal:
                self.assertIn("approved it and would receive it", str(refusal))
                raise
        self.env.flush_all()
        self.cr.execute("UPDATE sqms_reward_share SET employee_id = %s WHERE reward_id = %s",
                        [self.colleague.id, reward.id])  # fmt: skip
        self.env.invalidate_all()
        self.colleague.user_id = self.hr
        self._refused(UserError, "is void", lambda: reward.with_user(self.officer).action_transition("give"))
        self.assertEqual((self._points(self.hr), self._points(self.second_manager)), (0, 0))

    def test_who_has_no_user_receives_money_only(self):
        both = self._rule("Both", money_kind="fixed", money_amount=99.99, points=10)
        idea = self._adopted()
        rewards = self._rewards(idea)
        reward = rewards.filtered(lambda reward: reward.rule_id == both)
        reward.share_ids.with_user(self.officer).percent = 50
        reward.with_user(self.officer).share_ids = [Command.create({"employee_id": self.colleague.id, "percent": 50})]
        shares = reward.share_ids
        self.assertEqual(shares.mapped("money"), [50.0, 49.99])
        self.assertEqual(shares.mapped("remark"), ["", "no user here: money only"])
        self._given(idea, both)
        self.assertEqual(self._points(self.plain), 5)
        self.assertEqual(self.env["sqms.reward.point"].search_count([("reward_id", "=", reward.id)]), 1)
        self.assertIn("Colleague has no user here", reward.message_ids[0].body)
        # Who has left receives no points; with nothing else to give it is refused, in words.
        left = rewards - reward
        self._approve_reward(left)
        self.plain.active = False
        self._refused(UserError, "reach nobody", lambda: left.with_user(self.officer).action_transition("give"))
        self.assertEqual(self._points(self.plain), 5)

    def test_a_user_without_an_employee_card(self):
        idea = self._adopted(user=self.hr)
        reward = self._given(idea)
        self.assertEqual((reward.share_ids.user_id, self._points(self.hr)), (self.hr, 20))
        self.assertEqual(reward.receivers, self.hr.name)

    def test_what_fails_gives_nothing(self):
        reward = self._approve_reward(self._rewards(self._adopted()))
        karma = self.plain.karma
        badges = type(self.env["gamification.badge.user"])
        with patch.object(badges, "create", side_effect=UserError("No badge today")):
            self._refused(UserError, "No badge", lambda: reward.with_user(self.officer).action_transition("give"))
        self.env.invalidate_all()
        self.assertEqual((reward.state, self._points(self.plain), self.plain.karma), ("approved", 0, karma))

    # -- who sees what --------------------------------------------------------------------

    def test_everybody_sees_his_own(self):
        mine = self._given(self._adopted())
        other = self._given(self._adopted(user=self.hr, name="Other"))
        rewards, points = self.env["sqms.reward"], self.env["sqms.reward.point"]
        self.assertEqual(rewards.with_user(self.plain).search([]), mine)
        self.assertEqual(points.with_user(self.plain).search([]).user_id, self.plain)
        self.assertFalse(rewards.with_user(self.mate).search([]))
        for user in (self.officer, self.top, self.certifier):
            self.assertEqual(rewards.with_user(user).search([]), mine | other, user.login)
        self.assertFalse(rewards.with_user(self.stranger).search([]))
        for user in (self.portal, self.public):
            self._refused(AccessError, "", lambda u=user: rewards.with_user(u).search([]))
        self.assertEqual(points._totals(self.plain | self.hr), {self.plain.id: 20, self.hr.id: 20})
        self.assertEqual(AFTER["is_measured_after"], True)
