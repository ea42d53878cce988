"""Every addon has the usual rooms and nothing else; no file is bound to one machine or to an older Odoo."""

import ast
import re
import struct

import odoo_index
import pytest
import suite
from lxml import etree

from house import paths

DEPENDS = {
    "sqms_base": {"mail", "portal", "hr", "maintenance", "gamification", "survey"},
    "sqms_complaint": {"sqms_base", "helpdesk_mgmt"},
    "sqms_audit": {"sqms_base", "calendar"},
    "sqms_training": {"sqms_base", "hr_skills"},
    "sqms_kpi": {"sqms_base"},
}
REQUIRED = {"name", "summary", "version", "category", "license", "author", "website", "depends", "data"}
HOOKS = {"pre_init_hook", "post_init_hook", "uninstall_hook"}
OPTIONAL = {"application", "assets", "demo", "external_dependencies", "images", *HOOKS}
ROOMS = {
    "controllers", "data", "demo", "i18n", "i18n_extra", "lib", "migrations", "models", "readme", "report", "security",
    "static", "tests", "views", "wizards",
}  # fmt: skip
FRAGMENTS = ("DESCRIPTION", "USAGE", "CONFIGURE", "HISTORY")
LONGEST = 400
# File -> why it holds more than one model, or is not named after it.
EXCEPTIONS = {
    "sqms_training/report/sqms_certificate_report.py": "Odoo dictates the name of a report's model",
}
XML_ID_OF = {
    "ir.ui.view": r"{model}_view_\w+",
    "ir.actions.act_window": r"\w+_action(_\w+)?",
    "ir.rule": r"\w+_rule(_\w+)?",
}
# In pieces, so that this file holds none of what it looks for.
REGISTRIES = "|".join(
    a + b for a, b in (("py", "pi"), ("python", "hosted"), ("npm", "js"), ("deb", "ian"), ("mirr", "or"))
)
ELSEWHERE = re.compile(
    r"/(root|work|Users)/|(?<![\w.])/home/\w|[A-Z]:\\Users|artifactory|jfrog|\b10(\.\d+){3}\b|\b192\.168(\.\d+){2}\b"
    rf"|\b172\.(1[6-9]|2\d|3[01])\.\d+\.\d+|(?:https?://|\b)[\w.-]*(?:{REGISTRIES})s?\.(?:org|com|net)\b"
)
PUT_OFF = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|coming soon|not implemented yet", re.I)
OLD_PYTHON = {
    r"\b_sql_constraints\b": "models.Constraint",
    r"\bgroups_id\b": "group_ids",
    r"odoo\.osv\b": "odoo.fields.Domain",
    r"(?<![_\w])read_group\(": "_read_group or formatted_read_group",
    r"\bself\._(cr|uid|context)\b": "self.env.cr, .uid, .context",
    r"""\btype=["']json["']""": 'type="jsonrpc"',
    r"""["'](<>|==)["']""": "= and !=",
    r"\btoggle_active\b": "action_archive, action_unarchive",
    r"\bcheck_access_(rights|rule)\b": "check_access, has_access",
    r"\bgroup_operator\b": "aggregator",
    r"\b_check_recursion\b": "_has_cycle",
    r"\b_notify_progress\b": "_commit_progress",
    r"\bname_get\b|\bdef _?name_search\b": "_compute_display_name, _search_display_name",
    r"""["']hr\.contract["']""": "hr.version",
    r"(?<!\w)print\(": "a logger, or nothing",
    r"default=(fields\.)?(date|datetime|Date|Datetime)\.(today|now|context_today)\(": "a default that is called later",
    r"\bplan_days\(": "working time that counts right: lib of sqms_base",
}
OLD_XML = {
    r"<tree\b|view_mode[^<]*\btree\b": "list",
    r"\sstates=": "invisible",
    r"\bname=\"(numbercall|doall|groups_id)\"": "nothing, or group_ids",
    r"<group[^>]*\sexpand=": "a bare <group> in <search>",
    r"kanban-box": 't-name="card"',
    r"oe_chatter": "<chatter/>",
    r"\bt-raw=": "t-out",
    r"<(record|field)[^>]*model=\"hr\.contract\"": "hr.version",
}
# In OWL templates `attrs` is an ordinary property.
OLD_DATA = {**OLD_XML, r"\sattrs=": "invisible, readonly, required"}
LITERAL_LOOKS = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(rgb|hsl)a?\(\s*\d|font-family:\s*(?!var|\$|inherit)")


# -- manifest ------------------------------------------------------------------------


def test_manifest_is_complete(addon):
    manifest = addon.manifest
    assert manifest.keys() >= REQUIRED
    assert manifest.keys() <= REQUIRED | OPTIONAL
    assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", manifest["version"])
    assert manifest["license"] == ("AGPL-3" if addon.name == "sqms_complaint" else "LGPL-3")
    assert (manifest["category"], manifest["author"]) == ("Service Quality", "SQMS")
    assert manifest["name"].startswith("Service Quality: ")
    assert not manifest["summary"].endswith("."), "a summary is a headline"


def test_manifest_depends_as_designed(addon):
    assert set(addon.manifest["depends"]) == DEPENDS[addon.name]


def test_foreign_python_packages_are_required_at_the_root(addon):
    required = (paths.ROOT / "requirements.txt").read_text()
    names = {suite.canonical(line) for line in re.findall(r"^[\w.-]+", required, re.M)}
    wanted = addon.manifest.get("external_dependencies", {}).get("python", ())
    assert {suite.canonical(name) for name in wanted} <= names


def test_every_file_of_the_manifest_exists_and_every_data_file_is_in_it(addon):
    listed = [*addon.manifest["data"], *addon.manifest.get("demo", ())]
    assert len(listed) == len(set(listed)), "listed twice"
    data = {name for name in addon.files(".xml", ".csv") if name.partition("/")[0] not in ("static", "tests", "i18n")}
    assert set(listed) == data
    assert all(name.startswith("demo/") for name in addon.manifest.get("demo", ()))
    assert not [name for name in addon.manifest["data"] if name.startswith("demo/")]


def test_security_comes_first_and_menus_after_the_views(addon):
    data = addon.manifest["data"]
    places = [name.startswith("security/") for name in data]
    assert places == sorted(places, reverse=True), "security first: views name groups"
    views = [name for name in data if name.startswith(("views/", "wizards/")) and name.endswith("_views.xml")]
    if "views/menus.xml" in data and views:
        assert data.index("views/menus.xml") > max(map(data.index, views))


def test_assets_of_the_manifest_exist(addon):
    for bundle, lines in addon.manifest.get("assets", {}).items():
        for line in lines:
            pattern = line if isinstance(line, str) else line[-1]
            own, _, below = pattern.partition("/")
            assert own == addon.name, f"{bundle}: {pattern}"
            assert list(addon.folder.glob(below)), f"{bundle}: {pattern} matches no file"


# -- rooms ---------------------------------------------------------------------------


def test_addon_has_the_usual_rooms_and_nothing_else(addon):
    found = {name.partition("/")[0] for name in addon.files() if "/" in name}
    assert found <= ROOMS
    loose = {name for name in addon.files() if "/" not in name}
    assert loose - {"hooks.py", "README.rst"} == {"__init__.py", "__manifest__.py", "pyproject.toml"}


def test_packaged_with_whool(addon):
    lines = addon.read("pyproject.toml").split("\n")
    assert lines == ["[build-system]", 'requires = ["whool"]', 'build-backend = "whool.buildapi"', ""]


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_readme_fragment_says_something(addon, fragment):
    text = addon.read(f"readme/{fragment}.md")
    assert len(text.split()) >= 15
    if fragment == "HISTORY":
        assert addon.manifest["version"] in text


def test_icon_is_a_square_png(addon):
    head = (addon.folder / "static/description/icon.png").read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", head[16:])
    assert width == height >= 100


def test_every_python_file_is_imported(addon):
    for file in addon.files(".py"):
        folder, _, name = file.rpartition("/")
        if name in ("__init__.py", "__manifest__.py") or folder.startswith(("migrations", "tests", "lib")):
            continue
        imported = _imported(addon, f"{folder}/__init__.py" if folder else "__init__.py")
        assert name[:-3] in imported, f"{file} is never imported"


def test_every_test_file_is_imported(addon):
    imported = _imported(addon, "tests/__init__.py")
    on_disk = {file[6:-3] for file in addon.files(".py", under="tests/test_") if "/" not in file[6:]}
    assert on_disk, "an addon without tests"
    assert imported >= on_disk


def _imported(addon, file):
    module = ast.parse(addon.read(file))
    found = [node for node in ast.walk(module) if isinstance(node, ast.ImportFrom)]
    return {node.module for node in found if node.module} | {name.name for node in found for name in node.names}


# -- one model, one file -----------------------------------------------------------------


def test_one_model_one_file_same_name(addon):
    """A model that fills more than a file is split by idea: `helpdesk_ticket.py`, `helpdesk_ticket_mail.py`."""
    wrong = []
    for file in addon.files(".py"):
        if file.partition("/")[0] in ("models", "wizards", "report"):
            models = list(odoo_index.model_classes(ast.parse(addon.read(file))))
            stem = file.rpartition("/")[2][:-3]
            if models and not _is_named_after(stem, models) and f"{addon.name}/{file}" not in EXCEPTIONS:
                wrong.append(f"{addon.name}/{file} holds {', '.join(model.name for model in models)}")
    assert not wrong


def _is_named_after(stem, models):
    name = models[0].name.replace(".", "_")
    further = not models[0].is_new and stem.startswith(f"{name}_")
    return len(models) == 1 and (stem == name or further)


def test_files_fit_the_eye(addon):
    long = {file: len(addon.read(file).splitlines()) for file in addon.files(".py", ".js", ".scss")}
    assert not {
        file: lines
        for file, lines in long.items()
        if lines > LONGEST and not file.startswith("tests/") and not file.endswith("__init__.py")
    }


def test_view_files_are_named_after_their_model(addon, index):
    """`<model>_views.xml`, or by idea `<model>_<idea>_views.xml`; the lines of a model may stand beside it."""
    models = {model.replace(".", "_"): model for model in index.models}
    wrong = []
    for file in [*addon.files(".xml", under="views/"), *addon.files("_views.xml", under="wizards/")]:
        name = file.rpartition("/")[2]
        if name == "menus.xml" or name.endswith("_templates.xml"):
            continue
        stem = name.removesuffix("_views.xml")
        shown = {record.findtext("field[@name='model']") for record in _records(addon, file, "ir.ui.view")}
        of_model = stem in models and all(f"{model}.".startswith(f"{models[stem]}.") for model in shown)
        of_idea = len(shown) == 1 and stem.startswith("".join(map(str, shown)).replace(".", "_") + "_")
        if not name.endswith("_views.xml") or not (of_model or of_idea):
            wrong.append(f"{addon.name}/{file} shows {', '.join(map(str, shown))}")
    assert not wrong


def test_xml_ids_are_named_after_the_model(addon):
    wrong = []
    for file in addon.files(".xml"):
        if file.startswith(("views/", "wizards/", "security/")):
            for model, pattern in XML_ID_OF.items():
                for record in _records(addon, file, model):
                    shown = (record.findtext("field[@name='model']") or "").replace(".", "_")
                    if not re.fullmatch(pattern.format(model=shown), record.get("id")):
                        wrong.append(f"{addon.name}/{file}: {record.get('id')} is not {pattern.format(model=shown)}")
    assert not wrong


def test_actions_of_menus_have_a_path(addon):
    actions, used = {}, set()
    for file in addon.files(".xml"):
        if file.startswith(("views/", "wizards/", "report/", "data/")):
            for model in ("ir.actions.act_window", "ir.actions.client"):
                actions |= {record.get("id"): record for record in _records(addon, file, model)}
            menus = etree.fromstring(addon.read(file).encode()).iter("menuitem")
            used |= {menu.get("action").removeprefix(f"{addon.name}.") for menu in menus if menu.get("action")}
    without = [name for name in used & actions.keys() if not actions[name].findtext("field[@name='path']")]
    assert not without
    found = [actions[name].findtext("field[@name='path']") for name in actions]
    named = [path for path in found if path]
    assert len(named) == len(set(named))
    assert not [path for path in named if not re.fullmatch(r"sqms-[a-z0-9-]+", path)]


def _records(addon, file, model):
    return [node for node in etree.fromstring(addon.read(file).encode()).iter("record") if node.get("model") == model]


# -- the whole repository ------------------------------------------------------------------


def _texts():
    """(name, text) of every file of the repository that is text, this one and its like left out."""
    for name in suite.tree():
        data = (paths.ROOT / name).read_bytes()
        if b"\0" not in data[:4096] and not name.startswith("setup/tests/"):
            yield name, data.decode(errors="replace")


def _lines(pattern, text):
    return [text.count("\n", 0, match.start()) + 1 for match in re.finditer(pattern, text)]


def test_no_file_knows_a_machine_or_a_registry():
    found = [f"{name}:{line}" for name, text in _texts() for line in _lines(ELSEWHERE, text)]
    assert not found


def test_machines_and_registries_are_seen():
    registry = "".join(("https://py", "pi.", "org/simple"))
    for text in (registry, "".join(("deb.deb", "ian.org")), "/".join(("", "work", "main")), "192.168" + ".1.5"):
        assert ELSEWHERE.search(text), text
    for text in ("apt-get indextargets", "a Debian package", "/web/static/", "pypdf", "network"):
        assert not ELSEWHERE.search(text), text


def test_nothing_is_put_off():
    found = [
        f"{name}:{line}"
        for name, text in _texts()
        if not name.endswith((".po", ".pot")) and name != "ruff.toml"
        for line in _lines(PUT_OFF, text)
    ]
    assert not found


def old_idioms(name, text):
    """Lines of a file in the idiom of an older Odoo, with what is said today."""
    if name.endswith(".py"):
        old = OLD_PYTHON
    elif name.endswith(".xml"):
        old = OLD_XML if "/static/" in name else OLD_DATA
    else:
        return []
    return [f"{name}:{line}: say {new}" for pattern, new in old.items() for line in _lines(pattern, text)]


def test_no_idiom_of_older_odoo():
    found = [line for name, text in _texts() if name.startswith("sqms_") for line in old_idioms(name, text)]
    assert not found, "\n".join(["older Odoo:", *found])


@pytest.mark.parametrize(
    ("name", "text"),
    {
        "a.py": "_sql_constraints = []",
        "b.py": 'env["x"].read_group([], [], [])',
        "c.py": "self._cr.execute(q)",
        "d.py": "x = fields.Date(default=fields.Date.today())",
        "e.py": "def name_get(self): ...",
        "f.py": "print(1)",
        "g.py": '@route("/a", type="json")',
        "h.py": "x = [('a', '<>', 1)]",
        "a.xml": '<tree editable="top"/>',
        "b.xml": '<field name="view_mode">tree,form</field>',
        "c.xml": '<field name="a" attrs="{\'invisible\': 1}"/>',
        "d.xml": '<group expand="0" string="Group By"/>',
        "e.xml": '<t t-name="kanban-box"/>',
        "f.xml": '<field name="numbercall">-1</field>',
        "x/static/a.xml": '<t t-raw="a"/>',
    }.items(),
)
def test_old_idiom_is_seen(name, text):
    assert old_idioms(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    {
        "a.py": "self._read_group([]), self.env.cr, env.formatted_read_group(x), default=fields.Date.context_today",
        "b.py": '@route("/a", type="jsonrpc"), default=lambda self: fields.Date.today()',
        "a.xml": '<list/><field name="group_ids"/><search><group/></search>',
        "x/static/a.xml": "<DropdownItem attrs=\"{ name: 'a' }\"/>",
    }.items(),
)
def test_idiom_of_19_is_left_alone(name, text):
    assert not old_idioms(name, text)


def test_looks_come_from_odoo(addon):
    """No literal colours and fonts: a company's theme and the dark mode must reach everything."""
    found = [
        f"{addon.name}/{name}:{line}"
        for name in addon.files(".scss")
        for line in _lines(LITERAL_LOOKS, addon.read(name))
    ]
    for name in addon.files(".xml"):
        for element in etree.fromstring(addon.read(name).encode()).iter(etree.Element):
            if LITERAL_LOOKS.search(element.get("style", "")):
                found.append(f"{addon.name}/{name}:{element.sourceline}")
    assert not found


def test_root_holds_what_the_design_names():
    allowed = {
        "README.md", "LICENSE", "requirements.txt", "test-requirements.txt", "setup", "docs", ".github", ".ci",
        ".gitignore", ".gitattributes", ".editorconfig", ".pre-commit-config.yaml", ".pylintrc", "ruff.toml",
        "eslint.config.cjs", "prettier.config.cjs", *paths.ADDONS,
    }  # fmt: skip
    assert {name.partition("/")[0] for name in suite.tree()} <= allowed
