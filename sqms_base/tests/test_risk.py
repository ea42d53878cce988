import random
from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessDenied, AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..lib.risk_level import level_of
from ..lib.workflow_pass import workflow_import
from .common import NOON, sign_step
from .goal_common import GoalCase

RULES = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
TODAY = date(2026, 11, 23)


class RiskCase(GoalCase):
    @classmethod
    def _step(cls, dimension, value):
        return cls.env.ref(f"sqms_base.sqms_risk_scale_{dimension}_{value}")

    @classmethod
    def _create(cls, name="A gas leak is not found", user=None, **values):
        return cls._as("sqms.risk", user).create({"name": name, "process_id": cls.process.id, **values})

    @classmethod
    def _rate(cls, risk, likelihood, impact, user=None, **values):
        dimension = "impact" if risk.kind == "risk" else "benefit"
        return cls._as("sqms.risk.rating", user).create(
            {
                "risk_id": risk.id,
                "likelihood_id": cls._step("likelihood", likelihood).id,
                "impact_id": cls._step(dimension, impact).id,
                "reason": "Two cases last year",
                **values,
            }
        )

    @classmethod
    def _action(cls, risk, state="planned", verified_at=None):
        action = cls._as("sqms.action").create(
            {"name": "Buy detectors", "risk_id": risk.id, "kind": "preventive", "date_due": TODAY}
        )
        if state != "planned":
            with workflow_import(action, "On paper"):
                action.sudo().write({"state": state, "verified_at": verified_at})
        return action

    @classmethod
    def _monitored(cls, likelihood=4, impact=4, verified_at=NOON - timedelta(hours=1), **values):
        """Reduced by one verified action; owned by the officer."""
        risk = cls._create(treatment="reduce", **values)
        with freeze_time(NOON - timedelta(days=30)):
            cls._rate(risk, likelihood, impact)
        cls._action(risk, "verified", verified_at)
        risk.action_transition("treat")
        risk.action_transition("monitor")
        return risk


