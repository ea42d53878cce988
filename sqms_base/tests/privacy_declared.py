"""What holds of the personal fields of every addon of the suite; each addon lists what says nothing of a person."""

from odoo.tests import TransactionCase

from ..lib import privacy

SAYING = ("char", "text", "html", "json", "properties")


class PrivacyDeclaredCase(TransactionCase):
    """Whatever holds words or names of a person says what becomes of them, or is listed with the reason why not."""

    allow_inherited_tests_method = True
    # Why, and which models.
    says_nothing = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addon = cls.__module__.split(".")[2]

    def _own_fields(self):
        """`{model: fields}` that this addon has made, which may hold words, and contacts that they link to."""
        found = {}
        for name, model in self.env.registry.items():
            if model._abstract or model._transient or not model._auto or name.startswith("sqms.fake."):
                continue
            for field in model._fields.values():
                own = model._original_module == self.addon or self.addon in (field._modules or ())
                inherited = field.name in models_of_odoo(model)
                says = field.type in SAYING or field.comodel_name == "res.partner" and field.type != "one2many"
                if own and says and field.store and not inherited:
                    found.setdefault(name, set()).add(field.name)
        return found

    def _undeclared(self):
        return {
            name: sorted(fields - set(self.env["sqms.privacy"]._declared(name)) - TECHNICAL)
            for name, fields in self._own_fields().items()
        }

    def test_every_model_says_what_becomes_of_a_person_in_it(self):
        listed = [name for models in self.says_nothing.values() for name in models]
        self.assertEqual(len(listed), len(set(listed)))
        undeclared = {name: fields for name, fields in self._undeclared().items() if fields}
        self.assertEqual({name: fields for name, fields in undeclared.items() if name not in listed}, {})
        self.assertEqual([name for name in listed if name not in undeclared], [], "listed for nothing")

    def test_what_is_declared_is_there_and_can_be_done(self):
        catalog = self.env["sqms.privacy"]._catalog()
        for name in self._own_fields():
            for field_name, treatment in self.env["sqms.privacy"]._declared(name).items():
                field = self.env[name]._fields.get(field_name)
                if field is None:
                    continue  # of a part that is not installed
                self.assertIn(treatment, privacy.TREATMENTS, f"{name}.{field_name}")
                if treatment != privacy.KEEP and field.store and field.type not in ("binary", "image"):
                    self.assertIn(field_name, catalog.get(name, {}), name)

    def test_every_kind_with_an_end_has_its_fields(self):
        for name in self.env["sqms.retention"]._kinds():
            retention, fields = self.env[name]._retention, self.env[name]._fields
            self.assertIn(fields[retention.event].type, ("date", "datetime"), name)
            self.assertEqual((fields[retention.due].type, fields[retention.erased].type), ("date", "datetime"), name)
            self.assertTrue(fields[retention.due].index, name)
            for condition in retention.filters:
                self.assertIn(condition, fields, name)


# Codes, digests and names of models.
TECHNICAL = {
    "number", "res_model", "code", "digest", "domain", "numerator_domain", "model", "date_field", "parent_path", "hash",
    "file_name", "number_key", "activity_exception_icon", "message_main_attachment_id",
}  # fmt: skip


def models_of_odoo(model):
    return {"my_activity_date_deadline", "duration_tracking"} & set(model._fields)
