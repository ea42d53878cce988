from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .workflow_case import WorkflowCase

MAIL = """From: Customer <customer@example.com>
To: {to}
Subject: {subject}
Message-Id: <{subject}@example.com>
{headers}Content-Type: text/plain

Please close it.
"""


@tagged("post_install", "-at_install")
class TestWorkflowMail(WorkflowCase):
    """A mail moves nothing, is not lost, and leaves its alias in service."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create({"name": "workflow.example.com"})

    def _create_alias(self, defaults):
        return self.env["mail.alias"].create(
            {
                "alias_name": "orders",
                "alias_domain_id": self.domain.id,
                "alias_model_id": self.model_id,
                "alias_defaults": repr(defaults),
            }
        )

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def _receive(self, subject, to="orders@workflow.example.com", headers=""):
        mail = MAIL.format(to=to, subject=subject, headers=headers)
        thread = self.env["mail.thread"].with_context(mail_create_nosubscribe=True).message_process(False, mail)
        return self.orders.browse(thread)

    def test_alias_cannot_name_a_later_state(self):
        for defaults in ({"state": "approved"}, {"approved_by": "me"}, {"name": "a", "state": "closed"}):
            with self.assertRaisesRegex(ValidationError, "only its own steps do"), self.cr.savepoint():
                self._create_alias(defaults)
        alias = self._create_alias({"state": "draft", "reason": "by mail"})
        with self.assertRaises(ValidationError):
            alias.alias_defaults = repr({"state": "review"})

    def test_old_alias_with_a_later_state(self):
        """As it stood there before the suite was installed."""
        alias = self._create_alias({"reason": "by mail"})
        self.env.flush_all()
        self.cr.execute(
            "UPDATE mail_alias SET alias_defaults = %s WHERE id = %s",
            [repr({"reason": "by mail", "state": "approved", "approved_by": "me"}), alias.id],
        )
        self.env.invalidate_all()
        order = self._receive("first")
        self.assertEqual((order.state, order.approved_by, order.reason), ("draft", False, "by mail"))
        self.assertIn("a mail does not change it", order.message_ids.mapped("body")[-1] + order.message_ids[0].body)
        self.assertNotEqual(alias.alias_status, "invalid")

    def test_answer_to_a_locked_record(self):
        order = self._create_order("approved")
        hostile = {"state": "closed", "amount": 9, "remark": "still open"}
        order.message_update({"body": "x"}, dict(hostile))
        self.assertEqual((order.state, order.amount, order.remark), ("approved", 0, "still open"))
        self.assertIn("State", order.message_ids[0].body)
        draft = self._create_order()
        draft.message_update({"body": "x"}, {"state": "review", "amount": 3, "approved_by": "me", "origin": "mail"})
        self.assertEqual((draft.state, draft.amount, draft.approved_by, draft.origin), ("draft", 3, False, False))
