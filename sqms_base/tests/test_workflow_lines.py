from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..lib.workflow_pass import workflow_fields
from .workflow_case import WorkflowCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestWorkflowLines(WorkflowCase):
    """Lines are as closed as the record they belong to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lines = cls.env["sqms.fake.order.line"]
        cls.notes = cls.env["sqms.fake.order.note"]

    def _create_locked(self):
        order = self._create_order()
        self.lines.create({"name": "Line", "order_id": order.id})
        self.notes.create({"name": "Note", "order_id": order.id})
        for step in ("submit", "approve"):
            order.with_user(self.manager).action_transition(step)
        return order

    def _refused(self, attempt, words="can no longer be changed"):
        with self.assertRaisesRegex(AccessError, words), self.cr.savepoint():
            attempt()
            self.env.flush_all()

    def test_lines_of_a_draft_are_open(self):
        order = self._create_order()
        line = self.lines.with_user(self.clerk).create({"name": "Line", "order_id": order.id})
        line.name = "Other"
        order.write({"line_ids": [Command.create({"name": "Second"}), Command.delete(line.id)]})
        self.assertEqual(order.line_ids.mapped("name"), ["Second"])

    def test_lines_of_a_locked_record_are_closed_to_everybody(self):
        order, draft = self._create_locked(), self._create_order()
        mine = self.lines.create({"name": "Mine", "order_id": draft.id})
        for user in (self.clerk, self.manager, self.env.ref("base.user_admin"), self.env.ref("base.user_root")):
            lines = self.lines.with_user(user)
            line = order.line_ids.with_user(user)
            self._refused(lambda own=lines: own.create({"name": "x", "order_id": order.id}))
            self._refused(lambda own=lines: own.with_context(default_order_id=order.id).create({"name": "x"}))
            self._refused(lambda own=lines: own.with_context(default_order_id=order.id).name_create("x"))
            self._refused(lambda own=line: own.write({"name": "x"}))
            self._refused(lambda own=line: own.web_save({"name": "x"}, {}))
            self._refused(lambda own=line: own.write({"order_id": draft.id}))
            self._refused(lambda own=line: own.unlink())
            if not user._is_superuser():  # the uninstaller itself, which sends this key
                self._refused(lambda own=line: own.with_context(_force_unlink=True).unlink())
            self._refused(lambda own=line: own.copy())
            self._refused(lambda own=mine.with_user(user): own.write({"order_id": order.id}))
            for command in (Command.clear(), Command.create({"name": "x"}), Command.link(mine.id)):
                self._refused(lambda own=order.with_user(user), c=command: own.write({"line_ids": [c]}))
        loaded = self.lines.with_user(self.clerk).load(["name", "order_id/.id"], [["x", str(order.id)]])
        self.assertFalse(loaded["ids"])
        self.assertEqual(order.line_ids.mapped("name"), ["Line"])

    def test_translations_of_a_line_are_closed(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        line = self._create_locked().line_ids
        self._refused(lambda: line.update_field_translations("name", {"zh_CN": "行"}))
        self._refused(lambda: line.with_context(lang="zh_CN").write({"name": "行"}), "Approved")

    def test_lines_that_the_state_leaves_open(self):
        order = self._create_locked()
        order.note_ids.name = "Read again"
        self.notes.with_user(self.clerk).create({"name": "Second", "order_id": order.id})
        self.assertEqual(order.note_ids.mapped("name"), ["Read again", "Second"])
        order.with_user(self.manager).action_transition("close")
        self._refused(lambda: order.note_ids.write({"name": "x"}))

    def test_a_step_writes_lines_of_a_locked_record(self):
        order = self._create_locked()
        with workflow_fields(order, "line_ids"):
            self.lines.create({"name": "By the system", "order_id": order.id})
            self._refused(lambda: order.write({"amount": 3}))
        self.assertEqual(order.line_ids.mapped("name"), ["Line", "By the system"])
        self._refused(lambda: order.line_ids.unlink())

    def test_twice_the_lines_same_number_of_queries(self):
        counts = []
        for size in (10, 20, 40):
            order = self._create_order()
            lines = self.lines.create([{"name": "Line", "order_id": order.id} for _ in range(size)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            lines.write({"name": "Other"})
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2], counts)
