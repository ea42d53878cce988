from contextlib import suppress
from threading import Thread
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..lib.workflow_pass import passed, workflow_fields, workflow_import
from .fake_models import FakeModelLoader
from .workflow_case import WorkflowCase


@tagged("post_install", "-at_install")
class TestWorkflowWay(WorkflowCase):
    """The one way on."""

    def test_steps_lead_from_state_to_state(self):
        order = self._create_order()
        order.action_transition("submit")
        self.assertEqual(order.state, "review")
        order.with_user(self.manager).action_transition("approve")
        self.assertEqual((order.state, order.approved_by), ("approved", self.manager.name))
        self.assertEqual(order.action_transition("close"), {"type": "ir.actions.act_window_close"})
        self.assertEqual(order.state, "closed")

    def test_step_is_seen_in_the_chatter(self):
        order = self._create_order()
        self._flush_tracking()
        order.action_transition("submit")
        self._flush_tracking()
        tracked = order.message_ids.sudo().tracking_value_ids
        self.assertEqual((tracked.old_value_char, tracked.new_value_char), ("Draft", "Review"))

    def _flush_tracking(self):
        self.env.flush_all()
        self.cr.precommit.run()

    def test_unknown_step(self):
        order = self._create_order()
        for name in ("approve_all", "", None, "__class__", ["submit"], {"a": 1}):
            with self.assertRaisesRegex(UserError, "There is no step"):
                order.action_transition(name)

    def test_a_record_waits_for_others_unless_nobody_else_can_know_it(self):
        def waits(order, step):
            asked, execute = [], type(self.cr).execute
            with patch.object(type(self.cr), "execute", lambda cr, query, *args, **kwargs: (
                asked.append(getattr(query, "code", query)), execute(cr, query, *args, **kwargs)
            )[1]):  # fmt: skip
                order.action_transition(step)
            return any("FOR NO KEY UPDATE" in query for query in asked)

        order = self._create_order()
        self.assertFalse(waits(order, "submit"))
        self.cr.flush()
        self.assertTrue(waits(order.with_user(self.manager), "approve"), "the request that made it has ended")

    def test_step_from_the_wrong_state(self):
        order = self._create_order("approved")
        with self.assertRaisesRegex(UserError, "it is already “Approved”"):
            order.with_user(self.manager).action_transition("approve")

    def test_step_of_another_role(self):
        order = self._create_order("review")
        with self.assertRaisesRegex(AccessError, "not open to your role"):
            order.with_user(self.clerk).action_transition("approve")
        self.assertEqual([step["name"] for step in order.with_user(self.clerk).transitions()], ["back"])

    def test_step_of_the_system(self):
        order = self._create_order()
        with self.assertRaises(AccessError):
            order.with_user(self.manager).action_transition("expire")
        for user in (self.clerk, self.manager, self.env.ref("base.user_root")):
            self.assertEqual([step["name"] for step in order.with_user(user).transitions()], ["submit"])
        order.sudo().action_transition("expire")
        self.assertEqual(order.state, "closed")

    def test_something_is_missing(self):
        order = self._create_order(reason=False)
        with self.assertRaisesRegex(UserError, "please fill in Reason"):
            order.action_transition("submit")
        step = order.transitions()[0]
        self.assertEqual((step["allowed"], step["reason"]), (False, "please fill in Reason"))

    def test_all_reasons_are_told_at_once(self):
        orders = self._create_order("review", amount=2000) | self._create_order("review", amount=3000, name="Second")
        with self.assertRaises(UserError) as refused:
            orders.with_user(self.manager).action_transition("approve")
        self.assertEqual(str(refused.exception).count("the amount is too high"), 2)
        self.assertEqual(orders.mapped("state"), ["review", "review"])

    def test_many_at_once_cost_the_same_as_few(self):
        counts = []
        for size in (5, 10, 20):
            orders = self.orders.with_context(tracking_disable=True).create(
                [{"name": "Order", "reason": "x"} for _ in range(size)]
            )
            self.env.flush_all()
            before = self.cr.sql_log_count
            orders.action_transition("submit")
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2], counts)

    def test_reader_without_write_access_has_no_steps(self):
        access = self.env["ir.model.access"].search([("model_id", "=", self.model_id)])
        order = self._create_order()
        access.perm_write = False
        self.assertFalse(order.with_user(self.clerk).transitions())
        with self.assertRaises(AccessError):
            order.with_user(self.clerk).action_transition("submit")

    def test_no_record_no_step(self):
        self.assertIsNone(self.orders.action_transition("submit"))


