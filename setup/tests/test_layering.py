"""An addon imports and names only what its manifest depends on: code, XML ids, models, tables, templates, assets."""

import ast

import pytest
import reaches
import suite

MANIFEST = '{"depends": ["mail"], "external_dependencies": {"python": ["numpy"]}}'
REACHES = {
    "import": ("models/a.py", "from odoo.addons.hr.models import hr_employee", "odoo.addons.hr"),
    "import of the addon": ("models/a.py", "from odoo.addons import hr", "odoo.addons.hr"),
    "plain import": ("models/a.py", "import odoo.addons.hr.models as m", "odoo.addons.hr"),
    "import by name": ("models/a.py", 'import_module("odoo.addons.hr.models")', "odoo.addons.hr"),
    "import in a test": ("tests/test_a.py", "from odoo.addons.hr.tests.common import X", "odoo.addons.hr"),
    "package": ("models/a.py", "import pandas", "Python package pandas"),
    "package in a function": ("models/a.py", "def f():\n    from pandas import x", "Python package pandas"),
    "test package in code": ("models/a.py", "import freezegun", "Python package freezegun"),
    "ref": ("models/a.py", 'env.ref("hr.menu_hr_root")', "hr.menu_hr_root"),
    "group": ("models/a.py", 'user.has_group("hr.group_hr_user")', "hr.group_hr_user"),
    "groups": ("models/a.py", 'x = fields.Char(groups="base.group_user, hr.group_hr_user")', "hr.group_hr_user"),
    "env": ("models/a.py", 'env["hr.employee"]', "hr.employee"),
    "optional env": ("models/a.py", 'if "hr.employee" in env: pass', "hr.employee"),
    "comodel": ("models/a.py", 'x = fields.Many2one("hr.employee")', "hr.employee"),
    "named comodel": ("models/a.py", 'x = fields.Many2one(comodel_name="hr.employee")', "hr.employee"),
    "inherit": ("models/a.py", 'class A(M):\n    _inherit = ["mail.thread", "hr.employee"]', "hr.employee"),
    "unknown model": ("models/a.py", 'env["no.such.model"]', "no.such.model"),
    "code in a string": ("models/a.py", "x = \"env['hr.employee'].search([])\"", "hr.employee"),
    "SQL": ("models/a.py", 'x = "SELECT 1 FROM res_partner p JOIN hr_employee e ON TRUE"', "table hr_employee"),
    "sibling's name": ("models/a.py", 'modules = ["sqms_sibling"]', "sqms_sibling"),
    "sibling's model": ("models/a.py", 'x = ("sqms.sibling.thing", 1)', "sqms.sibling.thing"),
    "record": ("data/a.xml", '<record id="a" model="hr.employee"/>', "hr.employee"),
    "record of another": ("data/a.xml", '<record id="hr.a" model="res.partner"/>', "hr.a"),
    "field ref": ("data/a.xml", '<field name="a" ref="hr.menu_hr_root"/>', "hr.menu_hr_root"),
    "eval ref": ("data/a.xml", '<field name="a" eval="[(4, ref(\'hr.menu_hr_root\'))]"/>', "hr.menu_hr_root"),
    "search": ("data/a.xml", "<field name=\"a\" search=\"[('model', '=', 'hr.employee')]\"/>", "hr.employee"),
    "inherited view": ("data/a.xml", '<field name="inherit_id" ref="hr.view_employee_form"/>', "hr.view_employee"),
    "template": ("data/a.xml", '<template id="a" inherit_id="hr.a"/>', "hr.a"),
    "menu": ("data/a.xml", '<menuitem id="a" parent="hr.menu_hr_root"/>', "hr.menu_hr_root"),
    "icon": ("data/a.xml", '<menuitem id="a" web_icon="hr,static/icon.png"/>', "hr,static"),
    "groups in a view": ("data/a.xml", '<button groups="base.group_user,!hr.group_hr_user"/>', "hr.group_hr_user"),
    "model of a view": ("data/a.xml", '<field name="model">hr.employee</field>', "hr.employee"),
    "unknown model of a view": ("data/a.xml", '<field name="res_model">no.such.model</field>', "no.such.model"),
    "function": ("data/a.xml", '<function model="hr.employee" name="a"/>', "hr.employee"),
    "report": ("data/a.xml", '<field name="report_name">hr.print_employee</field>', "hr.print_employee"),
    "call": ("data/a.xml", '<t t-call="hr.print_employee"/>', "hr.print_employee"),
    "action in an arch": ("data/a.xml", '<button name="%(hr.action)d" type="action"/>', "hr.action"),
    "code in XML": ("data/a.xml", "<field name=\"code\">env['hr.employee']</field>", "hr.employee"),
    "picture": ("data/a.xml", '<img src="/hr/static/a.png"/>', "hr/static"),
    "access": ("security/ir.model.access.csv", "id,group_id:id\na,hr.group_hr_user", "hr.group_hr_user"),
    "access to a model": ("security/ir.model.access.csv", "id,model_id:id\na,hr.model_hr_job", "hr.model_hr_job"),
    "table of records": ("data/hr.employee.csv", "id,name\na,b", "hr.employee"),
    "template of OWL": ("static/src/a.xml", '<t t-call="hr.Card"/>', "hr.Card"),
    "extension of OWL": ("static/src/a.xml", '<t t-inherit="hr.Card" t-inherit-mode="extension"/>', "hr.Card"),
    "JavaScript import": ("static/src/a.js", 'import { A } from "@hr/a";', "@hr"),
    "JavaScript late import": ("static/src/a.js", 'await import("@hr/a");', "@hr"),
    "JavaScript of a sibling": ("static/src/a.js", 'import { A } from "@sqms_sibling/a";', "@sqms_sibling"),
    "JavaScript model": ("static/src/a.js", 'this.orm.call("hr.employee", "read");', "hr.employee"),
    "style": ("static/src/a.scss", '@import "/hr/static/src/a";', "hr/static"),
    "assets": ("__manifest__.py", '{"depends": ["mail"], "assets": {"hr.bundle": []}}', "hr.bundle"),
}
PROPER = {
    "models/a.py": (
        '"""Prose may mention hr.employee and sqms_sibling."""\n'
        "import numpy\n"
        "from odoo import models\n"
        "from odoo.addons.mail.models import mail_thread\n"
        "from . import b\n"
        'class A(models.Model):\n    """hr.employee"""\n    _name = "sqms.good"\n    _inherit = ["mail.thread"]\n'
        'env["sqms.good"], env["res.partner"], env.ref("base.user_admin"), env[name]\n'
        'x = "certificate.pdf", "partner_id.name", "FROM sqms_good", "See hr.employee for more."  # hr.employee\n'
    ),
    "tests/test_a.py": "import freezegun\nfrom odoo.tests import common\n",
    "data/a.xml": (
        '<odoo><!-- hr.employee --><record id="a" model="res.partner">'
        '<field name="name" ref="base.main_company"/><field name="b" eval="[(4, ref(\'mail.a\')), ref(\'own\')]"/>'
        '<field name="arch"><p t-out="hr.employee"/><a href="/sqms_good/static/a.png">See hr.employee.</a></field>'
        "</record></odoo>"
    ),
    "security/ir.model.access.csv": "id,model_id:id,group_id:id\na,model_sqms_good,base.group_user\n",
    "static/src/a.xml": '<templates><Card parent="hr.employee" model="hr"/></templates>',
    "static/src/a.js": 'import { a } from "@odoo/owl"; // "hr.employee"\nimport "@mail/a"; const u = "https://x/y";\n',
}


