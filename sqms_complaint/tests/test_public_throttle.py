import logging

from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.sqms_base.lib.no_trace import NoTrace


@tagged("post_install", "-at_install", "sqms_alone")
class TestPublicThrottle(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.throttle = cls.env["sqms.public.throttle"]

    def setUp(self):
        super().setUp()
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("DELETE FROM sqms_public_throttle")

    def _rows(self):
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("SELECT row_to_json(c)::text, hits FROM sqms_public_throttle c")
            return cr.fetchall()

    def test_limit_holds_and_survives_a_failing_request(self):
        limit, _seconds = self.throttle._limits["failure_number"]
        with mute_logger("odoo.sql_db"), self.env.cr.savepoint(flush=False) as savepoint:
            for _hit in range(limit):
                self.assertTrue(self.throttle.hit("failure_number", "C/2026/0001"))
            savepoint.rollback()
        self.assertFalse(self.throttle.is_within("failure_number", "C/2026/0001"))
        self.assertFalse(self.throttle.hit("failure_number", "C/2026/0001"))
        self.assertTrue(self.throttle.is_within("failure_number", "C/2026/0002"))

    def test_what_is_counted_cannot_be_read(self):
        self.throttle.hit("intake_address", "203.0.113.7")
        rows = self._rows()
        self.assertEqual([hits for _row, hits in rows], [1])
        self.assertNotIn("203.0.113", rows[0][0])

    def test_old_counters_and_secrets_go_away(self):
        self.env.cr.execute("INSERT INTO sqms_public_throttle VALUES ('x', 1, 1, 1)")
        self.env.cr.execute("INSERT INTO sqms_public_throttle_secret VALUES (1, 'x')")
        self.throttle._gc_counters()
        self.env.cr.execute("SELECT 1 FROM sqms_public_throttle WHERE slot = 1")
        self.assertFalse(self.env.cr.fetchone())
        self.env.cr.execute("SELECT 1 FROM sqms_public_throttle_secret WHERE day = 1")
        self.assertFalse(self.env.cr.fetchone())

    def test_tables_are_not_logged(self):
        self.env.cr.execute(
            "SELECT relpersistence FROM pg_class WHERE relname LIKE 'sqms_public_throttle%' AND relkind = 'r'"
        )
        self.assertEqual({row[0] for row in self.env.cr.fetchall()}, {"u"})

    def test_counters_are_not_reached_from_outside(self):
        for name in ("hit", "first_time", "is_within", "slow_down", "address"):
            with self.assertRaises(AccessError):
                get_public_method(self.throttle, name)


@tagged("post_install", "-at_install", "sqms_alone")
class TestNoTrace(TransactionCase):
    def _logged(self, line):
        record = logging.LogRecord("werkzeug", logging.INFO, "", 0, line, (), None)
        self.assertTrue(NoTrace().filter(record))
        return record.getMessage()

    def test_visits_to_the_complaint_pages_lose_address_and_query(self):
        for request, kept in (
            ("GET /complaint?x=secret HTTP/1.1", "GET /complaint"),
            ("POST /zh_CN/complaint HTTP/1.1", "POST /zh_CN/complaint"),
            ("GET /complaint/status?number=C/2026/0001 HTTP/1.1", "GET /complaint/status"),
            ("GET /complaint/%00secret HTTP/1.1", "GET /complaint/"),
            ("\x1b[1m\x1b[31mPOST /complaint HTTP/1.1\x1b[0m", "POST /complaint"),
        ):
            line = self._logged(f'203.0.113.7 - - [10/Nov/2026 20:14:00] "{request}" 200 -')
            self.assertEqual(line, f"- - - {kept} 200")

    def test_other_visits_are_logged_as_ever(self):
        for request in ("GET /my/complaints HTTP/1.1", "GET /web/login HTTP/1.1", "POST /complaints HTTP/1.1"):
            line = f'203.0.113.7 - - [10/Nov/2026 20:14:00] "{request}" 200 -'
            self.assertEqual(self._logged(line), line)

    def test_filter_is_in_place(self):
        self.assertTrue(any(isinstance(found, NoTrace) for found in logging.getLogger("werkzeug").filters))
