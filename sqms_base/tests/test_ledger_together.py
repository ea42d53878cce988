import random
import time
from threading import Barrier, Thread

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.orm.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

WRITERS, ROUNDS = 4, 3


@tagged("post_install", "-at_install", "sqms_alone")
class TestLedgerTogether(TransactionCase):
    """Several requests write at once: cursors of their own, really committed, cleaned away afterwards."""

    def setUp(self):
        super().setUp()
        # The test runner holds the lock on the registries, for which the other requests would wait for ever.
        self.patch(Registry, "_lock", DummyRLock())
        with self.registry.cursor() as cr:
            env = self._env(cr)
            documents = env["sqms.document"].create(
                [{"name": f"Together {number}", "document_type": "procedure"} for number in range(WRITERS)]
            )
            self.ids = documents.ids
        self.addCleanup(self._clean_up)

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "lang": "en_US"})

    def _clean_up(self):
        with self.registry.cursor() as cr:
            cr.execute("ALTER TABLE sqms_ledger_entry DISABLE TRIGGER sqms_ledger_refuse")
            for table in ("sqms_ledger_entry", "sqms_ledger_value", "sqms_ledger_head"):
                cr.execute(f"DELETE FROM {table} WHERE res_model = 'sqms.document' AND res_id IN %s", [tuple(self.ids)])
            cr.execute("ALTER TABLE sqms_ledger_entry ENABLE ALWAYS TRIGGER sqms_ledger_refuse")
            cr.execute("DELETE FROM sqms_document WHERE id IN %s", [tuple(self.ids)])

    def _write(self, ids, words, retries):
        """As the request layer does it: again on a new snapshot when the database says so."""
        with self.registry.cursor() as cr:
            env = self._env(cr)

            def work():
                retries.append(words)
                documents = env["sqms.document"].browse(ids)
                documents.mapped("name")  # the snapshot is taken
                time.sleep(random.random() / 50)
                for document in documents:
                    document.name = f"{words} {document.id}"
                documents._ledger_log("override", reason=words)

            while True:
                try:
                    return retrying(work, env)
                except psycopg2.errors.SerializationFailure:
                    cr.rollback()  # five in a row: a person would press the button once more

    def _at_once(self, ids_of):
        start, failures, retries = Barrier(WRITERS), [], []

        def writer(number):
            try:
                for turn in range(ROUNDS):
                    start.wait(60)
                    self._write(ids_of(number), f"Writer {number} turn {turn}", retries)
            except Exception as failure:
                failures.append(repr(failure))
                start.abort()

        threads = [Thread(target=writer, args=(number,)) for number in range(WRITERS)]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.dbname = self.cr.dbname
                thread.start()
            for thread in threads:
                thread.join(120)
        self.assertEqual(failures, [])
        return retries

    def _chains(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            mine = [row for row in env["sqms.ledger.entry"]._check_ledger() if row[:2] in self._keys()]
            self.assertEqual(mine, [])
            return {
                id_: env["sqms.ledger.entry"].search_count([("res_model", "=", "sqms.document"), ("res_id", "=", id_)])
                for id_ in self.ids
            }

    def _keys(self):
        return [("sqms.document", id_) for id_ in self.ids]

    def test_same_record(self):
        retries = self._at_once(lambda number: self.ids[:1])
        self.assertGreater(len(retries), WRITERS * ROUNDS, "they did get into each other's way")
        self.assertEqual(self._chains()[self.ids[0]], 1 + 2 * WRITERS * ROUNDS)

    def test_same_records_in_different_order(self):
        self._at_once(lambda number: self.ids if number % 2 else self.ids[::-1])
        self.assertEqual(set(self._chains().values()), {1 + 2 * WRITERS * ROUNDS})

    def test_different_records(self):
        retries = self._at_once(lambda number: [self.ids[number]])
        self.assertEqual(len(retries), WRITERS * ROUNDS, "nobody waits for anybody")
        self.assertEqual(set(self._chains().values()), {1 + 2 * ROUNDS})

    def test_event_without_a_write_is_told_apart_by_the_ledger_alone(self):
        """No row of the record is locked here: the chain itself finds out that somebody was first."""
        with self.registry.cursor() as first, self.registry.cursor() as second:
            for cr in (first, second):
                self._env(cr)["sqms.document"].browse(self.ids[:1]).read(["name"])
            self._env(first)["sqms.document"].browse(self.ids[:1])._ledger_log("override")
            first.commit()
            with self.assertRaises(psycopg2.errors.SerializationFailure), mute_logger("odoo.sql_db"):
                self._env(second)["sqms.document"].browse(self.ids[:1])._ledger_log("override")
            second.rollback()
            self._env(second)["sqms.document"].browse(self.ids[:1])._ledger_log("override")
            second.commit()
        self.assertEqual(self._chains()[self.ids[0]], 3)

    def test_two_anchors_at_once(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            for cr in (first, second):
                self._env(cr)["sqms.document"].browse(self.ids[:1]).read(["name"])
            anchor = self._env(first)["sqms.ledger.anchor"]._anchor()
            self.assertTrue(anchor)
            self.addCleanup(self._drop_anchors, anchor.number)
            first.commit()
            with self.assertRaises(psycopg2.errors.SerializationFailure), mute_logger("odoo.sql_db"):
                self._env(second)["sqms.ledger.anchor"]._anchor()
            second.rollback()

    def _drop_anchors(self, number):
        with self.registry.cursor() as cr:
            cr.execute("ALTER TABLE sqms_ledger_anchor DISABLE TRIGGER sqms_ledger_refuse")
            cr.execute("DELETE FROM sqms_ledger_anchor WHERE number >= %s", [number])
            cr.execute("TRUNCATE sqms_ledger_head")
            cr.execute("ALTER TABLE sqms_ledger_anchor ENABLE ALWAYS TRIGGER sqms_ledger_refuse")
