from odoo.exceptions import UserError
from odoo.tests import tagged

from .workflow_case import WorkflowCase


@tagged("post_install", "-at_install")
class TestWorkflowAutomation(WorkflowCase):
    """Automation rules are refused as people are, inside a step and outside; needs Automation Rules installed."""

    def setUp(self):
        super().setUp()
        if "base.automation" not in self.env:
            self.skipTest("Automation Rules are not installed")

    def _create_rule(self, trigger, **values):
        rule = self.env["base.automation"].create(
            {"name": "Bend it", "model_id": self.model_id, "trigger": trigger, **values}
        )
        rule.action_server_ids = self.env["ir.actions.server"].create(
            {
                "name": "Approve at once",
                "model_id": self.model_id,
                "base_automation_id": rule.id,
                "usage": "base_automation",
                "state": "code",
                "code": "record.write({'state': 'approved'})",
            }
        )
        return rule

    def test_rule_on_write_and_on_creation(self):
        order = self._create_order()
        self._create_rule("on_create_or_write")
        with self.assertRaisesRegex(UserError, "does not become “Approved”"), self.cr.savepoint():
            order.amount = 3
            self.env.flush_all()
        with self.assertRaisesRegex(UserError, "does not become “Approved”"), self.cr.savepoint():
            self._create_order()
        order.invalidate_recordset()
        self.assertEqual((order.state, order.amount), ("draft", 0))

    def test_rule_inside_a_step_fails_the_step_with_its_name(self):
        order = self._create_order()
        self._create_rule(
            "on_state_set",
            trg_selection_field_id=self.env["ir.model.fields.selection"]
            .search([("field_id.model", "=", "sqms.fake.order"), ("value", "=", "review")])
            .id,
        )
        with self.assertRaisesRegex(UserError, "Order does not become “Approved”"), self.cr.savepoint():
            order.action_transition("submit")
        order.invalidate_recordset()
        self.assertEqual(order.state, "draft")
