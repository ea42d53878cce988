"""The examples in the docstrings of `sqms_*/lib/*.py`, run without Odoo and without a database."""

import doctest
import importlib
import inspect
import re
import sys
import types

import pytest
import suite

from house import paths

FILES = [name for name in suite.tree() if name.startswith("sqms_") and "/lib/" in name and name.endswith(".py")]


def load(name):
    """A file of a `lib/` as a module of a package of its own, so that its neighbours are found but Odoo is not."""
    addon, _, file = name.partition("/lib/")
    package = f"{addon}_lib"
    if package not in sys.modules:
        sys.modules[package] = types.ModuleType(package)
        sys.modules[package].__path__ = [str(paths.ROOT / addon / "lib")]
    # What the base has for all addons is found as well, without the addon itself.
    base = "odoo.addons.sqms_base"
    if addon != "sqms_base" and base not in sys.modules:
        sys.modules[base] = types.ModuleType(base)
        sys.modules[base].__path__ = [str(paths.ROOT / "sqms_base")]
    return importlib.import_module(f"{package}.{file[:-3].replace('/', '.')}")


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith("__init__.py")])
def test_examples_hold(name):
    module = load(name)
    outcome = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert not outcome.failed
    functions = [value for key, value in vars(module).items() if inspect.isfunction(value) and key[0] != "_"]
    own = [function for function in functions if function.__module__ == module.__name__]
    assert outcome.attempted or not own or _tested(name), f"{name} shows no example, and no test names it"


def _tested(name):
    addon, _, file = name.partition("/lib/")
    tests = [test for test in suite.tree() if test.startswith(f"{addon}/tests/test_")]
    named = re.compile(rf"\blib\b.*\b{file[:-3]}\b")
    return any(named.search((paths.ROOT / test).read_text()) for test in tests)
