"""Runs of Odoo's test runner, each on a database and a port of its own, judged by result and by log."""

import contextlib
import itertools
import os
import re
import socket
import subprocess
import urllib.error
import urllib.request

from . import database, paths, postgres, say, translate

RESULT = re.compile(r"odoo\.tests\.result: (\d+) failed, (\d+) error\(s\) of (\d+) tests")
FAILED = re.compile(r" (?:ERROR|FAIL): ((?:Test|test)\S*\.\w+|setUpClass \(\S+\))")
TROUBLE = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) (\S+) (\S+): (.*)$")
# What Odoo itself says on any machine and any database; everything else in the log counts as a failure.
HARMLESS = re.compile(
    r"Running as user 'root'|unpatched|wkhtmltopdf|PyPDF2 is deprecated|"
    r"Asset bundle .* cannot be (pre)?generated|cannot be loaded with the current"
)
# Modules that the suite does not need and must get along with; some tests try them.
NEIGHBOURS = ("base_automation",)
_numbers = itertools.count(1)


def alone(house, addon, tags="", tours=False, uninstall=True):
    """Install one addon with nothing but what it depends on, run its tests, take it out again."""
    with copy(house, addon) as name:
        wanted = tags or f"/{addon}" + ("" if tours else ",-sqms_tour")
        passed, failures = _run(house, name, [addon], wanted)
        if uninstall:
            stale = translate.stale(house, name, addon, log_of(name))
            passed, failures = passed + (not stale), failures + stale
            gone = _uninstall(house, name, [addon] if addon == "sqms_base" else [addon, "sqms_base"])
            passed, failures = passed + (not gone), failures + gone
    return passed, failures


def together(house):
    """Install the whole suite, run its tests, browser tours included, take the suite out again.

    Tests tagged `sqms_alone` are of arithmetic and machinery that no other addon can reach: each addon's own run
    has them, once is enough.
    """
    with copy(house, "all") as name:
        addons = [*NEIGHBOURS, *paths.ADDONS]
        wanted = [*(f"/{addon}" for addon in paths.ADDONS), "-sqms_alone"]
        passed, failures = _run(house, name, addons, ",".join(wanted))
        gone = _uninstall(house, name, paths.ADDONS)
        return passed + (not gone), failures + gone


def peers(house):
    """The tests of hr_skills, maintenance and helpdesk_mgmt, without and with the suite: no difference allowed."""
    modules = ("hr_skills", "maintenance", "helpdesk_mgmt")
    tags = ",".join(f"/{module}" for module in modules)
    outcome = []
    for label, installs in (("without", ()), ("with", paths.ADDONS)):
        with copy(house, f"peers_{label}") as name:
            if installs:
                house.run("Installing the suite", "-d", name, "-i", ",".join(installs), "--stop-after-init",
                          "--log-level=warn", log=log_of(name))  # fmt: skip
            passed, failures = _run(house, name, (), tags, watch_log=False)
            say.note(f"  peers {label} SQMS: {passed} passed, {len(failures)} failed")
            outcome.append((passed, set(failures)))
    (before, broken_before), (after, broken_after) = outcome
    new = sorted(broken_after - broken_before)
    if not before:
        new.append("none of their tests passed without SQMS: the comparison says nothing")
    if after < before and not new:
        new = [f"{before} of their tests pass without SQMS, {after} with it"]
    return after, new


def demo(house):
    """The demo database is made without a warning and answers over HTTP."""
    name = f"demo_{os.getpid()}"
    stamp = paths.RUN / f"{name}.stamp"
    try:
        house.demo(name)
        failures = _troubles((paths.RUN / "log" / "demo.log").read_text(errors="replace"))
        port = free_port()
        command = house.command("-d", name, f"--http-port={port}", "--http-interface=127.0.0.1")
        with database.process(command, log_of(name), house.environment()) as server:
            for path in ("/web/login", "/zh_CN/web/login"):
                if not postgres.wait_for(lambda: server.poll() is not None or answers(port, path), 60):  # noqa: B023
                    failures.append(f"{path} does not answer")
            if server.poll() is not None:
                failures.append(f"the server ended by itself: {log_of(name)}")
    finally:
        house.drop(name)
        stamp.unlink(missing_ok=True)
    return (3 if not failures else 0), failures


