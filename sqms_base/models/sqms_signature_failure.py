from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessDenied

LIMIT = 5
MINUTES = 15


class SqmsSignatureFailure(models.Model):
    """Attempts to sign that were denied, or are being checked.

    1. Each attempt is written down, in a transaction of its own, before the password is looked at, and struck
       out when it was right: neither a rollback nor many requests at once give more attempts than allowed.
    2. After five denied ones within fifteen minutes that user signs nothing until the oldest is past.
    3. The counter is kept for the user, not for the address: colleagues behind the same one go on signing.
    """

    _name = "sqms.signature.failure"
    _description = "Denied Attempt to Sign"
    _log_access = False
    _order = "id desc"
    _rec_name = "uid"

    # An integer: a foreign key would wait for the locks of the request that is being checked.
    uid = fields.Integer(string="User ID", required=True, readonly=True)
    at = fields.Datetime(required=True, readonly=True)
    address = fields.Char(readonly=True)

    _uid_at_idx = models.Index("(uid, at)")

    @api.model
    def _own_cursor(self):
        return self.env.registry.cursor()

    @contextmanager
    def _attempt(self, uid, address):
        """Around one check of the credentials of a user: denied attempts stay written, all others are struck out.

        :raise AccessDenied: too many were denied already
        """
        with self._own_cursor() as cr:
            cr.execute(
                "INSERT INTO sqms_signature_failure (uid, at, address)"
                " VALUES (%s, clock_timestamp() AT TIME ZONE 'UTC', %s) RETURNING id",
                [uid, address],
            )
            [attempt] = cr.fetchone()
        try:
            self._refuse_too_many(uid, attempt)
        except BaseException:
            self._strike_out(attempt)
            raise
        try:
            yield
        except AccessDenied:
            raise
        except BaseException:
            self._strike_out(attempt)
            raise
        self._strike_out(attempt)

    def _strike_out(self, attempt):
        with self._own_cursor() as cr:
            cr.execute("DELETE FROM sqms_signature_failure WHERE id = %s", [attempt])

    def _refuse_too_many(self, uid, attempt=None):
        """A new transaction, so that what others wrote meanwhile counts: of many at once at most the limit pass."""
        minutes = self._minutes_to_wait(uid, attempt)
        if minutes:
            raise AccessDenied(
                self.env._(
                    "%(limit)s attempts to sign were denied. Please wait %(minutes)s minutes, or set a new password"
                    " if you have forgotten yours. Nothing was signed.",
                    limit=LIMIT,
                    minutes=minutes,
                )
            )

    def _minutes_to_wait(self, uid, attempt=None):
        with self._own_cursor() as cr:
            cr.execute(
                """
                SELECT ceil(extract(epoch FROM at - clock_timestamp() AT TIME ZONE 'UTC') / 60.0 + %(minutes)s)
                  FROM sqms_signature_failure
                 WHERE uid = %(uid)s
                   AND id != %(attempt)s
                   AND at > clock_timestamp() AT TIME ZONE 'UTC' - %(minutes)s * INTERVAL '1 minute'
              ORDER BY at DESC
                OFFSET %(others)s LIMIT 1
                """,
                {"uid": uid, "attempt": attempt or 0, "minutes": MINUTES, "others": LIMIT - 1},
            )
            row = cr.fetchone()
        return max(1, int(row[0])) if row else 0

    @api.autovacuum
    def _gc_failures(self):
        self.env.cr.execute(
            "DELETE FROM sqms_signature_failure WHERE at < clock_timestamp() AT TIME ZONE 'UTC' - INTERVAL '90 days'"
        )
