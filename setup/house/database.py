"""Databases: templates by digest, quick copies, the demo."""

import contextlib
import fcntl
import os
import shutil
import subprocess

from . import odoo_source, paths, postgres, python_env, say

# The first one becomes the language of the administrator and of the company.
LANGUAGES = ("en_US", "zh_CN")
# What the suite stands on: installed once, copied for every run.
FOUNDATION = ("portal", "hr", "maintenance", "gamification", "survey", "calendar", "hr_skills", "helpdesk_mgmt")


class House:
    """Odoo on this machine together with a running PostgreSQL."""

    def __init__(self, odoo, server, data=None):
        self.odoo, self.server = odoo, server
        self.data = data or paths.RUN / "data"

    # -- running Odoo ----------------------------------------------------

    def config(self):
        """Odoo's configuration file of this house; every subcommand of Odoo understands it."""
        values = {
            "addons_path": self.addons_path(),
            "data_dir": self.data,
            "max_cron_threads": 0,
            "http_interface": "127.0.0.1",
            **self.server.odoo_config(),
        }
        text = "[options]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())
        path = paths.RUN / f"{self.data.name}.conf"
        if not path.exists() or path.read_text() != text:
            path.touch(0o600)
            path.write_text(text)
        return path

    def addons_path(self):
        return ",".join([*map(str, odoo_source.addons_paths(self.odoo)), str(paths.ROOT)])

    def environment(self):
        keep = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        return {**keep, "ODOO_RC": str(self.config()), "LC_ALL": "C.UTF-8"}

    def command(self, *arguments):
        """The command line of Odoo; the configuration comes by the environment."""
        return [*python_env.odoo_command(), *map(str, arguments)]

    def run(self, why, *arguments, log=None):
        """Run Odoo to its end; trouble becomes a sentence with the last lines of its log."""
        return say.run(self.command(*arguments), why, log=log, env=self.environment(), cwd=paths.ROOT)

    # -- databases --------------------------------------------------------

    def exists(self, name):
        return bool(self.server.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))

    def drop(self, name):
        self.server.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(self.data / "filestore" / name, ignore_errors=True)

    def copy(self, source, target):
        self.drop(target)
        self.server.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        files = self.data / "filestore"
        if (files / source).exists():
            shutil.copytree(files / source, files / target)

    def rename(self, source, target):
        self.drop(target)
        self.server.sql(f'ALTER DATABASE "{source}" RENAME TO "{target}"')
        files = self.data / "filestore"
        if (files / source).exists():
            (files / source).rename(files / target)

    @contextlib.contextmanager
    def building(self, name):
        """A name to build under; it becomes `name` only when the block ends well."""
        work = f"{name}_new"
        self.drop(work)
        yield work
        self.rename(work, name)

    def drop_old(self, prefix, keep):
        for (name,) in self.server.sql(f"SELECT datname FROM pg_database WHERE datname LIKE '{prefix}%'"):
            if name != keep:
                self.drop(name)

    # -- what the house builds ---------------------------------------------

    def foundation(self):
        """Template database with everything the suite depends on, both languages, no demo data."""
        key = paths.digest(self.odoo, python_env.CONSTRAINTS, *FOUNDATION, *LANGUAGES)
        name = f"sqms_foundation_{key}"
        if self.exists(name):
            return name
        with preparing():
            if self.exists(name):
                return name
            self.drop_old("sqms_foundation_", name)
            with say.step("making the template database (once)"), self.building(name) as work:
                self.run(
                    "Making the template database", "-d", work, "-i", ",".join(FOUNDATION),
                    f"--load-language={','.join(LANGUAGES)}", "--stop-after-init", "--log-level=warn",
                    log=paths.RUN / "log" / "foundation.log",
                )  # fmt: skip
        return name

    def demo(self, name="sqms"):
        """The database with the suite, demo data and both languages; brought up to date when the code changed."""
        stamp = paths.RUN / f"{name}.stamp"
        folders = [paths.ROOT / addon for addon in paths.ADDONS]
        wanted = paths.digest(self.odoo, paths.tree_digest(*folders))
        if self.exists(name) and stamp.exists() and stamp.read_text() == wanted:
            return name
        log = paths.RUN / "log" / "demo.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("")
        if self.exists(name) and stamp.exists():
            with say.step("bringing the demo database up to date"):
                self.run("Updating the suite", "-d", name, "-u", ",".join(paths.ADDONS), "-i", ",".join(paths.ADDONS),
                         "--stop-after-init", "--log-level=warn", log=log)  # fmt: skip
        else:
            what = "making the demo database: suite, demo data, English and 简体中文"
            with say.step(what), self.building(name) as work:
                self.run("Installing the suite", "-d", work, "-i", ",".join(paths.ADDONS), "--with-demo",
                         f"--load-language={','.join(LANGUAGES)}", "--stop-after-init", "--log-level=warn",
                         log=log)  # fmt: skip
        self._check_installed(name)
        stamp.write_text(wanted)
        return name

    def _check_installed(self, name):
        """Odoo passes over an addon that it cannot find: we do not."""
        rows = self.server.sql("SELECT name FROM ir_module_module WHERE state = 'installed'", name)
        missing = set(paths.ADDONS) - {row[0] for row in rows}
        if missing:
            raise say.Stop(f"Not installed in {name}: {', '.join(sorted(missing))}.")


@contextlib.contextmanager
def house(odoo, tests=None):
    """The house for the time of the block. Tests have a cluster and a data folder of their own.

    SQMS_CLUSTER=test brings the other commands to the databases of the tests.
    """
    if tests is None:
        tests = os.environ.get("SQMS_CLUSTER") == "test"
    with postgres.server("pg-test" if tests else "pg", fast=tests) as server:
        yield House(odoo, server, paths.RUN / ("data-test" if tests else "data"))


@contextlib.contextmanager
def preparing():
    """One preparation at a time in this folder."""
    paths.RUN.mkdir(exist_ok=True)
    with open(paths.RUN / "preparing", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say.note("- another command is preparing this folder: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def process(command, log, environment):
    """A process for the time of the block, ended by its id."""
    with open(log, "a") as out:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment, cwd=paths.ROOT
        )
        try:
            yield child
        finally:
            child.terminate()
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
