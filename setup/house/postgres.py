"""PostgreSQL: an existing server through PGHOST and friends, else a private cluster.

The cluster lies under `.run/`, listens on a unix socket only and is run by an unprivileged user when
started by root. It is shared by the commands running at the same time; the last one to leave ends it.
"""

import contextlib
import fcntl
import json
import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path

from . import paths, say, system

USER = "sqms"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "-1",
}
# Databases for tests and benchmarks are made anew at will: speed before safety.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Server:
    """Where the databases are, and how Odoo reaches them."""

    def __init__(self, host="", port="", user="", password=""):
        self.host, self.port, self.user, self.password = host, port, user, password

    def environment(self):
        values = {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user, "PGPASSWORD": self.password}
        return {**os.environ, **{key: value for key, value in values.items() if value}}

    def odoo_config(self):
        values = {"db_host": self.host, "db_port": self.port, "db_user": self.user, "db_password": self.password}
        return {key: value for key, value in values.items() if value}

    def sql(self, query, database="postgres"):
        """Rows of a query as lists of text, through psql or the driver, whichever is there."""
        code = (
            "import sys, json, psycopg2\n"
            "c = psycopg2.connect(dbname=sys.argv[1]); c.autocommit = True\n"
            "q = c.cursor(); q.execute(sys.argv[2])\n"
            "print(json.dumps([[str(v) for v in row] for row in q.fetchall()] if q.description else []))"
        )
        done = subprocess.run(
            [str(paths.PYTHON), "-c", code, database, query],
            env=self.environment(), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if done.returncode:
            raise say.Stop(f"PostgreSQL refused: {done.stderr.strip().splitlines()[-1]}")
        return json.loads(done.stdout)


@contextlib.contextmanager
def server(name="pg", fast=False):
    """A running PostgreSQL for the time of the block."""
    if system.has_external_postgres():
        env = os.environ.get
        yield Server(env("PGHOST", ""), env("PGPORT", ""), env("PGUSER", ""), env("PGPASSWORD", ""))
        return
    with Cluster(name, fast).running() as here:
        yield here


class Cluster:
    def __init__(self, name, fast):
        self.name, self.fast = name, fast
        self.bin = system.postgres_bin()
        self.owner = _unprivileged() if os.geteuid() == 0 else None
        self.base = self._base()
        self.data = self.base / "data"
        self.socket = self.base / "s"
        if len(str(self.socket)) > 80:  # a unix socket's path ends at 107 bytes
            self.socket = Path("/tmp") / f"sqms-{paths.digest(self.base)}"

    def _base(self):
        """Under `.run/`, or where the unprivileged user can reach it when the project lies in root's home."""
        base = paths.RUN / self.name
        if self.owner and not _reachable(paths.ROOT):
            base = Path("/var/lib/sqms") / paths.digest(paths.ROOT) / self.name
        return base

    @contextlib.contextmanager
    def running(self):
        self.base.mkdir(parents=True, exist_ok=True)
        with open(paths.RUN / f"{self.name}.users", "a") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            with _exclusive(paths.RUN / f"{self.name}.start"):
                self._start()
            try:
                yield Server(str(self.socket), "5432", USER)
            finally:
                with _exclusive(paths.RUN / f"{self.name}.start"), contextlib.suppress(BlockingIOError):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self._stop()

    def _start(self):
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._check_version()
        self._own(self.base)
        self.socket.mkdir(exist_ok=True)
        self._own(self.socket)
        self.socket.chmod(0o700)
        if self._ctl("status").returncode == 0:
            return
        log = self.base / "server.log"
        # Without waiting for pg_ctl's own pipe: the server would keep it open.
        started = self._ctl("start", "-w", "-t", "60", "-l", str(log))
        if started.returncode:
            tail = log.read_text(errors="replace").strip().splitlines()[-3:] if log.exists() else []
            raise say.Stop(f"PostgreSQL does not start: {' / '.join(tail) or 'see ' + str(log)}")

    def _create(self):
        building = self.base / "data.new"
        shutil.rmtree(building, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        self._own(self.base)
        with say.step("making a private PostgreSQL cluster"):
            say.run(
                self._as_owner([str(self.bin / "initdb"), "-D", str(building), "-U", USER, "-A", "trust",
                                "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]),
                "Making the PostgreSQL cluster", cwd="/",
            )  # fmt: skip
            with open(building / "postgresql.auto.conf", "a") as conf:
                for key, value in {**SETTINGS, **(FAST if self.fast else {})}.items():
                    conf.write(f"{key} = '{value}'\n")
            building.rename(self.data)

    def _check_version(self):
        made = (self.data / "PG_VERSION").read_text().strip()
        if self.bin.parent.name.isdigit() and self.bin.parent.name != made:
            older = self.bin.parent.parent / made / "bin"
            if not older.exists():
                raise say.Stop(
                    f"{self.data} was made by PostgreSQL {made}, this machine has {self.bin.parent.name}: "
                    f"remove {self.base} (the demo data is made again) or install postgresql-{made}."
                )
            self.bin = older

    def _stop(self):
        self._ctl("stop", "-m", "fast", "-w", "-t", "60")

    def _ctl(self, action, *more):
        options = [] if action != "start" else ["-o", f"-k {self.socket} -p 5432"]
        return subprocess.run(
            self._as_owner([str(self.bin / "pg_ctl"), action, "-D", str(self.data), *more, *options]),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            cwd="/", check=False, start_new_session=True,
        )  # fmt: skip

    def _as_owner(self, command):
        if not self.owner:
            return command
        return ["setpriv", f"--reuid={self.owner.pw_uid}", f"--regid={self.owner.pw_gid}", "--clear-groups", *command]

    def _own(self, folder):
        if self.owner:
            os.chown(folder, self.owner.pw_uid, self.owner.pw_gid)


def _unprivileged():
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise say.Stop("PostgreSQL does not run as root and there is no other user here: start as an ordinary user.")


def _reachable(folder):
    """Whether any user may walk down to the folder."""
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents))


@contextlib.contextmanager
def _exclusive(path):
    with open(path, "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def wait_for(check, seconds):
    """Whether the check becomes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.2)
    return False
