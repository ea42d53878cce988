"""Which addon introduces which model and depends on what, read from the source without importing it."""

import ast
import functools
import json
import re
from pathlib import Path
from typing import NamedTuple

from house import odoo_source, paths, python_env

MENTION = re.compile(r"^\s+_(?:name|inherit)\b", re.M)


class Index(NamedTuple):
    depends: dict  # addon -> names in its manifest
    models: dict  # model -> addons that introduce it

    @property
    def tables(self):
        return _tables(tuple(self.models))

    def reach(self, addon):
        """What an addon may name: itself, what it depends on, and so on down to base."""
        seen, todo = set(), [addon, "base"]
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo += self.depends.get(name, ())
        return seen

    def extended(self, folder):
        """The same index with one more addon."""
        depends, models = _addon(folder)
        merged = {name: set(addons) for name, addons in self.models.items()}
        for name in models:
            merged.setdefault(name, set()).add(folder.name)
        return Index({**self.depends, folder.name: depends}, merged)


@functools.lru_cache(2)
def _tables(models):
    return {model.replace(".", "_"): model for model in models}


def here():
    """Odoo's addons and the OCA's (kept under .run, they do not change), and ours as they are now."""
    index = _cached(_foreign())
    for name in paths.ADDONS:
        index = index.extended(paths.ROOT / name)
    return index


def folders():
    """The folder of every addon by name."""
    own = [paths.ROOT / name for name in paths.ADDONS]
    return {folder.name: folder for folder in [*_foreign(), *own]}


def _foreign():
    site = python_env.site_packages()
    home = Path((site / "odoo-home.pth").read_text().strip())
    rooms = [home / "odoo" / "addons", *odoo_source.addons_paths(home), site / "odoo" / "addons"]
    return sorted(path.parent for room in rooms for path in room.glob("*/__manifest__.py"))


def _cached(addons):
    state = [f"{folder} {(folder / '__manifest__.py').stat().st_mtime_ns}" for folder in addons]
    cache = paths.RUN / f"addons-{paths.digest(Path(__file__), *state)}.json"
    if not cache.exists():
        index = functools.reduce(Index.extended, addons, Index({}, {}))
        for old in paths.RUN.glob("addons-*.json"):
            old.unlink(missing_ok=True)
        models = {model: sorted(owners) for model, owners in index.models.items()}
        cache.with_suffix(".new").write_text(json.dumps([index.depends, models]))
        cache.with_suffix(".new").replace(cache)
        return index
    return Index(*json.loads(cache.read_text()))


def _addon(folder):
    manifest = folder / "__manifest__.py"
    depends = ast.literal_eval(manifest.read_text()).get("depends", []) if manifest.exists() else []
    models = set()
    for path in folder.rglob("*.py"):
        text = path.read_text()
        if MENTION.search(text):
            models |= {model.name for model in model_classes(ast.parse(text)) if model.is_new}
    return depends, models


class Model(NamedTuple):
    name: str
    is_new: bool
    node: ast.ClassDef


def model_classes(module):
    """The model classes of a parsed file, named as Odoo 19 names them."""
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef):
            own = _strings(node, "_name")
            inherit = _strings(node, "_inherit")
            if own or inherit:
                name = own[0] if own else _name_without_name(node, inherit)
                yield Model(name, name not in inherit, node)


def _name_without_name(node, inherit):
    listed = any(isinstance(value, ast.List | ast.Tuple) for value in _values(node, "_inherit"))
    return re.sub(r"(?<=[^_])([A-Z])", r".\1", node.name).lower() if listed else inherit[0]


def _values(node, attribute):
    for line in node.body:
        if isinstance(line, ast.Assign) and attribute in [getattr(target, "id", None) for target in line.targets]:
            yield line.value


def _strings(node, attribute):
    return [
        part.value
        for value in _values(node, attribute)
        for part in ast.walk(value)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
