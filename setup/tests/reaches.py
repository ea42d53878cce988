"""What the files of an addon name of other addons: imports, models, XML ids, templates, assets.

Each reader yields `(line, name, addons)`: the name as written, and the addons that could be meant. A name
is in reach when one of them is the addon itself or, directly or not, in its manifest.
"""

import ast
import csv
import re
import sys

from lxml import etree

XML_ID = re.compile(r"!?([a-z][a-z0-9_]*)\.[A-Za-z0-9_\-]+")
DOTTED = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
FILE_NAME = re.compile(r"\.(csv|docx?|eml|gif|html?|ics|jpe?g|js|json|md|pdf|png|po|py|s?css|svg|txt|xlsx?|xml|zip)$")
ADDON_IMPORT = re.compile(r"\bodoo\.addons\.(\w+)")
SIBLING = re.compile(r"(?<![\w.])(sqms_[a-z]+)(?=[./,'\"]|$)")
STATIC = re.compile(r"(?<![\w.])/?([a-z]\w*)/static/")
PERCENT = re.compile(r"%\(([a-z]\w*)\.\w+\)d")
REF = re.compile(r"""\b(?:ref|has_group|user_has_groups|xmlid)\(\s*['"]([a-z]\w*)\.\w+['"]""")
TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|ON)\s+\"?([a-z]\w+)")
QUOTED = re.compile(r"""(['"`])([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)\1""")
JS_IMPORT = re.compile(r"""(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*["']@([\w-]+)(?:/|["'])""")
JS_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`\w])//[^\n]*", re.S)
TEMPLATE_ATTRIBUTES = {"groups", "t-groups", "t-call", "t-inherit", "t-snippet", "t-snippet-call", "t-call-assets"}
DATA_ATTRIBUTES = TEMPLATE_ATTRIBUTES | {"ref", "inherit_id", "parent", "action", "template"}
IDENTIFIED = {"record", "template", "menuitem", "delete", "act_window", "report"}
MODELLED = {"record", "function", "delete", "value"}
MODEL_FIELDS = {"model", "res_model", "relation", "binding_model", "rating_model"}
TEMPLATE_FIELDS = {"report_name", "report_file"}
# What every Odoo 19 brings along for Python.
ODOO_PACKAGES = {
    "babel", "chardet", "cryptography", "dateutil", "docutils", "gevent", "jinja2", "lxml", "magic", "markupsafe",
    "num2words", "odoo", "openpyxl", "OpenSSL", "passlib", "PIL", "polib", "psutil", "psycopg2", "pytz", "qrcode",
    "reportlab", "requests", "stdnum", "urllib3", "vobject", "werkzeug", "xlrd", "xlsxwriter", "zeep",
}  # fmt: skip
# What tests try when it happens to be installed, as it is when all addons are tested together.
TEST_NEIGHBOURS = {"auth_totp", "auth_totp_mail", "base_automation"}
TEST_PACKAGES = {"freezegun", "odoo_test_helper", "pypdf", "PyPDF2", "websocket"}


def sideways(addon, index):
    """One line for each name in the addon's files that its manifest does not cover."""
    reach = index.reach(addon.name)
    packages = ODOO_PACKAGES | sys.stdlib_module_names
    packages |= set(addon.manifest.get("external_dependencies", {}).get("python", ()))
    found = []
    for file in addon.files(".py", ".xml", ".csv", ".js", ".scss"):
        reader = READERS[file.rpartition(".")[2]]
        within = reach | TEST_NEIGHBOURS if file.startswith("tests/") else reach
        for line, name, addons in reader(addon.folder / file, index):
            if not within & set(addons):
                found.append(f"{addon.name}/{file}:{line}: {name} ({' or '.join(sorted(addons)) or 'unknown'})")
        if file.endswith(".py"):
            allowed = packages | TEST_PACKAGES if file.startswith("tests/") else packages
            found += [
                f"{addon.name}/{file}:{line}: Python package {name}"
                for line, name in packages_of(addon.folder / file)
                if name not in allowed
            ]
    return found


# -- what a text may mean ----------------------------------------------------------


def meanings(text, index):
    """A string that is a model, an XML id, or a list of groups."""
    if DOTTED.fullmatch(text) and text in index.models:
        yield text, index.models[text]
        return
    parts = [part.strip() for part in text.split(",")]
    matches = [XML_ID.fullmatch(part) for part in parts]
    if all(matches) and not FILE_NAME.search(text):
        for part, match in zip(parts, matches, strict=True):
            if match[1] in index.depends:
                yield part, {match[1]}


def inside(text, index):
    """Names inside an expression, an arch, a piece of code."""
    for pattern in (PERCENT, REF, STATIC, ADDON_IMPORT, SIBLING):
        for match in pattern.finditer(text):
            if pattern not in (STATIC, SIBLING) or match[1] in index.depends:
                yield match[0], {match[1]}
    for match in QUOTED.finditer(text):
        yield from meanings(match[2], index)


# -- Python ------------------------------------------------------------------------


def python(path, index):
    module = ast.parse(path.read_text())
    statements = [node.value for node in ast.walk(module) if isinstance(node, ast.Expr)]
    prose = {id(value) for value in statements if isinstance(value, ast.Constant)}
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield from ((node.lineno, name.name, {found}) for found in ADDON_IMPORT.findall(name.name))
        elif isinstance(node, ast.ImportFrom):
            yield from _import_from(node)
        elif isinstance(node, ast.Subscript | ast.Constant) and id(node) not in prose:
            yield from _python_string(node, index)


def _import_from(node):
    module = node.module or ""
    if node.level == 0 and module == "odoo.addons":
        yield from ((node.lineno, f"odoo.addons.{name.name}", {name.name}) for name in node.names)
    elif node.level == 0:
        yield from ((node.lineno, module, {found}) for found in ADDON_IMPORT.findall(module))


def _python_string(node, index):
    if isinstance(node, ast.Subscript):
        # env["x"], whether x is known or not
        name, owner = getattr(node.slice, "value", None), getattr(node.value, "attr", getattr(node.value, "id", ""))
        if owner == "env" and isinstance(name, str) and name not in index.models:
            yield node.lineno, f"env[{name!r}]", set()
    elif isinstance(node.value, str):
        text = node.value.strip()
        for name, addons in [*meanings(text, index), *inside(text, index), *_tables(text, index)]:
            yield node.lineno, name, addons


def _tables(text, index):
    """Tables of models in SQL."""
    for table in TABLE.findall(text):
        if table in index.tables:
            yield f"table {table}", index.models[index.tables[table]]


def packages_of(path):
    """Top-level packages that a file imports, with the lines."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name.partition(".")[0]) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.lineno, node.module.partition(".")[0]


# -- XML -----------------------------------------------------------------------------


def xml(path, index):
    attributes = TEMPLATE_ATTRIBUTES if "static" in path.parts else DATA_ATTRIBUTES
    for element in etree.parse(str(path)).iter(etree.Element):
        for attribute, value in element.attrib.items():
            if attribute in attributes or (attribute == "id" and element.tag in IDENTIFIED):
                for part in value.split(","):
                    match = XML_ID.fullmatch(part.strip())
                    if match:
                        yield element.sourceline, part.strip(), {match[1]}
            for name, addons in _attribute(element.tag, attribute, value, index):
                yield element.sourceline, name, addons
        for name, addons in _text(element, index):
            yield element.sourceline, name, addons


def _attribute(tag, attribute, value, index):
    if attribute == "model" and tag in MODELLED:
        yield value, index.models.get(value, set())
    elif attribute == "web_icon":
        yield value, {value.partition(",")[0]}
    yield from inside(value, index)


def _text(element, index):
    text, name = (element.text or "").strip(), element.get("name")
    if element.tag == "field" and name in MODEL_FIELDS and DOTTED.fullmatch(text):
        yield text, index.models.get(text, set())
    elif element.tag == "field" and name in TEMPLATE_FIELDS and "." in text:
        yield text, {text.partition(".")[0]}
    elif text in index.models and "." in text:
        yield text, index.models[text]
    yield from inside(text, index)


# -- CSV, JavaScript, SCSS --------------------------------------------------------------


def data_csv(path, index):
    model = path.stem.partition("-")[0]
    yield 1, model, index.models.get(model, set())
    with open(path, newline="", encoding="utf-8") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            for column, value in row.items():
                if column == "id" or column.endswith((":id", "/id")):
                    for part in (value or "").split(","):
                        match = XML_ID.fullmatch(part.strip())
                        if match:
                            yield line, part.strip(), {match[1]}


def javascript(path, index):
    text = JS_COMMENT.sub(lambda match: "\n" * match[0].count("\n"), path.read_text())
    for match in JS_IMPORT.finditer(text):
        if match[1] != "odoo":
            yield _line(text, match), f"@{match[1]}", {match[1]}
    for line, content in enumerate(text.splitlines(), start=1):
        for name, addons in inside(content, index):
            yield line, name, addons


def scss(path, index):
    text = JS_COMMENT.sub("", path.read_text())
    yield from ((0, name, addons) for name, addons in inside(text, index))


def _line(text, match):
    return text.count("\n", 0, match.start()) + 1


READERS = {"py": python, "xml": xml, "csv": data_csv, "js": javascript, "scss": scss}
