import doctest
import importlib.util
import re
import tempfile
from pathlib import Path

from odoo.tests import TransactionCase, new_test_user, tagged

from .fake_models import FakeModelLoader

PAGE = Path(__file__).parents[1] / "readme" / "DEVELOP.md"
BLOCK = re.compile(r"^```(python|pycon)\n(.*?)^```$", re.M | re.S)


@tagged("post_install", "-at_install", "sqms_alone")
class TestDevelop(TransactionCase):
    """The page for developers is true: its classes are declared, its sessions are run."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loader = FakeModelLoader(cls.env, cls.__module__)
        cls.loader.backup_registry()
        blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
        cls.names = cls._load("\n".join(text for kind, text in blocks if kind == "python"))
        models = [value for value in cls.names.values() if getattr(value, "__module__", "") == cls.names["__name__"]]
        cls.addClassCleanup(cls.loader.restore_registry)
        cls.loader.update_registry(models)
        cls.models = models
        cls.sessions = [text for kind, text in blocks if kind == "pycon"]
        cls.env = cls.env(context=dict(cls.env.context, lang="en_US"))

    @classmethod
    def _load(cls, text):
        """The declarations as a module of this addon: Odoo takes the addon from the name of the module."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "page.py"
            path.write_text(text, encoding="utf-8")
            spec = importlib.util.spec_from_file_location(f"{cls.__module__}_page", path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        return vars(module)

    def test_every_session_runs_as_it_stands_there(self):
        self.assertGreater(len(self.models), 5)
        self.assertGreater(len(self.sessions), 2)
        names = {**self.names, "env": self.env, **self._people()}
        flags = doctest.ELLIPSIS
        report = []
        runner = doctest.DocTestRunner(optionflags=flags)
        test = doctest.DocTestParser().get_doctest("\n".join(self.sessions), names, PAGE.name, str(PAGE), 0)
        runner.run(test, out=report.append)
        self.assertFalse(runner.failures, "".join(report))

    def _people(self):
        """Whoever the sessions speak of; everybody may do with the examples what the guards allow."""
        for name in {model._name for model in self.models if model._name and model._name.startswith("sqms.example.")}:
            self.env["ir.model.access"].create(
                {
                    "name": name,
                    "model_id": self.env["ir.model"]._get_id(name),
                    "group_id": self.env.ref("base.group_user").id,
                    **dict.fromkeys(("perm_read", "perm_write", "perm_create", "perm_unlink"), True),
                }
            )
        manager = new_test_user(self.env, "sqms_develop", "sqms_base.group_sqms_manager")
        clerk = new_test_user(self.env, "sqms_clerk", "base.group_user")
        for user in (manager, clerk):
            self.env["hr.employee"].create({"name": user.name, "user_id": user.id})
        return {"manager": manager, "clerk": clerk}
