"""The house itself: what it says when something is missing, and that it does not take failure for success."""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from house import odoo_source, odoo_tests, paths, postgres, python_env, say, system

LAUNCHERS = [path for path in sorted((paths.ROOT / "setup").iterdir()) if path.is_file() and os.access(path, os.X_OK)]
TOOLS = ("sh", "cut", "dirname", "echo")


def sentence(stop):
    """The text of a Stop: it starts with a capital letter and is no traceback."""
    text = str(stop.value)
    assert text[0].isupper()
    assert "Traceback" not in text
    return text


# -- digests ---------------------------------------------------------------------------


def test_digest_changes_with_any_part(tmp_path):
    file = tmp_path / "a"
    file.write_text("one")
    before = paths.digest("x", file)
    assert before == paths.digest("x", file)
    assert before != paths.digest("y", file)
    assert paths.digest("ab", "c") != paths.digest("a", "bc")
    file.write_text("two")
    assert before != paths.digest("x", file)


def test_tree_digest_sees_names_and_content_but_no_tests(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "a.py").write_text("1")
    first = paths.tree_digest(tmp_path)
    for room in ("tests", "__pycache__", "readme"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "b.py").write_text("2")
    assert paths.tree_digest(tmp_path) == first
    (tmp_path / "models" / "a.py").rename(tmp_path / "models" / "c.py")
    renamed = paths.tree_digest(tmp_path)
    (tmp_path / "models" / "c.py").write_text("3")
    assert len({first, renamed, paths.tree_digest(tmp_path)}) == 3


# -- Odoo's source -----------------------------------------------------------------------


def test_dangling_links_are_found(tmp_path):
    root, outside = tmp_path / "root", tmp_path / "outside.js"
    (root / "usr" / "share").mkdir(parents=True)
    (root / "usr" / "share" / "real.js").write_text("")
    outside.write_text("")
    for name, target in {
        "good": "usr/share/real.js",
        "good_folder": "usr/share",
        "good_chain": "good",
        "bad": "usr/share/missing.js",
        "bad_absolute": "/usr/share/sqms-no-such-file.js",
        "bad_leaves_the_root": str(outside),
        "bad_climbs_out": "../outside.js",
        "bad_loop": "bad_loop",
        "usr/share/bad_deep": "missing",
    }.items():
        (root / name).symlink_to(target)
    found = odoo_source.dangling_links(root)
    assert found == [
        "bad", "bad_absolute", "bad_climbs_out", "bad_leaves_the_root", "bad_loop", "usr/share/bad_deep",
    ]  # fmt: skip


def own_odoo(folder, version):
    (folder / "odoo").mkdir(parents=True)
    (folder / "odoo" / "release.py").write_text(f"version_info = ({version}, 0, FINAL, 0, '')\n")
    return folder


@pytest.mark.parametrize("below", ["", odoo_source.DIST], ids=["checkout", "Debian root"])
def test_odoo_home_is_taken(tmp_path, monkeypatch, below):
    folder = own_odoo(tmp_path / below, 19)
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    assert odoo_source.home() == folder.resolve()


def test_odoo_home_may_be_the_package_itself(tmp_path, monkeypatch):
    folder = own_odoo(tmp_path, 19)
    monkeypatch.setenv("ODOO_HOME", str(folder / "odoo"))
    assert odoo_source.home() == folder.resolve()


def test_odoo_home_of_another_version_is_refused(tmp_path, monkeypatch):
    own_odoo(tmp_path, 18)
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    with pytest.raises(say.Stop) as stop:
        odoo_source.home()
    assert "18.0" in sentence(stop)
    assert "Odoo 19.0" in sentence(stop)


def test_odoo_home_without_odoo_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    with pytest.raises(say.Stop) as stop:
        odoo_source.home()
    assert "holds no Odoo" in sentence(stop)


def test_checkout_brings_its_second_addons_folder(tmp_path):
    own_odoo(tmp_path, 19)
    (tmp_path / "addons" / "web").mkdir(parents=True)
    (tmp_path / "addons" / "web" / "__manifest__.py").write_text("{}")
    assert odoo_source.addons_paths(tmp_path) == [tmp_path / "addons"]


