from datetime import timedelta
from threading import Thread

import psycopg2

from odoo import SUPERUSER_ID, api, fields
from odoo.orm.registry import DummyRLock, Registry
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

NUMBER = 9


@tagged("post_install", "-at_install", "sqms_alone")
class TestEscalationTogether(TransactionCase):
    """Two passes at once, and one that breaks off: connections of their own, really committed, then cleaned away."""

    def setUp(self):
        super().setUp()
        self.patch(Registry, "_lock", DummyRLock())
        with self._own() as env:
            documents = env["sqms.document"].create(
                [{"name": f"Escalated together {number}", "document_type": "procedure"} for number in range(NUMBER)]
            )
            versions = env["sqms.document.version"].create(
                [{"document_id": document.id, "content": "<p>Words</p>"} for document in documents]
            )
            reader = env.ref("base.user_admin").partner_id
            self.partner_id, self.email = reader.id, reader.email
            reader.email = "admin@example.com"
            policy = env["sqms.clock.policy"].create(
                {"name": "Together", "code": "together", "res_model": "sqms.document.version"}
            )
            step = env["sqms.clock.step"].create(
                {"policy_id": policy.id, "name": "Hour", "unit": "hours", "target": 3600, "start_states": ""}
            )
            env["sqms.clock.rung"].create(
                [{"step_id": step.id, "kind": "percent", "value": 50, "by": "mail"},
                 {"step_id": step.id, "kind": "percent", "value": 100, "by": "both"}]
            )  # fmt: skip
            policy.action_transition("verify")
            clocks = env["sqms.clock"].start(versions, policy, at=fields.Datetime.now() - timedelta(hours=3))
            # What else this database escalates is none of the test's: put aside, and back afterwards.
            env.cr.execute(
                "SELECT id, next_at FROM sqms_clock WHERE next_at IS NOT NULL AND id != ALL(%s)", [clocks.ids]
            )
            self.aside = env.cr.fetchall()
            env.cr.execute("UPDATE sqms_clock SET next_at = NULL WHERE id = ANY(%s)", [[row[0] for row in self.aside]])
            env.cr.execute("SELECT coalesce(max(id), 0) FROM mail_mail")
            (self.mails_before,) = env.cr.fetchone()
            self.clock_ids, self.version_ids = clocks.ids, versions.ids
            self.document_ids, self.policy_id = documents.ids, policy.id
        self.addCleanup(self._clean_up)

    def _own(self):
        return _Environment(self.registry)

    def _clean_up(self):
        with self._own() as env:
            cr = env.cr
            for table, column in (
                ("mail_message", "model"),
                ("mail_activity", "res_model"),
                ("mail_followers", "res_model"),
            ):
                cr.execute(
                    f"DELETE FROM {table} WHERE {column} = 'sqms.document.version' AND res_id = ANY(%s)",
                    [self.version_ids],
                )
            cr.execute("DELETE FROM mail_mail WHERE id > %s", [self.mails_before])
            cr.execute("DELETE FROM sqms_clock_notice WHERE clock_id = ANY(%s)", [self.clock_ids])
            cr.execute(
                "UPDATE sqms_document_version SET clock_nearest_id = NULL WHERE id = ANY(%s)", [self.version_ids]
            )
            cr.execute("DELETE FROM sqms_clock_event WHERE clock_id = ANY(%s)", [self.clock_ids])
            cr.execute("DELETE FROM sqms_clock WHERE id = ANY(%s)", [self.clock_ids])
            cr.execute("DELETE FROM sqms_clock_policy WHERE id = %s", [self.policy_id])
            cr.execute("DELETE FROM sqms_document_version WHERE id = ANY(%s)", [self.version_ids])
            cr.execute("DELETE FROM sqms_document WHERE id = ANY(%s)", [self.document_ids])
            cr.execute("UPDATE res_partner SET email = %s WHERE id = %s", [self.email, self.partner_id])
            for clock_id, next_at in self.aside:
                cr.execute("UPDATE sqms_clock SET next_at = %s WHERE id = %s", [next_at, clock_id])

    def _states(self):
        with self._own() as env:
            env.cr.execute(
                "SELECT state, count(*) FROM sqms_clock_notice WHERE clock_id = ANY(%s) GROUP BY state",
                [self.clock_ids],
            )
            return dict(env.cr.fetchall())

    def _mails_with_lines(self):
        """How often a deadline is named in the mails, by mail."""
        with self._own() as env:
            env.cr.execute("SELECT body_html FROM mail_mail WHERE id > %s", [self.mails_before])
            return [body.count("<li") for (body,) in env.cr.fetchall()]

    def _run(self, errors, chunk=3):
        try:
            with self._own() as env:
                env["sqms.clock"]._cron_escalate(chunk=chunk)
        except psycopg2.errors.SerializationFailure as error:
            errors.append(error)

    def _start(self, errors):
        thread = Thread(target=self._run, args=(errors,))
        thread.dbname = self.cr.dbname
        thread.start()
        return thread

    def test_what_one_run_holds_another_leaves_alone_without_waiting(self):
        errors = []
        with self._own() as env:
            Clock = env["sqms.clock"]
            ids = Clock._take_reached(5, [])
            Clock.browse(ids)._escalate()
            thread = self._start(errors)
            thread.join(30)
            self.assertFalse(thread.is_alive())
            self.assertEqual(self._states().get("told"), NUMBER - 5)
        self.assertEqual(errors, [])
        self.assertEqual(self._states(), {"told": NUMBER, "passed": NUMBER})
        self._run(errors)
        self.assertEqual((self._states(), errors), ({"told": NUMBER, "passed": NUMBER}, []))
        self.assertEqual(sum(self._mails_with_lines()), NUMBER)

    def test_two_runs_at_once_tell_everything_once(self):
        errors = []
        with mute_logger("odoo.sql_db"):
            threads = [self._start(errors) for _number in range(2)]
            for thread in threads:
                thread.join(60)
        # A run that lost the race to the same rows gives up; the next minute finds what is left.
        self._run([])
        self.assertEqual(self._states(), {"told": NUMBER, "passed": NUMBER})
        self.assertEqual(sum(self._mails_with_lines()), NUMBER)

    def test_a_run_killed_in_the_middle_loses_and_doubles_nothing(self):
        with self._own() as env:
            Clock = env["sqms.clock"]
            Clock.browse(Clock._take_reached(5, []))._escalate()
            env.cr.commit()
            Clock.browse(Clock._take_reached(5, []))._escalate()
            env.cr.rollback()  # the server dies before the second commit, and before any mail
        self.assertEqual(self._states(), {"told": 5, "passed": 5})
        self._run([])
        self.assertEqual(self._states(), {"told": NUMBER, "passed": NUMBER})
        self.assertEqual(self._mails_with_lines(), [NUMBER])


class _Environment:
    """An environment on a connection of its own, committed at the end."""

    def __init__(self, registry):
        self.registry = registry

    def __enter__(self):
        self.cursor = self.registry.cursor()
        return api.Environment(self.cursor, SUPERUSER_ID, {"tracking_disable": True, "lang": "en_US"})

    def __exit__(self, kind, *rest):
        try:
            if kind is None:
                self.cursor.commit()
        finally:
            self.cursor.close()