@tagged("post_install", "-at_install")
class TestWorkflowGuards(WorkflowCase):
    """Every other way is refused."""

    def _refused(self, attempt, words="starts as|does not become"):
        with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
            attempt()
            self.env.flush_all()

    def test_create_in_a_later_state(self):
        for user in (self.clerk, self.manager, self.env.ref("base.user_root")):
            orders = self.orders.with_user(user)
            self._refused(lambda own=orders: own.create({"name": "a", "state": "approved"}))
            self._refused(lambda own=orders: own.with_context(default_state="approved").create({"name": "a"}))
            self._refused(lambda own=orders: own.create([{"name": "a"}, {"name": "b", "state": "review"}]))
            self._refused(lambda own=orders: own.web_save({"name": "a", "state": "approved"}, {}))
            self._refused(lambda own=orders: own.with_context(default_state="closed").name_create("b"))

    def test_default_stored_by_a_user(self):
        self.env["ir.default"].with_user(self.clerk).set("sqms.fake.order", "state", "approved", user_id=True)
        self._refused(lambda: self.orders.with_user(self.clerk).create({"name": "a"}))

    def test_import_of_a_file(self):
        result = self.orders.with_user(self.clerk).load(["name", "state"], [["a", "draft"], ["b", "approved"]])
        self.assertFalse(result["ids"])
        self.assertIn("starts as “Draft”", result["messages"][0]["message"])
        result = self.orders.with_user(self.clerk).load(["name", "state"], [["a", "draft"]])
        order = self.orders.browse(result["ids"])
        self.assertEqual(order.state, "draft")
        result = self.orders.with_user(self.clerk).load([".id", "state"], [[str(order.id), "closed"]])
        self.assertFalse(result["ids"])

    def test_write(self):
        order = self._create_order()
        hostile = {
            "sqms_workflow_pass": True, "workflow_import": True, "install_mode": True, "import_file": True,
            "default_state": "approved", "tracking_disable": True, "module": "sqms_base", "noupdate": True,
        }  # fmt: skip
        for user in (self.clerk, self.manager, self.env.ref("base.user_admin"), self.env.ref("base.user_root")):
            own = order.with_user(user).with_context(**hostile)
            self._refused(lambda own=own: own.write({"state": "approved"}))
            self._refused(lambda own=own: own.sudo().write({"state": "review", "reason": "x"}))
            self._refused(lambda own=own: own.web_save({"state": "approved"}, {}))
            self._refused(lambda own=own: own.update({"state": "approved"}))
            self._refused(lambda own=own: own.write({"state": False}))
        with self.assertRaisesRegex(UserError, "Please use the button “Submit”"):
            order.state = "review"
        with self.assertRaisesRegex(UserError, "no step leads there"):
            self._close(self._create_order("approved")).write({"state": "draft"})

    def _close(self, order):
        order.action_transition("close")
        return order

    def test_the_present_state_is_no_change(self):
        order = self._create_order("review")
        order.write({"state": "review", "amount": 5})
        self.assertEqual(order.amount, 5)
        closed = self._close(self._create_order("approved"))
        self.assertTrue(closed.write({"state": "closed"}))

    def test_low_level_writes(self):
        order = self._create_order()
        self._refused(lambda: order._write({"state": "approved"}))
        self._refused(lambda: order._write_multi([{"state": "approved"}]))
        self._refused(lambda: order._write_multi([{"approved_by": "me"}]), "filled in by the system")

        def behind_the_back():
            field = self.orders._fields["state"]
            field._update_cache(order, "approved", dirty=True)
            order.flush_recordset()

        self._refused(behind_the_back)
        order.invalidate_recordset()
        self.assertEqual(order.state, "draft")

    def test_swallowed_refusal_leaves_nothing_behind(self):
        order = self._create_order()
        with suppress(UserError):
            order.write({"state": "approved", "amount": 7})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((order.state, order.amount), ("draft", 0))

    def _run_server_action(self, order, **values):
        action = self.env["ir.actions.server"].create({"name": "Bend it", "model_id": self.model_id, **values})
        action.with_context(active_model="sqms.fake.order", active_id=order.id, active_ids=order.ids).run()
        self.env.flush_all()

    def test_server_action(self):
        order = self._create_order()
        for code in (
            "record.write({'state': 'approved'})",
            "record.sudo().write({'state': 'approved'})",
            "record._write({'state': 'approved'})",
            "record._write_multi([{'state': 'approved'}])",
            "env['sqms.fake.order'].create({'name': 'a', 'state': 'approved'})",
            "env['sqms.fake.order'].with_context(default_state='approved').create({'name': 'a'})",
        ):
            self._refused(lambda code=code: self._run_server_action(order, state="code", code=code))
        selection = self.env["ir.model.fields.selection"].search(
            [("field_id.model", "=", "sqms.fake.order"), ("value", "=", "approved")]
        )
        self._refused(
            lambda: self._run_server_action(
                order, state="object_write", update_path="state", selection_value=selection.id
            )
        )
        self.assertEqual(order.state, "draft")

    def test_rule_that_fires_inside_a_step_changes_nothing_locked(self):
        """As an automation rule does: a write from within the write of the step."""
        order = self._create_order("review").with_user(self.manager)
        original = type(order).write

        for hostile in ({"amount": 99}, {"state": "closed"}, {"state": "approved", "amount": 99}):

            def write(records, vals, hostile=hostile):
                result = original(records, vals)
                if "state" in vals and vals is not hostile:
                    original(records, hostile)
                return result

            self.patch(type(order), "write", write)
            with self.assertRaises(UserError), self.cr.savepoint():
                order.action_transition("approve")
        self.patch(type(order), "write", original)
        order.invalidate_recordset()
        order.action_transition("approve")
        self.assertEqual((order.state, order.amount), ("approved", 0))

    def test_managed_and_fixed_fields(self):
        words = "filled in by the system"
        order = self._create_order(origin="web")
        for user in (self.clerk, self.manager, self.env.ref("base.user_root")):
            own = order.with_user(user)
            self._refused(lambda own=own: own.write({"approved_by": "me"}), words)
            self._refused(lambda own=own: own.write({"origin": "mail"}), words)
            self._refused(lambda own=own: own.create({"name": "a", "approved_by": "me"}), words)
            self._refused(lambda own=own: own.with_context(default_approved_by="me").create({"name": "a"}), words)
        with workflow_fields(order, "approved_by"):
            order.approved_by = "the system"
            self._refused(lambda: order.write({"origin": "mail"}), words)
            self._refused(lambda: order.write({"state": "review"}))
        self._refused(lambda: order.write({"approved_by": "me"}), words)
        self.assertEqual(order.approved_by, "the system")

    def test_copy_starts_anew(self):
        copied = self._create_order("approved").copy()
        self.assertEqual((copied.state, copied.approved_by), ("draft", False))
        self._refused(lambda: self._create_order("approved").copy({"state": "approved"}))


