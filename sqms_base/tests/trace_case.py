from odoo.tests import TransactionCase, new_test_user

from .fake_models import FakeModelLoader


def load_fakes(cls):
    """The fake story in the registry of a test class, open to every employee."""
    cls.loader = FakeModelLoader(cls.env, cls.__module__)
    cls.loader.backup_registry()
    from .fake_trace import MODELS

    cls.addClassCleanup(cls.loader.restore_registry)
    cls.loader.update_registry(MODELS)
    cls.env = cls.env(context=dict(cls.env.context, lang="en_US", tracking_disable=True))
    concrete = [model._name for model in MODELS if not cls.env[model._name]._abstract]
    cls.env["ir.model.access"].create(
        [
            {
                "name": name,
                "model_id": cls.env["ir.model"]._get_id(name),
                "group_id": cls.env.ref("base.group_user").id,
                **dict.fromkeys(("perm_read", "perm_write", "perm_create", "perm_unlink"), True),
            }
            for name in concrete
        ]
    )


class TraceCase(TransactionCase):
    """A clerk, and the story of a double charge: complaint, nonconformity, cause, action, training, evaluation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        load_fakes(cls)
        cls.company = cls.env["res.company"].create({"name": "Qinghe"})
        cls.other_company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.clerk = new_test_user(
            cls.env, "sqms_trace_clerk", "base.group_user",
            company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
        )  # fmt: skip

    @classmethod
    def _make(cls, name, title="", **values):
        return cls.env[f"sqms.fake.{name}"].create({"title": title, **values})

    @classmethod
    def _story(cls):
        """A chain with one record of each kind; the names say which."""
        story = {"complaint": cls._make("complaint", "Charged twice", number="C/2026/0107", day="2026-02-12")}
        story["nc"] = cls._make(
            "nc", "Card retried", number="NC/2026/0031", day="2026-02-20",
            res_model="sqms.fake.complaint", res_id=story["complaint"].id,
        )  # fmt: skip
        story["cause"] = cls._make("cause", "No check", nc_id=story["nc"].id, day="2026-03-06")
        story["action"] = cls._make("action", "Check step", cause_id=story["cause"].id, day="2026-05-13")
        story["plan"] = cls.env["sqms.fake.plan"].create({"action_id": story["action"].id})
        story["training"] = cls._make("training", "Refunds", plan_id=story["plan"].id)
        story["evaluation"] = cls._make("evaluation", "Adjusted +0.6", training_id=story["training"].id)
        return story

    def _trace(self, record, depth=None, user=None):
        record = record.with_user(user or self.clerk)
        self.env.flush_all()
        self.env.invalidate_all()
        return record.trace(depth)

    @staticmethod
    def _titles(graph):
        return {node["title"] for node in graph["nodes"]}

    @staticmethod
    def _lines(graph):
        """Edges by the titles of their ends."""
        title = {node["id"]: node["title"] for node in graph["nodes"]}
        return {(title[edge["source"]], title[edge["target"]]) for edge in graph["edges"]}

    def _forbid(self, records):
        """The clerk may not read these any more."""
        self.env["ir.rule"].create(
            {
                "name": f"hidden {records._name}",
                "model_id": self.env["ir.model"]._get_id(records._name),
                "domain_force": [("id", "not in", records.ids)],
            }
        )
