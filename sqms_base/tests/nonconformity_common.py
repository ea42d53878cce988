from odoo.tests import tagged

from .action_common import ActionCase
from .common import sign_step


@tagged("post_install", "-at_install")
class NonconformityCase(ActionCase):
    """A reporter (plain), an owner (officer), doers, verifiers and two managers who had nothing to do with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind, cls.other_kind = cls.env["sqms.cause.type"].create(
            [{"name": name, "category": "method"} for name in ("Test kind one", "Test kind two")]
        )
        cls.process, cls.other_process = cls.env["sqms.process"].create(
            [{"code": code, "name": code, "company_id": cls.company.id} for code in ("P1", "P2")]
        )

    @classmethod
    def _create_nc(cls, name="Charged twice", user=None, **values):
        return (
            cls.env["sqms.nonconformity"]
            .with_user(user or cls.plain)
            .create({"name": name, "process_id": cls.process.id, "owner_id": cls.officer.id, **values})
            .with_user(cls.officer)
        )

    @classmethod
    def _create_cause(cls, nc, **values):
        return (
            cls.env["sqms.cause"]
            .with_user(cls.officer)
            .create(
                {
                    "nonconformity_id": nc.id, "name": "P-014 is older than the terminals", "verdict": "root",
                    "evidence": "Edition 3 is of 2019", "type_id": cls.kind.id, **values,
                }
            )
        )  # fmt: skip

    @classmethod
    def _to_cause(cls, nc):
        nc.write({"containment": "Terminals set back", "disposition": "refund"})
        nc.action_transition("contain")
        nc.action_transition("analyse")
        return nc

    @classmethod
    def _to_action(cls, nc):
        cls._to_cause(nc)
        cause = cls._create_cause(nc)
        nc.action_transition("propose_cause")
        return cause

    @classmethod
    def _to_effective(cls, nc):
        """(cause, corrective action, correction) of a nonconformity that only a manager still has to close."""
        cause = cls._to_action(nc)
        lasting = cls._create_lasting(nonconformity_id=nc.id, check_days=0)
        correction = cls._create_action(nonconformity_id=nc.id)
        nc.write({"similar_cases": "None in the other shops", "system_changes": "Risk 4 rated anew"})
        for action in (correction, lasting):
            cls._verify(action, cls.second_officer)
        cls._judge(lasting)
        return cause, lasting, correction

    @classmethod
    def _judge(cls, action, step="effective"):
        checker = action.with_user(cls.second_officer)
        checker.effect_result = "Counted for 30 days"
        checker.action_transition(step)

    @classmethod
    def _closed(cls, **values):
        nc = cls._create_nc(**values)
        story = cls._to_effective(nc)
        sign_step(nc, "close", cls.manager)
        return nc, *story
