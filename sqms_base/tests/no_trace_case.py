import contextlib
import logging
import os
import time
from pathlib import Path

from odoo.http import root
from odoo.sql_db import db_connect
from odoo.tests import HttpCase
from odoo.tools import SQL, config

from .deep_search import found_in, spellings
from .marked_files import cleanable

# Each stands for one way in which a visit could be told.
ADDRESS, DEVICE, COOKIE = "203.0.113.177", "zqdevicemark/9.7", "zqcookiemark"
LANGUAGE, REFERRER, FILE, PERSON = "zz-zqlanguagemark", "zqreferrermark", "zqfilemark", "zqpersonmark"
MARKS = [ADDRESS, DEVICE, COOKIE, LANGUAGE, REFERRER, FILE, PERSON]
# The browser of the test itself, which is no part of the server.
OUTSIDE = ("urllib3", "requests", "odoo.tests", "odoo.addons.sqms_base.tests", "asyncio")


class Listener(logging.Handler):
    """Hears whatever is logged, down to debug."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        if not record.name.startswith(OUTSIDE):
            with contextlib.suppress(Exception):
                self.lines.append(f"{record.name} {record.getMessage()} {record.exc_info or ''}")


class NoTraceCase(HttpCase):
    """Marks of a visitor are planted wherever a visit could leave one, and looked for everywhere."""

    allow_inherited_tests_method = True

    def setUp(self):
        super().setUp()
        self.opener.cookies.pop("session_id", None)
        self.started = time.time() - 1
        self.known = set(self._paths(self._filestore()))
        self.addCleanup(self._forget_files)

    # -- planting ----------------------------------------------------------------

    def _headers(self):
        port = self.base_url().rpartition(":")[2]
        return {
            "User-Agent": DEVICE,
            "Accept-Language": f"{LANGUAGE},en;q=0.3",
            "Referer": f"http://127.0.0.1:{port}/{REFERRER}",
            "X-Forwarded-For": ADDRESS,
            "X-Forwarded-Host": f"127.0.0.1:{port}",
            "X-Forwarded-Proto": "http",
        }

    def _files(self, names=None):
        wanted = {name: content for name, content in cleanable(FILE).items() if not names or name.endswith(names)}
        return [("files", (name, content, f"x/{FILE}")) for name, content in wanted.items()]

    @contextlib.contextmanager
    def _listening(self):
        """Everything at the level debug, without filling the log of the test."""
        listener = Listener()
        loggers = [logging.getLogger(name) for name in ("", "odoo", "werkzeug", "odoo.http", "odoo.sql_db")]
        levels = [logger.level for logger in loggers]
        kept = [(handler, handler.level) for handler in logging.getLogger().handlers]
        for handler, _level in kept:
            handler.setLevel(logging.WARNING)
        for logger in loggers:
            logger.setLevel(logging.DEBUG)
        logging.getLogger().addHandler(listener)
        try:
            yield listener
        finally:
            logging.getLogger().removeHandler(listener)
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)
            for handler, level in kept:
                handler.setLevel(level)

    # -- looking -----------------------------------------------------------------

    def _everywhere(self, marks, listener=None):
        """`{place: marks found there}`: every column of every table, files, sessions, log."""
        self.env.flush_all()
        found = self._in_tables(self.env.cr, marks)
        # What was committed on other connections meanwhile is not seen by the test's own transaction.
        with db_connect(self.env.cr.dbname).cursor() as cr:
            found |= {f"committed {place}": seen for place, seen in self._in_tables(cr, marks).items()}
        for place, folder in (("filestore", self._filestore()), ("sessions", root.session_store.path)):
            for path in self._recent_files(folder):
                with open(path, "rb") as file:
                    seen = found_in(file.read(), marks)
                if seen:
                    found[f"{place} {os.path.basename(path)}"] = seen
        if listener:
            seen = found_in("\n".join(listener.lines).encode(errors="replace"), marks)
            if seen:
                found["log"] = seen
        return found

    def _in_tables(self, cr, marks):
        cr.execute(
            """
            SELECT c.oid::regclass::text, array_agg(a.attname ORDER BY a.attnum),
                   array_agg(a.attname) FILTER (WHERE a.atttypid = 'bytea'::regtype)
              FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
          GROUP BY c.oid
            """
        )
        tables = cr.fetchall()
        self.assertGreater(len(tables), 200)
        patterns = [
            f"%{spelling.decode('ascii').lower()}%"
            for mark in marks
            for spelling in spellings(mark)
            if spelling.isascii() and b"\0" not in spelling
        ]
        found = {}
        for table, _columns, packed in tables:
            cr.execute(f"SELECT lower(t::text) FROM {table} t WHERE lower(t::text) LIKE ANY(%s)", [patterns])
            seen = set().union(*(found_in(row.encode(), marks) for (row,) in cr.fetchall()))
            for column in packed or ():
                cr.execute(
                    SQL("SELECT %s FROM %s WHERE length(%s) > 20", *map(SQL.identifier, (column, table, column)))
                )
                seen = seen.union(*(found_in(bytes(content), marks) for (content,) in cr.fetchall()))
            if seen:
                found[table] = seen
        return found

    def _filestore(self):
        return config.filestore(self.env.cr.dbname)

    def _paths(self, folder):
        return [os.path.join(place, name) for place, _folders, names in os.walk(folder) for name in names]

    def _forget_files(self):
        """What a test puts there stays there, and the next one must not find it."""
        for path in set(self._paths(self._filestore())) - self.known:
            os.remove(path)

    def _recent_files(self, folder):
        """What is new, or was changed: by the entry in the folder, as the other time is set back on purpose."""
        for path in self._paths(folder):
            with contextlib.suppress(FileNotFoundError):
                if path not in self.known and os.stat(path).st_ctime >= self.started:
                    yield path

    def _own_sessions(self):
        """Sessions of this database: another run beside this one keeps its own in the same place."""
        name = f'"{self.env.cr.dbname}"'.encode()
        own = set()
        for path in self._recent_files(root.session_store.path):
            with contextlib.suppress(FileNotFoundError):
                if name in Path(path).read_bytes():
                    own.add(path)
        return own
