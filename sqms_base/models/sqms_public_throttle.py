import hmac
import ipaddress
import logging
import secrets
import time

from odoo import api, models
from odoo.http import request
from odoo.sql_db import db_connect
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

KEEP_SECONDS = 2 * 24 * 3600


class SqmsPublicThrottle(models.AbstractModel):
    """Counters that keep guessers and machines off the public pages.

    1. What is counted (an address, a case number) is kept as a digest whose secret changes every day and is
       thrown away: nobody can find out later who was here.
    2. A count holds even if the request fails: it is written and committed on a connection of its own.
    3. The tables are not logged. After a crash of the database the counters start anew, which is harmless.
    4. An address inside the company's own network says nothing about the visitor (there is a proxy in front):
       then only the other limits hold.
    """

    _name = "sqms.public.throttle"
    _description = "Counters of the public pages"

    # purpose: (how many, in how many seconds)
    _limits = {
        "intake_address": (12, 3600),
        "intake_all": (60, 60),
        "failure_address": (20, 900),
        "failure_number": (10, 900),
        "failure_word": (10, 900),
        "failure_all": (300, 60),
        "message_case": (30, 3600),
        "feedback_address": (12, 3600),
        "feedback_all": (60, 60),
    }
    # Whoever keeps guessing one number waits; a lock would let strangers lock out the customer.
    _delay_seconds = 1.0

    def init(self):
        self.env.cr.execute(
            """
            CREATE UNLOGGED TABLE IF NOT EXISTS sqms_public_throttle (
                key bytea NOT NULL,
                slot integer NOT NULL,
                hits integer NOT NULL,
                seen integer NOT NULL,
                PRIMARY KEY (key, slot)
            );
            CREATE UNLOGGED TABLE IF NOT EXISTS sqms_public_throttle_secret (
                day integer PRIMARY KEY,
                secret bytea NOT NULL
            )
            """
        )

    @api.private
    def hit(self, purpose, value=""):
        """Count once more.

        :return: whether the limit is still kept
        """
        limit, seconds = self._limits[purpose]
        return self._count(purpose, value, seconds) <= limit

    @api.private
    def first_time(self, purpose, value):
        """Whether this value is seen for the first time in an hour.

        Odoo runs a request anew that lost against another one; for that it is still the first time.
        """
        claimed = request.__dict__.setdefault("sqms_claimed", set())
        if (purpose, value) not in claimed and self._count(purpose, value, 3600) > 1:
            return False
        claimed.add((purpose, value))
        return True

    @api.private
    def is_within(self, purpose, value=""):
        """Whether the limit is still kept, without counting."""
        limit, seconds = self._limits[purpose]
        now = int(time.time())
        with self._cursor() as cr:
            cr.execute(
                SQL(
                    "SELECT hits FROM sqms_public_throttle WHERE key = %s AND slot = %s",
                    self._key(cr, now, purpose, value),
                    now // seconds,
                )
            )
            row = cr.fetchone()
        return not row or row[0] < limit

    @api.private
    def slow_down(self):
        time.sleep(self._delay_seconds)

    @api.private
    def address(self):
        """The visitor's address as far as it tells one visitor from another, or None."""
        try:
            address = ipaddress.ip_address(request.httprequest.remote_addr or "")
        except ValueError:
            return None
        if not address.is_global:
            self._note_private_address()
            return None
        if address.version == 6:
            # A household has a /64 and as many addresses in it as it likes.
            return str(ipaddress.ip_network((address, 64), strict=False))
        return str(address)

    def _note_private_address(self):
        if not SqmsPublicThrottle._private_address_noted:
            SqmsPublicThrottle._private_address_noted = True
            _logger.info(
                "Visitors of the public pages arrive with a private address: the limit per address is off. "
                "Behind a proxy set proxy_mode and X-Forwarded-Host to have it back."
            )

    _private_address_noted = False

    def _count(self, purpose, value, seconds):
        now = int(time.time())
        with self._cursor() as cr:
            cr.execute(
                SQL(
                    """
                    INSERT INTO sqms_public_throttle AS counter (key, slot, hits, seen)
                         VALUES (%s, %s, 1, %s)
                    ON CONFLICT (key, slot) DO UPDATE SET hits = counter.hits + 1
                      RETURNING hits
                    """,
                    self._key(cr, now, purpose, value),
                    now // seconds,
                    now,
                )
            )
            return cr.fetchone()[0]

    def _cursor(self):
        # Not the registry's: in tests that one is the test's own transaction, which cannot commit.
        return _CommittingCursor(self.env.cr.dbname)

    def _key(self, cr, now, purpose, value):
        day = now // 86400
        cr.execute(SQL("SELECT secret FROM sqms_public_throttle_secret WHERE day = %s", day))
        row = cr.fetchone()
        if not row:
            cr.execute(
                SQL(
                    """
                    INSERT INTO sqms_public_throttle_secret AS today (day, secret) VALUES (%s, %s)
                    ON CONFLICT (day) DO UPDATE SET day = today.day
                      RETURNING secret
                    """,
                    day,
                    secrets.token_bytes(32),
                )
            )
            row = cr.fetchone()
        return hmac.digest(bytes(row[0]), f"{purpose}:{value}".encode(), "sha256")[:16]

    @api.autovacuum
    def _gc_counters(self):
        oldest = int(time.time()) - KEEP_SECONDS
        self.env.cr.execute(SQL("DELETE FROM sqms_public_throttle WHERE seen < %s", oldest))
        self.env.cr.execute(SQL("DELETE FROM sqms_public_throttle_secret WHERE day < %s", oldest // 86400))


class _CommittingCursor:
    """A connection of its own at READ COMMITTED, so that two who count at once both count."""

    def __init__(self, dbname):
        self.dbname = dbname

    def __enter__(self):
        self.cr = db_connect(self.dbname).cursor()
        self.cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        return self.cr

    def __exit__(self, kind, error, trace):
        try:
            if kind is None:
                self.cr.commit()  # pylint: disable=invalid-commit
        finally:
            self.cr.close()