def made_up(folder, files, manifest=MANIFEST):
    """An addon in a folder of its own, with the given files."""
    for name, text in {"__manifest__.py": manifest, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return suite.Addon(folder)


@pytest.fixture
def with_sibling(index, tmp_path):
    """The index with a sibling, and the folder where its neighbour may be made up."""
    model = 'class T(models.Model):\n    _name = "sqms.sibling.thing"\n'
    sibling = made_up(tmp_path / "sqms_sibling", {"models/thing.py": model})
    return index.extended(sibling.folder), tmp_path


def test_addon_names_only_what_it_depends_on(addon, index):
    found = reaches.sideways(addon, index)
    assert not found, "\n".join(["out of reach:", *found])


def test_siblings_do_not_know_each_other(index):
    siblings = {name for name in index.depends if name.startswith("sqms_")} - {"sqms_base"}
    for name in siblings:
        assert not (index.reach(name) - {name}) & siblings
    assert not index.reach("sqms_base") & siblings


def test_pure_libraries_do_without_odoo(addon):
    for file in addon.files(".py", under="lib/"):
        tree = ast.parse(addon.read(file))
        # Odoo's own plain functions are at hand, and the plain ones of the base; records and requests are not.
        wanted = {
            node.module
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("odoo")
        }
        used = {name for _, name in reaches.packages_of(addon.folder / file)}
        assert "odoo" not in used or all(
            name.startswith(("odoo.tools", "odoo.addons.sqms_base.lib.")) for name in wanted
        ), f"{addon.name}/{file}"
        assert bool(wanted) == ("odoo" in used), f"{addon.name}/{file} imports odoo as a whole"
        relative = [node.level for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert all(level <= 1 for level in relative), f"{addon.name}/{file} leaves lib/"


@pytest.mark.parametrize(("file", "text", "name"), REACHES.values(), ids=REACHES)
def test_sideways_reach_is_seen(with_sibling, file, text, name):
    index, folder = with_sibling
    files = {file: f"<odoo>{text}</odoo>" if file.endswith(".xml") else text}
    bad = made_up(folder / "sqms_bad", files)
    found = reaches.sideways(bad, index.extended(bad.folder))
    assert any(name in line and file in line for line in found), found
    # The same is no reach when the manifest says so: what is reported comes from the dependencies.
    if "sibling" not in name and "package" not in name and "no.such" not in name and file != "__manifest__.py":
        manifest = '{"depends": ["hr"], "external_dependencies": {"python": ["pandas"]}}'
        good = made_up(folder / "sqms_bad", files, manifest)
        assert not reaches.sideways(good, index.extended(good.folder))


def test_proper_addon_is_left_alone(with_sibling):
    index, folder = with_sibling
    good = made_up(folder / "sqms_good", PROPER)
    assert not reaches.sideways(good, index.extended(good.folder))
