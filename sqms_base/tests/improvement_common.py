from .common import sign_step
from .goal_common import GoalCase

# 240 minutes of lead time, 30 of them value-added: 12.5 %. An hour saved, 20 times a month, at 0.5 a minute: 7200 a
# year.
BEFORE = {
    "before_value_minutes": 30,
    "before_lead_minutes": 240,
    "times_per_month": 20,
    "cost_per_minute": 0.5,
    "expected_value_minutes": 30,
    "expected_lead_minutes": 200,
}
AFTER = {
    "after_value_minutes": 30,
    "after_lead_minutes": 180,
    "other_saving": 1000,
    "one_off_cost": 2000,
    "is_measured_after": True,
}
SAVING = 6200.0


class ImprovementCase(GoalCase):
    """People of a company and the life of an idea."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_officer = cls._create_user("officer2", "sqms_base.group_sqms_officer")
        cls.head = cls._create_user("head", "base.group_user")
        cls.process.owner_id = cls.head
        cls.mate = cls._create_user("mate", "base.group_user")
        cls.mate_employee = cls._create_employee("Mate", user_id=cls.mate.id)

    @classmethod
    def _propose(cls, name="Number tags for the key cabinet", user=None, **values):
        return cls._as("sqms.improvement", user or cls.plain).create({"name": name, **values})

    @classmethod
    def _adopted(cls, user=None, **values):
        idea = cls._propose(user=user, **{"process_id": cls.process.id, **BEFORE, **values})
        judged = idea.with_user(cls.officer)
        judged.action_transition("assess")
        judged.owner_id = cls.mate
        judged.action_transition("adopt")
        return idea

    @classmethod
    def _implemented(cls, user=None, **values):
        idea = cls._adopted(user=user, **values)
        idea.with_user(cls.mate).write(AFTER)
        idea.with_user(cls.mate).action_transition("implement")
        return idea

    @classmethod
    def _verified(cls, user=None, **values):
        idea = cls._implemented(user=user, **values)
        sign_step(idea, "verify", cls.second_officer)
        return idea

    @classmethod
    def _rule(cls, name="Points for an idea", **values):
        return cls.env["sqms.reward.rule"].create(
            {"name": name, "company_id": cls.company.id, "condition": "adopted", "points": 20, **values}
        )

    @classmethod
    def _rewards(cls, idea):
        return cls.env["sqms.reward"].search([("improvement_id", "=", idea.id)])

    @classmethod
    def _approve_reward(cls, reward, user=None):
        sign_step(reward, "approve", user or cls.top)
        return reward

    @classmethod
    def _points(cls, user):
        return sum(cls.env["sqms.reward.point"].search([("user_id", "=", user.id)]).mapped("points"))