@tagged("post_install", "-at_install", "sqms_alone")
class TestRisk(RiskCase):
    # -- rating ----------------------------------------------------------------------

    def test_a_rating_assesses_and_stays(self):
        risk = self._create()
        self._refused(UserError, "", lambda: risk.action_transition("treat"))
        self._refused(AccessError, "not open to your role", lambda: risk.action_transition("assess"))
        first = self._rate(risk, 4, 5)
        self.assertEqual(
            (risk.state, risk.level, risk.score, risk.level_before), ("assessed", "extreme", 20, "extreme")
        )
        self.assertEqual((first.rated_at, first.rated_by_id, first.words), (NOON, self.officer, "Likely × Severe"))
        self.assertEqual(
            (first.date_next_review, risk.date_next_review), (TODAY + timedelta(30), TODAY + timedelta(30))
        )
        with freeze_time(NOON + timedelta(days=1)):
            second = self._rate(risk, 2, 2, user=self.manager, date_next_review="2027-03-01")
        self.assertEqual((risk.level_before, risk.level, risk.rating_id), ("extreme", "low", second))
        self.assertEqual((risk.likelihood, risk.impact, risk.likelihood_before, risk.impact_before), (2, 2, 4, 5))
        self.assertEqual(risk.date_next_review, date(2027, 3, 1))
        for user in (self.officer, self.manager, self.top, self.env.ref("base.user_root")):
            for rating in (first, second):
                mine = rating.with_user(user)
                for values in ({"reason": "x"}, {"likelihood_id": self._step("likelihood", 1).id}, {"level": "low"},
                               {"rated_at": NOON}, {"date_next_review": "2030-01-01"}):  # fmt: skip
                    self._refused((UserError, AccessError), "", lambda m=mine, v=values: m.write(v))
                self._refused((UserError, AccessError), "", mine.unlink)
            self._refused(
                (UserError, AccessError),
                "",
                lambda u=user: risk.with_user(u).write({"rating_ids": [Command.delete(first.id)]}),
            )
            self._refused(
                (UserError, AccessError),
                "",
                lambda u=user: risk.with_user(u).write({"rating_ids": [Command.update(first.id, {"score": 1})]}),
            )
            for values in ({"level": "low"}, {"score": 1}, {"rating_id": first.id}, {"state": "monitored"}):
                self._refused((UserError, AccessError), "", lambda u=user, v=values: risk.with_user(u).write(v))
        self._refused(UserError, "rated", lambda: risk.unlink())
        self._refused(UserError, "stays what it is", lambda: risk.write({"kind": "opportunity"}))
        told = {entry.event for entry in first.with_user(self.manager).sqms_history()}
        self.assertEqual(told, {"create"})

    def test_a_rating_is_made_now_by_who_makes_it(self):
        risk = self._create()
        forged = {"rated_at": NOON + timedelta(days=1), "rated_by_id": self.top.id, "level": "low", "score": 1,
                  "likelihood": 1, "company_id": self.other_company.id, "texts": {"impact": {}}}  # fmt: skip
        hostile = {f"default_{name}": value for name, value in forged.items()}
        plain = {"risk_id": risk.id, "likelihood_id": self._step("likelihood", 5).id, "reason": "Seen",
                 "impact_id": self._step("impact", 5).id}  # fmt: skip
        for number, values in enumerate(({**plain, **forged}, plain)):
            rating = self._as("sqms.risk.rating").with_context(**hostile).create(values)
            self.assertEqual(
                (rating.rated_at, rating.rated_by_id, rating.level, rating.score, rating.company_id),
                (NOON, self.officer, "extreme", 25, self.company),
                number,
            )
            self.assertEqual(rating.words, "Almost certain × Severe")
        # The system itself takes over what was on paper, but not what will be.
        rating = self._rate(risk, 1, 1, user=self.env.ref("base.user_root"), rated_at=datetime(2025, 1, 1))
        self.assertEqual((rating.rated_at, risk.level_before, risk.level), (datetime(2025, 1, 1), "low", "extreme"))
        self._refused(
            ValidationError, "future",
            lambda: self._rate(risk, 1, 1, user=self.env.ref("base.user_root"), rated_at=NOON + timedelta(seconds=1)),
        )  # fmt: skip

    def test_a_step_is_chosen_from_the_scale_of_the_company(self):
        risk, chance = self._create(), self._create(kind="opportunity")
        self._refused(ValidationError, "scale", lambda: self._rate(risk, 1, 1, impact_id=self._step("benefit", 1).id))
        self._refused(ValidationError, "scale", lambda: self._rate(chance, 1, 1, impact_id=self._step("impact", 1).id))
        self._refused(ValidationError, "rests", lambda: self._rate(risk, 1, 1, reason="  "))
        steps = self._as("sqms.risk.scale", self.manager)
        own = steps.create(
            [{"dimension": "likelihood", "value": n, "name": f"Own {n}", "description": "x"} for n in range(1, 5)]
        )
        self.assertEqual(steps._steps(self.company, "likelihood")[0], self._step("likelihood", 1))
        self._refused(ValidationError, "scale", lambda: self._rate(risk, 1, 1, likelihood_id=own[0].id))
        own |= steps.create({"dimension": "likelihood", "value": 5, "name": "Own 5", "description": "x"})
        self.assertEqual(steps._steps(self.company, "likelihood"), own)
        self.assertEqual(steps._steps(self.other_company, "likelihood")[4], self._step("likelihood", 5))
        self._refused(ValidationError, "scale", lambda: self._rate(risk, 1, 1))
        rating = self._rate(risk, 1, 3, likelihood_id=own[2].id)
        own[2].name = "Another word"
        self.assertEqual(rating.words, "Own 3 × Moderate")
        self._refused(UserError, "keeps its number", lambda: own[2].write({"value": 1}))
        with self.assertRaises(AccessError), mute_logger(*RULES), self.cr.savepoint():
            self._step("likelihood", 1).with_user(self.manager).name = "Mine"
        form = Form(self._as("sqms.risk.rating").with_context(default_risk_id=risk.id))
        form.likelihood_id, form.impact_id, form.reason = own[4], self._step("impact", 4), "Seen twice"
        self.assertEqual((form.level, form.date_next_review), ("extreme", TODAY + timedelta(30)))
        self.assertEqual(form.save().score, 20)

    def test_levels_follow_the_limits_of_the_company(self):
        dice = random.Random(7)
        for _turn in range(20):
            limits = sorted(dice.sample(range(2, 26), 3))
            for step, other in ((a, b) for a in range(1, 6) for b in range(1, 6)):
                level = level_of(step, other, limits)
                twin = "low"
                for name, limit in zip(("medium", "high", "extreme"), limits, strict=True):
                    twin = name if step * other >= limit else twin
                self.assertEqual(level, twin)
        company = self.company
        names = ("sqms_risk_medium_from", "sqms_risk_high_from", "sqms_risk_extreme_from")
        for limits in ((5, 5, 16), (1, 10, 16), (5, 10, 26), (10, 5, 16)):
            values = dict(zip(names, limits, strict=True))
            self._refused(ValidationError, "one after the other", lambda v=values: company.write(v))
        risk = self._create()
        old = self._rate(risk, 2, 4)
        company.write({"sqms_risk_medium_from": 3, "sqms_risk_high_from": 6, "sqms_risk_extreme_from": 8})
        new = self._rate(risk, 2, 4)
        self.assertEqual((old.level, new.level), ("medium", "extreme"))

    # -- treatment -------------------------------------------------------------------

    def test_what_a_treatment_takes(self):
        risk = self._create()
        self._rate(risk, 3, 3)
        self._refused(UserError, "Treatment", lambda: risk.action_transition("treat"))
        self._refused(ValidationError, "no treatment of this kind", lambda: risk.write({"treatment": "pursue"}))
        risk.treatment = "reduce"
        self._refused(UserError, "at least one action", lambda: risk.action_transition("treat"))
        self._action(risk, "cancelled")
        self._refused(UserError, "at least one action", lambda: risk.action_transition("treat"))
        risk.treatment = "accept"
        self._refused(UserError, "say why", lambda: risk.action_transition("treat"))
        self._refused(UserError, "", lambda: sign_step(risk, "accept", self.top))
        action = self._action(risk)
        risk.treatment = "reduce"
        risk.action_transition("treat")
        self.assertEqual((risk.state, risk.decided_level, risk.decided_by_id), ("treated", "medium", self.officer))
        for values in ({"treatment": "accept"}, {"treatment_reason": "x"}, {"decided_level": "low"}):
            self._refused(UserError, "", lambda v=values: risk.write(v))
        self._refused(UserError, action.display_name, lambda: risk.action_transition("monitor"))
        with workflow_import(action, "On paper"):
            action.sudo().write({"state": "verified", "verified_at": NOON})
        risk.action_transition("monitor")
        self._refused(UserError, "Reconsidered", lambda: risk.action_transition("reconsider"))
        risk.reconsider_reason = "The detectors are recalled"
        risk.action_transition("reconsider")
        self.assertEqual((risk.state, risk.reconsider_reason, risk.decided_level), ("assessed", False, False))
        told = risk.with_user(self.manager).sqms_history().mapped("event")
        self.assertIn("transition", told)
        chance = self._create("Heat pumps", kind="opportunity", treatment="pursue")
        self._rate(chance, 3, 4)
        self._refused(UserError, "at least one action", lambda: chance.action_transition("treat"))
        chance.treatment = "leave"
        self._refused(UserError, "say why", lambda: chance.action_transition("treat"))
        chance.treatment_reason = "No people for it this year"
        chance.action_transition("treat")
        self.assertEqual(chance.state, "treated")

    def test_a_grave_risk_is_accepted_by_another_and_signed(self):
        risk = self._create(treatment="accept", owner_id=self.manager.id)
        self._rate(risk, 4, 4)
        self._refused(UserError, "signed", lambda: risk.action_transition("treat"))
        self.assertEqual([step["name"] for step in risk.with_user(self.manager).transitions()], ["accept"])
        self._refused(UserError, "", lambda: sign_step(risk, "accept", self.second_manager))
        risk.treatment_reason = "Nothing else is possible this winter"
        self._refused(AccessError, "", lambda: sign_step(risk, "accept", self.officer))
        self._refused(UserError, "you own it", lambda: sign_step(risk, "accept", self.manager))
        # Handing it over for a minute does not help.
        risk.owner_id = self.officer
        self._refused(UserError, "you own it", lambda: sign_step(risk, "accept", self.manager))
        self.assertEqual(risk.with_user(self.second_manager).action_transition("accept")["tag"], "sqms_sign")
        self.assertEqual(risk.state, "assessed")
        self._refused(AccessDenied, "", lambda: risk.with_user(self.second_manager).action_sign_step("accept", "wrong"))
        sign_step(risk, "accept", self.second_manager)
        self.assertEqual((risk.state, risk.decided_level), ("treated", "extreme"))
        self.assertEqual(risk.signature_ids.user_id, self.second_manager)
        # No other treatment turns into an acceptance afterwards.
        other = self._create(treatment="share", treatment_reason="Insured")
        self._rate(other, 4, 4)
        other.action_transition("treat")
        self._refused(AccessError, "no longer be changed", lambda: other.write({"treatment": "accept"}))

    def test_what_was_accepted_and_is_graver_now_is_decided_anew(self):
        risk = self._create(treatment="accept", treatment_reason="Cheap to live with")
        self._rate(risk, 2, 3)
        risk.action_transition("treat")
        self._rate(risk, 2, 4)
        self.assertEqual((risk.state, risk.level), ("treated", "medium"))
        self._rate(risk, 3, 4)
        self.assertEqual((risk.state, risk.level, risk.decided_level), ("assessed", "high", False))
        sign_step(risk, "accept", self.top)
        self._rate(risk, 4, 3)
        self.assertEqual(risk.state, "treated")
        self._rate(risk, 5, 4)
        self.assertEqual(risk.state, "assessed")

    # -- the end ---------------------------------------------------------------------

    def test_closing_takes_a_later_rating_and_another_person(self):
        risk = self._monitored()
        self._refused(AccessError, "", lambda: risk.action_transition("close"))
        closing = risk.with_user(self.manager)
        self._refused(UserError, "verified after the latest rating", lambda: closing.action_transition("close"))
        self._rate(risk, 4, 4)
        self._refused(UserError, "no better", lambda: closing.action_transition("close"))
        risk.no_effect_reason = "The detectors came late; the next winter shows it"
        with self.cr.savepoint() as savepoint:
            closing.action_transition("close")
            savepoint.rollback()
        self.env.invalidate_all()
        risk.no_effect_reason = False
        self._rate(risk, 2, 4)
        for owner in (self.manager, self.officer):
            risk.owner_id = owner
        self._refused(UserError, "have owned it", lambda: closing.action_transition("close"))
        self._refused(UserError, "filled in by the system", lambda: risk.write({"owned_by_ids": [Command.clear()]}))
        late = self._action(risk)
        second = risk.with_user(self.second_manager)
        self._refused(UserError, "not verified yet", lambda: second.action_transition("close"))
        with workflow_import(late, "On paper"):
            late.sudo().write({"state": "cancelled"})
        second.action_transition("close")
        self.assertEqual((risk.state, risk.closed_by_id, risk.closed_at), ("closed", self.second_manager, NOON))
        for user in (self.officer, self.manager, self.env.ref("base.user_root")):
            self._refused(UserError, "", lambda u=user: risk.with_user(u).write({"name": "x"}))
            self._refused(UserError, "", lambda u=user: self._rate(risk, 1, 1, user=u))
            self._refused(UserError, "", lambda u=user: risk.with_user(u).unlink())
        self._refused(UserError, "closed", lambda: self._action(risk))
        self._refused(UserError, "Reopened", lambda: second.action_transition("reopen"))
        second.reopen_reason = "It has happened again"
        second.action_transition("reopen")
        self.assertEqual((risk.state, risk.closed_at, risk.reopen_reason), ("assessed", False, False))

    def test_an_opportunity_is_closed_when_it_has_grown(self):
        chance = self._create("Heat pumps", kind="opportunity", treatment="pursue")
        with freeze_time(NOON - timedelta(days=9)):
            self._rate(chance, 2, 3)
        self._action(chance, "effective", NOON - timedelta(hours=1))
        chance.action_transition("treat")
        chance.action_transition("monitor")
        self._rate(chance, 2, 2)
        self._refused(UserError, "no better", lambda: chance.with_user(self.manager).action_transition("close"))
        self._rate(chance, 4, 3)
        chance.with_user(self.manager).action_transition("close")
        self.assertEqual(chance.state, "closed")

    # -- in time ---------------------------------------------------------------------

    def _reminders(self, risks):
        return self.env["mail.activity"].search([("res_model", "=", "sqms.risk"), ("res_id", "in", risks.ids)])

    def test_a_review_is_asked_for_once(self):
        risk, later = self._create(owner_id=self.plain.id), self._create()
        self._rate(risk, 5, 5)
        self._rate(later, 1, 1)
        risks = self.env["sqms.risk"]
        with freeze_time(NOON + timedelta(days=29)):
            risks._cron_review()
            self.assertFalse(self._reminders(risk | later))
        with freeze_time(NOON + timedelta(days=30)):
            for _turn in range(2):
                risks._cron_review()
                self.assertEqual(self._reminders(risk | later).user_id, self.plain)
            self.assertEqual(len(self._reminders(risk)), 1)
            self.assertFalse(risks.search([("is_overdue", "=", True), ("id", "in", (risk | later).ids)]))
        with freeze_time(NOON + timedelta(days=31)):
            self.env.invalidate_all()
            self.assertTrue(risk.is_overdue)
            self.assertEqual(risks.search([("is_overdue", "=", True), ("id", "in", (risk | later).ids)]), risk)
            found = risks.search([("is_overdue", "=", False), ("id", "in", (risk | later).ids)])
            self.assertEqual(found, later)
            risk.owner_id = self.officer
            self.assertEqual(self._reminders(risk).user_id, self.officer)
            self._rate(risk, 5, 5)
            self.assertFalse(self._reminders(risk))
            self.assertEqual(risk.date_next_review, TODAY + timedelta(days=61))
        with freeze_time(NOON + timedelta(days=61)):
            risks._cron_review()
            self.assertEqual(len(self._reminders(risk)), 1)

    # -- roles -------------------------------------------------------------------------

    @mute_logger(*RULES)
    def test_roles(self):
        risk = self._create()
        self._rate(risk, 2, 2)
        for user in (self.portal, self.public, self.stranger, self.plain):
            self._refused(AccessError, "", lambda u=user: risk.with_user(u).read(["name"]))
            self._refused(AccessError, "", lambda u=user: risk.rating_ids.with_user(u).read(["reason"]))
            self._refused(AccessError, "", lambda u=user: self._rate(risk, 1, 1, user=u))
        self._refused(AccessError, "", lambda: self._create(user=self.plain))
        self._refused(AccessError, "", lambda: self._create(user=self.certifier))
        self._refused(AccessError, "", lambda: self._rate(risk, 1, 1, user=self.certifier))
        self.assertEqual(risk.with_user(self.certifier).name, risk.name)
        risk.owner_id = self.plain
        self.env.flush_all()
        self.assertEqual(risk.with_user(self.plain).rating_count, 1)
        self._refused(AccessError, "", lambda: risk.with_user(self.plain).write({"name": "x"}))
        rating = self._rate(risk, 1, 1, user=self.plain)
        self.assertEqual((rating.rated_by_id, risk.rating_id), (self.plain, rating))
        self._refused(UserError, "", lambda: self._create(process_id=self._other_process().id))

    def _other_process(self):
        return self.env["sqms.process"].create({"code": "X", "name": "Else", "company_id": self.other_company.id})

    def test_seen_on_another_record(self):
        goal = self._create_goal()
        risk = self._as("sqms.risk").create_from(goal, name="The goal is missed")
        self.assertEqual((risk.res_model, risk.res_id, risk.company_id), ("sqms.goal", goal.id, self.company))
        self.assertEqual(risk.action_open_source()["res_id"], goal.id)
        self._refused(UserError, "", lambda: risk.write({"res_id": 1}))
        self.assertEqual(self._as("sqms.risk").create_from(self.process).process_id, self.process)
        self.assertEqual(self.process.with_user(self.officer).risk_count, 1)
        self.assertEqual(self.process.with_user(self.plain).risk_count, 0)
