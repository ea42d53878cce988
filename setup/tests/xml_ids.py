"""XML ids that Python asks for by name, and those that data files define."""

import ast
import csv
import functools
import re

from reaches import XML_ID

ASKING = {"ref", "has_group", "has_groups", "_for_xml_id", "_render_template", "render", "_xmlid_to_res_id"}
ASKING_KEYWORDS = {"groups", "xml_id", "xmlid"}
DEFINED = re.compile(
    r"<(?:record|template|menuitem|act_window|report|asset|url)\b[^>]*?\bid=[\"']([\w.\-]+)[\"']", re.S
)
# Odoo makes these by itself, for every model, field, choice, constraint and module.
MADE_BY_ODOO = re.compile(r"(model|field|selection|constraint|module|access)_")


def asked(path):
    """`(line, XML id)` of the names that a Python file looks up; a wrong group is silently never had."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            function = getattr(node.func, "attr", getattr(node.func, "id", ""))
            values = [keyword.value for keyword in node.keywords if keyword.arg in ASKING_KEYWORDS]
            values += node.args[:1] if function in ASKING else []
            for value in values:
                yield from ((node.lineno, part) for part in _parts(value))


def _parts(value):
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        for part in value.value.split(","):
            match = XML_ID.fullmatch(part.strip())
            if match:
                yield part.strip().lstrip("!")


@functools.cache
def defined(folder):
    """The XML ids that an addon's files define, with the addon's name."""
    found = set()
    for path in folder.rglob("*.xml"):
        if "static" not in path.relative_to(folder).parts:
            found |= set(DEFINED.findall(path.read_text()))
    for path in folder.rglob("*.csv"):
        with open(path, newline="", encoding="utf-8", errors="replace") as file:
            found |= {row["id"] for row in csv.DictReader(file) if row.get("id")}
    return {name if "." in name else f"{folder.name}.{name}" for name in found}


def missing(addon, folders):
    """One line for each XML id that the addon's code asks for and nobody defines."""
    found = []
    for file in addon.files(".py"):
        for line, name in asked(addon.folder / file):
            owner, _, own = name.partition(".")
            homes = [folders[home] for home in (owner, addon.name) if home in folders]
            if not MADE_BY_ODOO.match(own) and not any(name in defined(home) for home in homes):
                found.append(f"{addon.name}/{file}:{line}: {name}")
    return found
