"""Fake models for tests, with the interface of odoo-test-helper's `FakeModelLoader`.

The released odoo-test-helper (2.1.3) cannot be imported on Odoo 19: it reaches for
`MetaModel.module_to_models`, which is gone. This bridge keeps its interface, so that the tests need one
changed import the day a release works:

    cls.loader = FakeModelLoader(cls.env, cls.__module__)
    cls.loader.backup_registry()
    from .fake_workflow import FakeOrder  # in here: a class statement is already a registration
    cls.loader.update_registry([FakeOrder])
    cls.addClassCleanup(cls.loader.restore_registry)
"""

from odoo.orm.model_classes import add_to_registry


class FakeModelLoader:
    """Add model classes to the registry for the time of a test class.

    1. New models get their table, extended ones their columns; the rollback of the test takes both away.
    2. Afterwards the registry is what it was: an extension left behind would ask for a missing column.
    """

    def __init__(self, env, module):
        self.env = env
        self.registry = env.registry
        self.module = module
        self._saved = {}
        self._names = []

    def backup_registry(self):
        self._saved = {name: model._base_classes__ for name, model in self.registry.items()}

    def update_registry(self, model_classes):
        self.env.flush_all()
        for model_class in model_classes:
            add_to_registry(self.registry, model_class)
            if model_class._name not in self._names:
                self._names.append(model_class._name)
        self.registry._setup_models__(self.env.cr, self._names)
        self.registry.init_models(self.env.cr, self._names, {"models_to_check": True})

    def restore_registry(self):
        kept = [name for name in self._names if name in self._saved]
        for name in self._names:
            if name in kept:
                self.registry[name]._base_classes__ = self._saved[name]
            else:
                del self.registry[name]
        self.registry._setup_models__(self.env.cr, kept)
        self._names = []