def house_tests():
    """Tests of the house itself, and of pure functions: no database."""
    done = say.call(
        [str(paths.PYTHON), "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header", "setup/tests"],
        cwd=paths.ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(paths.ROOT / "setup")},
    )  # fmt: skip
    (paths.RUN / "log" / "house.log").write_text(done.stdout + done.stderr)
    counts = dict(reversed(pair) for pair in re.findall(r"(\d+) (passed|failed|error)", done.stdout))
    failures = re.findall(r"^(?:FAILED|ERROR) (.*)$", done.stdout, re.M)
    if done.returncode and not failures:
        failures = [(done.stdout + done.stderr).strip()[-600:] or "pytest did not run"]
    return int(counts.get("passed", 0)), failures


# -- pieces --------------------------------------------------------------------


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port, path="/web/login"):
    with contextlib.suppress(OSError, urllib.error.URLError):
        return urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10).status == 200
    return False


@contextlib.contextmanager
def copy(house, label):
    """A fresh copy of the foundation, dropped afterwards."""
    name = f"test_{label}_{os.getpid()}_{next(_numbers)}"
    house.copy(house.foundation(), name)
    try:
        yield name
    finally:
        house.drop(name)


def log_of(name):
    path = paths.RUN / "log" / f"{re.sub(r'_[0-9]+_[0-9]+$', '', name)}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _run(house, name, addons, tags, watch_log=True):
    """Install the addons and run the tests with these tags; without addons, when all that is there is loaded."""
    log = log_of(name)
    command = house.command(
        "-d", name, *(["-i", ",".join(addons)] if addons else []), "--test-tags", tags, "--stop-after-init",
        f"--http-port={free_port()}", "--http-interface=127.0.0.1", f"--screenshots={paths.RUN / 'screenshots'}",
    )  # fmt: skip
    if not addons:
        # As text: run as a file, its folder would come first on Python's path, and that has an `odoo` too.
        command = [command[0], "-c", (paths.ROOT / "setup" / "house" / "all_loaded.py").read_text(), *command[3:]]
    with open(log, "w") as out:
        code = say.call(command, stdout=out, stderr=out, env=house.environment(), cwd=paths.ROOT).returncode
    text = log.read_text(errors="replace")
    failures = sorted({found.strip() for found in FAILED.findall(text)})
    result = RESULT.findall(text)
    if not result:
        failures.append(f"the run ended without a result (exit code {code}): {log}\n{_last_error(text)}")
        return 0, failures
    total = sum(int(count) for *_, count in result)
    bad = sum(int(failed) + int(errors) for failed, errors, _ in result)
    if bad > len(failures):
        failures += [f"{bad - len(failures)} more: {log}"]
    if code and not failures:
        failures.append(f"all tests passed, but Odoo ended with exit code {code}: {log}\n{_last_error(text)}")
    if watch_log and not failures:
        failures += _troubles(text)
    return max(total - bad, 0), failures


def _last_error(text):
    lines = [line for line in text.splitlines() if line.strip()]
    return "\n".join(lines[-8:])


def _troubles(text):
    """Warnings and errors in a log that nobody expected: views, deprecations, missing translations."""
    found = {}
    for line in text.splitlines():
        match = TROUBLE.match(line)
        if match and not HARMLESS.search(line):
            found.setdefault(match[4][:200], f"in the log: {match[1]} {match[3]}: {match[4][:300]}")
    return list(found.values())[:20]


def _uninstall(house, name, addons):
    """Take the addons out; whatever of them is left behind is a failure."""
    log = log_of(f"{name}_uninstall")
    code = (
        f"mods = env['ir.module.module'].search([('name', 'in', {list(addons)!r}), ('state', '=', 'installed')])\n"
        "mods.button_immediate_uninstall()\n"
    )
    with open(log, "w") as out:
        done = say.call(
            house.command("shell", "-d", name, "--no-http", "--log-level=warn"), input=code,
            stdout=out, stderr=out, env=house.environment(), cwd=paths.ROOT,
        )  # fmt: skip
    text = log.read_text(errors="replace")
    if done.returncode or "Traceback" in text:
        return [f"uninstalling failed: {log}\n{_last_error(text)}"]
    left = house.server.sql(
        "SELECT name FROM ir_module_module WHERE name LIKE 'sqms_%' AND state = 'installed'", name
    ) + house.server.sql(
        "SELECT model FROM ir_model WHERE model LIKE 'sqms.%' "
        "UNION SELECT relname FROM pg_class WHERE relname LIKE 'sqms_%' AND relkind = 'r' "
        "UNION SELECT f.model || '.' || f.name FROM ir_model_fields f JOIN ir_model_data d "
        "ON d.model = 'ir.model.fields' AND d.res_id = f.id WHERE d.module LIKE 'sqms_%'",
        name,
    )
    return [f"left behind after uninstalling: {', '.join(row[0] for row in left)}"] if left else []
