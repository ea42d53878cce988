from odoo.fields import Command
from odoo.tests import tagged

from .common import sign_step
from .goal_common import GoalCase

MINUTES = "<p>Figures were discussed.</p>"


@tagged("post_install", "-at_install")
class ReviewCase(GoalCase):
    """A company that holds management reviews; it is noon of 23 November 2026 in Shanghai."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guest = cls._create_user("guest", "base.group_user")

    @classmethod
    def _create_review(cls, user=None, decisions=("More vans",), **values):
        return (
            cls.env["sqms.review"]
            .with_user(user or cls.officer)
            .create(
                {
                    "name": "Half-year",
                    "date_from": "2026-05-01",
                    "date_to": "2026-10-31",
                    "date": "2026-11-20",
                    "chair_id": cls.top.id,
                    "participant_ids": [Command.set((cls.top | cls.plain).ids)],
                    "decision_ids": [Command.create(cls._decision(name)) for name in decisions],
                    **values,
                }
            )
        )

    @classmethod
    def _decision(cls, name, **values):
        return {"name": name, "kind": "resources", "owner_id": cls.manager.id, "date_due": "2026-12-31", **values}

    @classmethod
    def _prepare(cls, review=None, **values):
        review = review or cls._create_review(**values)
        review.with_user(cls.officer).action_transition("prepare")
        return review

    @classmethod
    def _hold(cls, review=None, **values):
        review = review or cls._prepare(**values)
        held = review.with_user(cls.top)
        held.write({"present_ids": [Command.set(cls.top.ids)], "minutes": MINUTES})
        held.action_transition("hold")
        return review

    @classmethod
    def _close(cls, review=None, user=None, **values):
        review = review or cls._hold(**values)
        sign_step(review, "close", user or cls.top)
        return review
