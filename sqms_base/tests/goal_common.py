from odoo.tests import tagged

from .common import DocumentCase, sign_step


@tagged("post_install", "-at_install")
class GoalCase(DocumentCase):
    """People, two indicators and a process, for goals, requirements and promises."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_top = cls._create_user("top2", "sqms_base.group_sqms_top")
        cls.stranger = cls._create_user("stranger", "sqms_base.group_sqms_manager", cls.other_company)
        cls.env.user.company_ids |= cls.company | cls.other_company
        cls.in_time, cls.repeat = cls.env["sqms.indicator"].create(
            [
                {
                    "code": f"G-{number}",
                    "name": name,
                    "source": "maintenance.request:request_date",
                    "kind": "ratio",
                    "unit": "percent",
                    "direction": direction,
                    "company_id": cls.company.id,
                    "owner_id": cls.manager.id,
                }
                for number, (name, direction) in enumerate((("In time", "higher"), ("Done twice", "lower")))
            ]
        )
        cls.process = cls.env["sqms.process"].create({"code": "P1", "name": "Repair", "company_id": cls.company.id})

    @classmethod
    def _as(cls, model, user=None):
        return cls.env[model].with_user(user or cls.officer)

    @classmethod
    def _create_goal(cls, name="Be in time", user=None, targets=(), **values):
        return cls._as("sqms.goal", user).create(
            {
                "name": name,
                "target_ids": [
                    (0, 0, {"indicator_id": indicator.id, "baseline": baseline, "target": target})
                    for indicator, baseline, target in targets
                ],
                **values,
            }
        )

    @classmethod
    def _create_tree(cls):
        """A strategy and two objectives of 60 and 40, in draft."""
        strategy = cls._create_goal("Reliable", kind="strategy")
        one = cls._create_goal("In time", parent_id=strategy.id, weight=60, targets=[(cls.in_time, 80, 90)])
        two = cls._create_goal("Once", parent_id=strategy.id, weight=40, targets=[(cls.repeat, 10, 5)])
        return strategy, one, two

    @classmethod
    def _approve_all(cls, goals, user=None):
        goals.action_transition("submit")
        sign_step(goals, "approve", user or cls.top)
        return goals

    def _refused(self, refusal, words, attempt):
        with self.assertRaisesRegex(refusal, words), self.cr.savepoint():
            attempt()
            self.env.flush_all()
