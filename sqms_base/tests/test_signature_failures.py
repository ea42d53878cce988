import logging
from contextlib import suppress
from threading import Barrier, Thread
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessDenied, AccessError
from odoo.orm.registry import DummyRLock, Registry
from odoo.tests import tagged

from ..models.sqms_signature_failure import LIMIT
from .signature_common import SignatureCase, new_test_user, password_of, sign_step


@tagged("post_install", "-at_install", "sqms_alone")
class TestSignatureFailures(SignatureCase):
    """The counter: of many denied attempts only so many are looked at, whatever is rolled back."""

    def test_too_many_failures_shut_the_door_for_a_while(self):
        version = self._in_review()
        own = version.with_user(self.manager)
        for _attempt in range(LIMIT):
            with self.assertRaisesRegex(AccessDenied, "not your password"):
                own.action_sign_step("approve", "wrong")
        self.assertEqual(self._failures(self.manager), LIMIT)
        for password in ("wrong", password_of(self.manager)):
            with self.assertRaisesRegex(AccessDenied, "5 attempts to sign were denied. Please wait 15 minutes"):
                own.action_sign_step("approve", password)
        self.assertEqual(self._failures(self.manager), LIMIT, "what was not looked at does not count")
        self.assertIn("wait 15 minutes", own.signature_sheet("approve")["obstacle"])
        sign_step(version, "approve", self.second_manager)

    def test_the_door_opens_again(self):
        version = self._in_review()
        for _attempt in range(LIMIT):
            with self.assertRaises(AccessDenied):
                version.with_user(self.manager).action_sign_step("approve", "wrong")
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE sqms_signature_failure SET at = at - INTERVAL '14 minutes' WHERE uid = %s", [self.manager.id]
            )
        with self.assertRaisesRegex(AccessDenied, "wait 1 minutes"):
            sign_step(version, "approve", self.manager)
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE sqms_signature_failure SET at = at - INTERVAL '61 seconds' WHERE uid = %s", [self.manager.id]
            )
        sign_step(version, "approve", self.manager)
        self.assertEqual(version.state, "effective")

    def test_success_leaves_no_mark(self):
        self._create_in_force()
        self.assertEqual((self._failures(self.manager), self._failures(self.officer)), (0, 0))

    def test_what_breaks_otherwise_is_no_failure(self):
        version = self._in_review()
        with (
            patch.object(self.registry["res.users"], "_check_credentials", side_effect=ZeroDivisionError),
            self.assertRaises(ZeroDivisionError),
        ):
            sign_step(version, "approve", self.manager)
        self.assertEqual(self._failures(self.manager), 0)
        self.assertEqual(version.state, "review")

    def test_many_attempts_at_once_are_counted(self):
        self.patch(Registry, "_lock", DummyRLock())
        uid, looked_at, at_once = 987654321, [], 4 * LIMIT
        barrier, errors = Barrier(at_once), []

        def attempt():
            try:
                with self.registry.cursor() as cr:
                    failures = api.Environment(cr, SUPERUSER_ID, {})["sqms.signature.failure"]
                    barrier.wait(20)
                    with suppress(AccessDenied), failures._attempt(uid, ""):
                        looked_at.append(1)
                        raise AccessDenied
            except Exception as error:
                errors.append(error)

        threads = [Thread(target=attempt) for _number in range(at_once)]
        for thread in threads:
            thread.dbname = self.cr.dbname
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertFalse(errors)
        self.assertLessEqual(len(looked_at), LIMIT)

    def test_old_failures_are_cleared_away(self):
        self.env.cr.execute(
            "INSERT INTO sqms_signature_failure (uid, at) VALUES (1, now() - INTERVAL '91 days'), (1, now())"
        )
        before = self.env["sqms.signature.failure"].search_count([("uid", "=", 1)])
        self.env["sqms.signature.failure"]._gc_failures()
        self.assertEqual(self.env["sqms.signature.failure"].search_count([("uid", "=", 1)]), before - 1)

    def test_failures_are_seen_by_administrators_alone_and_written_by_nobody(self):
        failures = self.env["sqms.signature.failure"]
        for user in (self.manager, self.plain, self.portal):
            with self.assertRaises(AccessError):
                failures.with_user(user).search([])
            with self.assertRaises(AccessError):
                failures.with_user(user).create({"uid": 1, "at": fields.Datetime.now()})
        admin = new_test_user(self.env, login="sqms_system", groups="base.group_system")
        failures.with_user(admin).search([])
        with self.assertRaises(AccessError):
            failures.with_user(admin).create({"uid": 1, "at": fields.Datetime.now()})
        self.assertFalse(
            failures.with_user(admin).has_access("unlink") or failures.with_user(admin).has_access("write")
        )


@tagged("post_install", "-at_install", "sqms_alone")
class TestSignaturePassword(SignatureCase):
    def test_password_is_kept_nowhere(self):
        version = self._in_review()
        right, wrong = "Zxq-9:correct-horse", "Zxq-9:wrong-battery"
        self.manager.password = right
        with self.assertLogs("odoo", level="DEBUG") as logs:
            with self.assertRaises(AccessDenied):
                version.with_user(self.manager).action_sign_step("approve", wrong)
            version.with_user(self.manager).action_sign_step("approve", right)
            self.env.flush_all()
            logging.getLogger("odoo.sqms_test").debug("there is a log")
        self.assertIn("there is a log", "\n".join(logs.output))
        self.assertNotIn("Zxq-9", "\n".join(logs.output))
        self.env.cr.execute(
            """
            SELECT table_name, column_name FROM information_schema.columns
             WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'jsonb', 'json')
               AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public')
            """
        )
        found = []
        for table, column in self.env.cr.fetchall():
            self.env.cr.execute(f"""SELECT 1 FROM "{table}" WHERE "{column}"::text LIKE '%%Zxq-9%%' LIMIT 1""")
            if self.env.cr.fetchone():
                found.append((table, column))
        self.assertFalse(found)