@tagged("post_install", "-at_install")
class TestWorkflowLock(WorkflowCase):
    """What is approved stays as it is."""

    def test_only_the_named_fields_stay_open(self):
        order = self._create_order("approved")
        for user in (self.clerk, self.manager, self.env.ref("base.user_root")):
            own = order.with_user(user)
            for values in ({"name": "x"}, {"amount": 1}, {"reason": "x"}, {"unit_id": False},
                           {"tag_ids": [Command.clear()]}, {"remark": "x", "amount": 1}):  # fmt: skip
                with self.assertRaisesRegex(AccessError, "can no longer be changed"):
                    own.write(values)
            own.remark = f"still open to {user.login}"
        order.action_transition("close")
        with self.assertRaises(AccessError):
            order.remark = "x"

    def test_a_batch_with_one_locked_record_is_refused_whole(self):
        both = self._create_order() | self._create_order("approved")
        with self.assertRaises(AccessError):
            both.write({"amount": 3})
        self.assertEqual(both.mapped("amount"), [0, 0])

    def test_translations_are_locked_too(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        order = self._create_order("approved")
        with self.assertRaises(AccessError):
            order.update_field_translations("name", {"zh_CN": "订单"})
        with self.assertRaises(AccessError):
            order.with_context(lang="zh_CN").name = "订单"
        self.env.invalidate_all()
        self.assertEqual(order.with_context(lang="zh_CN").name, "Order")

    def test_locked_is_not_deleted(self):
        order = self._create_order("approved")
        for user in (self.clerk, self.env.ref("base.user_root")):
            with self.assertRaisesRegex(AccessError, "cannot be deleted"):
                order.with_user(user).unlink()
        with self.assertRaisesRegex(AccessError, "cannot be deleted"):
            order.with_user(self.clerk).with_context(_force_unlink=True).unlink()
        draft = self._create_order()
        draft.unlink()
        self.assertFalse(draft.exists())

    def test_recomputation_goes_on(self):
        unit = self.env["sqms.fake.unit"].create({"price": 2})
        order = self._create_order("approved", unit_id=unit.id)
        unit.price = 3
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(order.unit_price, 3)

    def test_messages_and_followers_go_on(self):
        order = self._create_order("approved")
        order.message_post(body="A question")
        order.message_subscribe(self.manager.partner_id.ids)
        self.assertIn("A question", order.message_ids[0].body)


@tagged("post_install", "-at_install")
class TestWorkflowImport(WorkflowCase):
    """Records that arrive in a later state."""

    def test_state_and_locked_fields_of_the_records_named(self):
        order = self._create_order()
        with workflow_import(order, "Taken over from <b>paper</b>"):
            order.write({"state": "closed", "approved_by": "Somebody, 2019", "amount": 5})
            order.amount = 6
        self.assertEqual((order.state, order.amount), ("closed", 6))
        self.assertIn("Taken over from &lt;b&gt;paper", order.message_ids[0].body)
        with self.assertRaises(AccessError):
            order.amount = 7

    def test_no_other_record(self):
        order, other = self._create_order(), self._create_order()
        with workflow_import(order, "Mine"):
            for records in (other, order | other):
                with self.assertRaises(UserError):
                    records.write({"state": "closed"})
            with self.assertRaises(UserError):
                self.orders.create({"name": "a", "state": "closed"})
        self.assertEqual(other.state, "draft")

    def test_pass_is_closed_when_something_goes_wrong(self):
        order = self._create_order()
        with self.assertRaises(ZeroDivisionError), workflow_import(order, "Broken"):
            raise ZeroDivisionError
        with self.assertRaises(UserError):
            order.state = "closed"

    def test_pass_is_not_seen_by_another_thread(self):
        order = self._create_order()
        seen = []
        with workflow_import(order, "Mine"):
            thread = Thread(target=lambda: seen.append(passed(order, ())))
            thread.start()
            thread.join()
            seen.append(passed(order, ()))
        self.assertEqual(seen, [False, True])

    def test_cannot_be_called_from_outside(self):
        for name in ("workflow_import", "open_pass", "workflow_fields"):
            self.assertFalse(hasattr(self.orders, name))

    def test_twice_the_records_same_number_of_queries(self):
        counts = []
        for size in (10, 20, 40):
            orders = self.orders.with_context(tracking_disable=True).create([{"name": "Order"} for _ in range(size)])
            self.env.flush_all()
            before = self.cr.sql_log_count
            with workflow_import(orders, "Taken over"):
                orders.write({"state": "closed"})
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2], counts)


@tagged("post_install", "-at_install")
class TestFakeModelLoader(WorkflowCase):
    def test_extension_of_a_model_is_taken_away(self):
        from .fake_extension import PartnerExtension

        loader = FakeModelLoader(self.env, self.__module__)
        loader.backup_registry()
        loader.update_registry([PartnerExtension])
        self.assertEqual(self.env["res.partner"].create({"name": "a", "x_fake_code": "7"}).x_fake_code, "7")
        loader.restore_registry()
        self.assertNotIn("x_fake_code", self.env["res.partner"]._fields)
        self.env.invalidate_all()
        self.assertTrue(self.env["res.partner"].search([], limit=1).name)
