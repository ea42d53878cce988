from odoo.tests import tagged

from .role_case import RoleCase


@tagged("post_install", "-at_install")
class TestRoles(RoleCase):
    own = (
        ("sqms.acknowledgement", "write"),
        ("sqms.action", "write"),
        ("sqms.action.extension", "create"),
        ("sqms.action.extension", "write"),
        ("sqms.risk.rating", "create"),
    )
    # Pausing a deadline asks for the right to write the clock; the others look things up.
    # Further attempts are granted by the owner of a document, who may be anybody; the form refuses all others.
    tools = (
        "sqms.clock.pause",
        "sqms.control.correct",
        "sqms.eligibility.who",
        "sqms.ledger.check",
        "sqms.ledger.check.line",
        "sqms.quiz.grant",
    )  # fmt: skip
    # Machinery of the ledger, what may be erased of a person, and failed passwords.
    closed_to_certifier = ("sqms.ledger.head", "sqms.ledger.value", "sqms.signature.failure")

    def test_the_ladder_of_the_design(self):
        officer, manager, top, certifier = (
            self.env.ref(f"sqms_base.group_sqms_{name}") for name in ("officer", "manager", "top", "certifier")
        )
        self.assertIn(officer, manager.all_implied_ids)
        internal = self.env.ref("base.group_user")
        for group in (officer, manager, top, certifier):
            self.assertIn(internal, group.all_implied_ids)
        self.assertFalse((top | certifier).all_implied_ids & (officer | manager))
        self.assertFalse((officer | manager).all_implied_ids & (top | certifier))
