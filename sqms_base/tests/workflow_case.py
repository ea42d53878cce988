from odoo.tests import TransactionCase, new_test_user

from .fake_models import FakeModelLoader


class WorkflowCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loader = FakeModelLoader(cls.env, cls.__module__)
        cls.loader.backup_registry()
        from .fake_workflow import FakeOrder, FakeOrderLine, FakeOrderNote, FakeUnit

        cls.addClassCleanup(cls.loader.restore_registry)
        cls.loader.update_registry([FakeUnit, FakeOrderLine, FakeOrderNote, FakeOrder])
        cls.env = cls.env(context=dict(cls.env.context, lang="en_US"))
        cls.model_id = cls.env["ir.model"]._get_id("sqms.fake.order")
        for name in ("sqms.fake.order", "sqms.fake.order.line", "sqms.fake.order.note", "sqms.fake.unit"):
            cls.env["ir.model.access"].create(
                {
                    "name": name,
                    "model_id": cls.env["ir.model"]._get_id(name),
                    "group_id": cls.env.ref("base.group_user").id,
                    **dict.fromkeys(("perm_read", "perm_write", "perm_create", "perm_unlink"), True),
                }
            )
        cls.clerk = new_test_user(cls.env, "sqms_clerk", "base.group_user")
        cls.manager = new_test_user(cls.env, "sqms_boss", "sqms_base.group_sqms_manager")
        cls.orders = cls.env["sqms.fake.order"]

    @classmethod
    def _create_order(cls, state="draft", user=None, **values):
        order = cls.orders.with_user(user or cls.clerk).create({"name": "Order", "reason": "needed", **values})
        steps = {"draft": (), "review": ("submit",), "approved": ("submit", "approve")}
        for step in steps[state]:
            order.with_user(cls.manager).action_transition(step)
        order.invalidate_recordset()
        return order
