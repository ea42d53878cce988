from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .workflow_case import WorkflowCase


@tagged("post_install", "-at_install")
class TestEveryField(WorkflowCase):
    """Of all the fields of a locked record only the named ones can be changed, by an administrator as well."""

    def _another(self, order, field):
        if field.type in ("many2one", "one2many", "many2many"):
            other = self.env[field.comodel_name].search([], limit=1).ids
            return next(iter(other), 1) if field.type == "many2one" else [Command.set(other)]
        examples = {
            "integer": 7, "float": 7.5, "monetary": 7.5, "boolean": not order[field.name], "date": "2020-02-02",
            "datetime": "2020-02-02 02:02:02", "selection": "review", "reference": f"sqms.fake.order,{order.id}",
            "json": {"a": 1}, "binary": "AAAA",
        }  # fmt: skip
        return examples.get(field.type, "another")

    def test_only_the_named_ones(self):
        order = self._create_order("approved")
        administrator = order.with_user(self.env.ref("base.user_root"))
        named = {"remark", "note_ids"}
        # Chatter and activities go on; what Odoo itself fills in is none of the record's content.
        around = {"message_ids", "message_follower_ids", "message_partner_ids", "website_message_ids", "id",
                  "write_date", "write_uid", "create_date", "create_uid", "display_name"}  # fmt: skip
        tried = set()
        for name, field in order._fields.items():
            if name in around | named | set(order._workflow_always_open):
                continue
            with self.subTest(field=name), self.assertRaises(UserError), self.cr.savepoint():
                administrator.write({name: self._another(order, field)})
                self.env.flush_all()
            tried.add(name)
        self.assertGreaterEqual(tried, {"name", "amount", "twice", "unit_id", "tag_ids", "state", "line_ids"})
        for name in named:
            administrator.write({name: self._another(order, order._fields[name])})


@tagged("post_install", "-at_install")
class TestEveryWorkflow(TransactionCase):
    """Rules for the models of the suite, whichever addons are installed."""

    def _models(self):
        found = [
            model for model in self.env.registry.values() if hasattr(model, "_workflow_initial") and not model._abstract
        ]
        self.assertTrue(found)
        return found

    def _own(self, field):
        return bool(field._modules) and all(module.startswith("sqms_") for module in field._modules)

    def test_database_never_changes_a_record_behind_its_guards(self):
        """A foreign key that cascades or sets null acts without a method being called.

        The nearest clock is a pointer that the clocks keep; it says nothing of its own.
        """
        careless = [
            f"{model._name}.{name}: {field.ondelete}"
            for model in self._models()
            for name, field in model._fields.items()
            if field.type == "many2one" and field.store and self._own(field) and field.ondelete != "restrict"
            and name not in ("create_uid", "write_uid", "message_main_attachment_id", "clock_nearest_id")
        ]  # fmt: skip
        self.assertEqual(careless, [])

    def test_many_to_many_is_not_edited_from_the_other_side(self):
        inverse = []
        for model in self._models():
            for name, field in model._fields.items():
                if field.type == "many2many" and field.store and self._own(field) and model._workflow_locked:
                    sides = self.env.registry.many2many_relations[(field.relation, field.column2, field.column1)]
                    inverse += [f"{model._name}.{name} from {side}" for side in sides if side[0] != model._name]
        self.assertEqual(inverse, [])

    def test_steps_lead_somewhere(self):
        for model in self._models():
            field = model._fields[model._workflow_field]
            states = {key for key, _label in field._description_selection(self.env)} | {False}
            names = [step.name for step in model._workflow]
            with self.subTest(model=model._name):
                self.assertTrue(field.readonly, "forms, lists and imports would offer the state")
                self.assertEqual(len(names), len(set(names)))
                self.assertLessEqual(set(model._workflow_locked), states)
                for step in model._workflow:
                    self.assertLessEqual({*step.source, step.target}, states, step.name)
                    self.assertLessEqual(set(step.required), set(model._fields), step.name)
                    for group in filter(None, step.groups.split(",")):
                        self.assertTrue(self.env.ref(group, raise_if_not_found=False), group)
                reached = {*model._workflow_initial, *model._workflow_beyond}
                for _round in model._workflow:
                    reached |= {step.target for step in model._workflow if reached.intersection(step.source)}
                self.assertLessEqual(states - {False}, reached, "a state that no step leads to")