def test_nearly_full_disk_is_said_before_fetching(tmp_path, monkeypatch):
    monkeypatch.delenv("ODOO_HOME", raising=False)
    monkeypatch.setattr(paths, "CACHE", tmp_path)
    monkeypatch.setattr(odoo_source, "NEEDED_BYTES", 10**18)
    monkeypatch.setattr(odoo_source, "_debian", lambda: pytest.fail("fetched"))
    with pytest.raises(say.Stop) as stop:
        odoo_source.home()
    assert "disk" in sentence(stop)


# -- launchers -----------------------------------------------------------------------------


def path_with(folder, **programs):
    """A PATH with nothing but a shell, what launchers need, and the given scripts."""
    folder.mkdir()
    for name in TOOLS:
        for place in ("/bin", "/usr/bin"):
            if os.path.exists(f"{place}/{name}") and not (folder / name).exists():
                (folder / name).symlink_to(f"{place}/{name}")
    for name, script in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return {"PATH": str(folder)}


def test_launchers_are_known():
    assert {path.name for path in LAUNCHERS} >= {"bench", "demo", "lint", "odoo", "test", "translate"}


@pytest.mark.parametrize("launcher", LAUNCHERS, ids=lambda path: path.name)
def test_old_python_gets_one_sentence(launcher, tmp_path):
    old = 'case "$1" in -V) echo "Python 3.9.2";; -c) exit 1;; *) echo started;; esac'
    done = subprocess.run(
        [str(launcher)], env=path_with(tmp_path / "bin", python3=old), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "SQMS needs Python 3.10 or newer; this machine's python3 is 3.9.2.\n"


@pytest.mark.parametrize("launcher", LAUNCHERS, ids=lambda path: path.name)
def test_missing_python_gets_one_sentence(launcher, tmp_path):
    done = subprocess.run([str(launcher)], env=path_with(tmp_path / "bin"), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "SQMS needs python3, version 3.10 or newer; none was found.\n"


@pytest.mark.parametrize("launcher", LAUNCHERS, ids=lambda path: path.name)
def test_launcher_passes_on_every_argument(launcher, tmp_path):
    good = 'case "$1" in -c) exit 0;; *) for word; do echo "[$word]"; done;; esac'
    done = subprocess.run(
        [str(launcher), "a b", ""],
        env=path_with(tmp_path / "bin", python3=good),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == f"[-m]\n[house.{launcher.name}]\n[a b]\n[]\n"


# -- programs of the machine -----------------------------------------------------------------


@pytest.fixture
def bare(monkeypatch):
    """A machine without PostgreSQL, whose person is not root and has the named programs."""

    def machine(*programs):
        monkeypatch.setattr(system, "missing", lambda: ["postgresql", "chromium"])
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        monkeypatch.setattr(system.shutil, "which", lambda name: f"/usr/bin/{name}" if name in programs else None)
        monkeypatch.setattr(system.say, "run", lambda *args, **options: pytest.fail(f"ran {args}"))

    return machine


def test_machine_without_apt_gets_one_sentence(bare):
    bare()
    with pytest.raises(say.Stop) as stop:
        system.ensure()
    assert "no apt" in sentence(stop)
    assert "postgresql, chromium" in sentence(stop)


def test_person_without_root_gets_the_one_command(bare):
    bare("apt-get")
    with pytest.raises(say.Stop) as stop:
        system.ensure()
    assert "sudo apt-get install -y --no-install-recommends postgresql chromium" in sentence(stop)


def test_nothing_is_asked_when_nothing_is_missing(monkeypatch):
    monkeypatch.setattr(system, "missing", list)
    monkeypatch.setattr(system.say, "run", lambda *args, **options: pytest.fail(f"ran {args}"))
    system.ensure()


def test_packages_without_network_get_one_sentence(monkeypatch, tmp_path):
    def refuse(*args, **options):
        raise say.Stop("Installing Python packages failed: Temporary failure in name resolution: Connection error")

    monkeypatch.setattr(python_env.say, "run", refuse)
    with pytest.raises(say.Stop) as stop:
        python_env._pip([tmp_path / "requirements.txt"])
    assert "network" in sentence(stop)


# -- PostgreSQL --------------------------------------------------------------------------------


@pytest.fixture
def cluster(monkeypatch, tmp_path):
    """A function that makes a cluster (not a server) whose project lies in a folder of the given name."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system, "postgres_bin", lambda: Path("/usr/lib/postgresql/15/bin"))

    def make(name, folder):
        monkeypatch.setattr(paths, "RUN", tmp_path / folder / ".run")
        return postgres.Cluster(name, fast=False)

    return make


def test_socket_lies_in_the_cluster(cluster, monkeypatch):
    monkeypatch.setattr(paths, "RUN", Path("/srv/sqms/.run"))
    assert postgres.Cluster("pg", fast=False).socket == Path("/srv/sqms/.run/pg/s")


def test_socket_of_a_deep_folder_is_short_and_its_own(cluster):
    deep, other = cluster("pg", "x" * 120), cluster("pg-test", "x" * 120)
    for made in (deep, other):
        assert len(str(made.socket / ".s.PGSQL.5432")) < 107
    assert deep.socket != other.socket
    assert deep.socket == cluster("pg", "x" * 120).socket


def test_cluster_of_another_version_is_not_touched(cluster, tmp_path):
    made = cluster("pg", "here")
    made.data.mkdir(parents=True)
    (made.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(say.Stop) as stop:
        made._check_version()
    assert "PostgreSQL 9" in str(stop.value)
    assert "15" in str(stop.value)


def test_existing_server_is_used(monkeypatch):
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGPORT", "6000")
    monkeypatch.setattr(postgres, "Cluster", lambda *args: pytest.fail("a cluster was made"))
    with postgres.server() as server:
        assert server.odoo_config()["db_host"] == "db.example"
        assert server.odoo_config()["db_port"] == "6000"


# -- words -----------------------------------------------------------------------------------------


def python(code):
    return [sys.executable, "-c", code]


FULL = "import sys; sys.stderr.write('write failed: No space left on device'); sys.exit(1)"


@pytest.mark.parametrize("logged", [True, False])
def test_full_disk_is_said_in_words(tmp_path, logged):
    with pytest.raises(say.Stop) as stop:
        say.run(python(FULL), "Unpacking", log=tmp_path / "new" / "a.log" if logged else None)
    assert sentence(stop) == "The disk is full (Unpacking): free some space and start again."


def test_full_disk_of_another_day_is_no_reason(tmp_path):
    log = tmp_path / "a.log"
    log.write_text("No space left on device\n")
    with pytest.raises(say.Stop) as stop:
        say.run(python("raise SystemExit('other trouble')"), "Unpacking", log=log)
    assert "other trouble" in sentence(stop)
    assert "The disk" not in sentence(stop)


def test_failed_command_says_its_last_words(tmp_path):
    with pytest.raises(say.Stop) as stop:
        say.run(python("raise SystemExit('so it went')"), "Unpacking")
    assert sentence(stop).startswith("Unpacking failed: so it went")
    assert say.run(python("print('well')"), "Unpacking") == "well\n"


def ended_by(error):
    def function(_arguments):
        if error:
            raise error
        return 0

    with pytest.raises(SystemExit) as done:
        say.main(function)
    return done.value.code


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (None, 0, ""),
        (say.Stop("So it is."), 1, "So it is."),
        (KeyboardInterrupt(), 130, "Nothing is broken"),
        (OSError(errno.ENOSPC, "No space left"), 1, "disk is full"),
        (OSError(errno.EDQUOT, "Quota"), 1, "disk is full"),
    ],
)
def test_every_end_has_its_code_and_sentence(capsys, monkeypatch, error, code, words):
    monkeypatch.setattr(say.signal, "signal", lambda *args: None)
    assert ended_by(error) == code
    assert words in capsys.readouterr().err


def test_unknown_trouble_is_not_hidden(monkeypatch):
    def function(_arguments):
        raise PermissionError(errno.EACCES, "not allowed")

    monkeypatch.setattr(say.signal, "signal", lambda *args: None)
    with pytest.raises(PermissionError):
        say.main(function)


# -- judging a run of Odoo's tests -----------------------------------------------------------------------


STAMP = "2026-03-01 08:00:00,000 4711"
PASSED = f"{STAMP} INFO db odoo.tests.result: 0 failed, 0 error(s) of 12 tests when loading database 'db'"
FAILED = f"{STAMP} ERROR db odoo.addons.sqms_base.tests.test_a: FAIL: TestDocument.test_sign\nTraceback (most...\n"
ERROR = f"{STAMP} ERROR db odoo.addons.sqms_base.tests.test_a: ERROR: setUpClass (odoo.addons.sqms_base.tests.X)\n"
WARNING = f"{STAMP} WARNING db odoo.addons.base.models.ir_ui_view: a <button> without a title\n"


class FakeHouse:
    """A house whose Odoo prints what it is told and ends as it is told."""

    def __init__(self, text, code):
        self.text, self.code = text, code

    def command(self, *arguments):
        return [sys.executable, "-c", f"print({self.text!r}); raise SystemExit({self.code})"]

    def environment(self):
        return dict(os.environ)


@pytest.fixture
def judged(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "RUN", tmp_path)

    def judge(text, code=0, **options):
        return odoo_tests._run(FakeHouse(text, code), "test_x_1_1", ["sqms_base"], "/sqms_base", **options)

    return judge


def test_good_run_passes(judged):
    assert judged(f"{STAMP} INFO db odoo.tests: starting\n{PASSED}") == (12, [])


def test_several_results_are_added(judged):
    assert judged(f"{PASSED}\n{PASSED.replace(' 12 ', ' 3 ')}") == (15, [])


def test_failing_test_is_named(judged):
    passed, failures = judged(FAILED + PASSED.replace("0 failed", "1 failed"), code=1)
    assert (passed, failures) == (11, ["TestDocument.test_sign"])


def test_failing_class_is_named(judged):
    _passed, failures = judged(ERROR + PASSED.replace("0 error", "1 error"), code=1)
    assert failures == ["setUpClass (odoo.addons.sqms_base.tests.X)"]


def test_failures_without_a_name_are_counted(judged):
    passed, failures = judged(FAILED + PASSED.replace("0 failed", "3 failed"), code=1)
    assert passed == 9
    assert failures[0] == "TestDocument.test_sign"
    assert failures[1].startswith("2 more")


@pytest.mark.parametrize(("text", "code"), [("", 0), ("ImportError: no module", 255), ("Killed", 137)])
def test_run_without_a_result_fails(judged, text, code):
    passed, failures = judged(text, code)
    assert passed == 0
    assert len(failures) == 1
    assert f"exit code {code}" in failures[0]


def test_good_result_with_a_bad_end_fails(judged):
    _passed, failures = judged(PASSED, code=255)
    assert failures
    assert "255" in failures[0]


def test_warning_in_the_log_fails(judged):
    passed, failures = judged(WARNING + PASSED)
    assert passed == 12
    assert len(failures) == 1
    assert "a <button> without a title" in failures[0]
    assert judged(WARNING + PASSED, watch_log=False) == (12, [])


@pytest.mark.parametrize("level", ["WARNING", "ERROR", "CRITICAL"])
def test_trouble_is_told_once(level):
    line = f"{STAMP} {level} db odoo.sql_db: bad query\n"
    assert odoo_tests._troubles(line * 3) == [f"in the log: {level} odoo.sql_db: bad query"]


def test_harmless_lines_are_left_alone():
    text = f"{STAMP} INFO db odoo.modules: WARNING is a word\n{STAMP} WARNING ? odoo: Running as user 'root' is bad\n"
    assert odoo_tests._troubles(text) == []


def test_ports_are_free():
    port = odoo_tests.free_port()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))
    assert len({odoo_tests.free_port() for _ in range(5)}) > 1
    assert not odoo_tests.answers(port)
