from datetime import date, timedelta

from odoo.tests import tagged

from .common import DocumentCase, sign_step

TODAY = date(2026, 11, 23)


@tagged("post_install", "-at_install")
class ActionCase(DocumentCase):
    """People, a nonconformity with two causes, and an indicator; it is noon of 23 November 2026 in Shanghai."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_officer = cls._create_user("officer2", "sqms_base.group_sqms_officer")
        cls.doer = cls._create_user("doer", "base.group_user")
        cls.stranger = cls._create_user("stranger", "sqms_base.group_sqms_manager", cls.other_company)
        cls.indicator = cls.env["sqms.indicator"].create(
            {
                "code": "DC", "name": "Double charges", "source": "maintenance.request:request_date",
                "kind": "ratio", "unit": "per_thousand", "direction": "lower", "company_id": cls.company.id,
            }
        )  # fmt: skip
        cls.nonconformity = cls._create_nonconformity("Charged twice")
        cls.cause, cls.second_cause = cls.env["sqms.cause"].create(
            [{"nonconformity_id": cls.nonconformity.id, "name": name} for name in ("No shop test", "Old procedure")]
        )

    @classmethod
    def _create_nonconformity(cls, name, **values):
        return cls.env["sqms.nonconformity"].create({"name": name, "company_id": cls.company.id, **values})

    @classmethod
    def _create_action(cls, name="Set the terminals back", user=None, **values):
        return (
            cls.env["sqms.action"]
            .with_user(user or cls.officer)
            .create(
                {
                    "name": name,
                    "kind": "correction",
                    "company_id": cls.company.id,
                    "owner_id": cls.doer.id,
                    "date_due": TODAY + timedelta(days=5),
                    **values,
                }
            )
        )

    @classmethod
    def _create_lasting(cls, name="Read the log first", **values):
        return cls._create_action(
            name, **{"kind": "corrective", "criterion_kind": "text", "criterion_text": "No repeat", **values}
        )

    @classmethod
    def _create_measured(cls, **values):
        return cls._create_lasting(
            **{
                "criterion_kind": "indicator", "criterion_text": False, "indicator_id": cls.indicator.id,
                "baseline_value": 2.4, "min_effect": 2.3, **values,
            }
        )  # fmt: skip

    @classmethod
    def _do(cls, action, evidence="Receipts", user=None):
        """Start it if need be, write the evidence and report it done, as its owner."""
        mine = action.with_user(user or action.owner_id)
        if mine.state == "planned":
            mine.action_transition("start")
        mine.evidence = evidence
        mine.action_transition("finish")
        return action

    @classmethod
    def _verify(cls, action, user=None):
        if action.state in ("planned", "started"):
            cls._do(action)
        sign_step(action, "verify", user or cls.manager)
        return action

    def _refused(self, refusal, words, attempt):
        with self.assertRaisesRegex(refusal, words), self.cr.savepoint():
            attempt()
            self.env.flush_all()
