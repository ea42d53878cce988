from threading import Event, Thread

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.orm.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install", "sqms_alone")
class TestTwoPeopleAtOnce(TransactionCase):
    """Two requests press the same button: cursors of their own, really committed, cleaned away afterwards."""

    def setUp(self):
        super().setUp()
        # The test runner holds the lock on the registries, for which the second request would wait for ever.
        self.patch(Registry, "_lock", DummyRLock())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "lang": "en_US"})
            document = env["sqms.document"].create({"name": "Together", "document_type": "procedure"})
            version = env["sqms.document.version"].create({"document_id": document.id, "content": "<p>Words</p>"})
            version._take_over_in_review()
            version.remarks = "Say when"
            self.document_id, self.version_id = document.id, version.id
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM sqms_document_version WHERE document_id = %s", [self.document_id])
            cr.execute("DELETE FROM sqms_document WHERE id = %s", [self.document_id])

    def _request(self, step, outcome, before=None):
        """As the request layer does it: once more on a new snapshot when the database says so."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "lang": "en_US"})
            version = env["sqms.document.version"].browse(self.version_id)
            if before:
                version.state  # the snapshot is taken  # noqa: B018
                before()
            try:
                retrying(lambda: step(version), env)
                outcome.append("done")
            except UserError as refusal:
                cr.rollback()
                outcome.append(str(refusal))

    def test_one_wins_and_the_other_reads_a_sentence(self):
        loser, started = [], Event()

        def give_back(version):
            return version.action_transition("return_to_author")

        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "lang": "en_US"})
            give_back(env["sqms.document.version"].browse(self.version_id))
            # The second one reads “Review”, and waits for the row.
            thread = Thread(target=self._request, args=(give_back, loser, started.set))
            thread.dbname = self.cr.dbname
            thread.start()
            self.assertTrue(started.wait(10))
            self.assertFalse(loser)
        thread.join(30)
        self.assertEqual(len(loser), 1)
        self.assertIn("it is already “Draft”", loser[0])

    def test_two_new_editions_at_once_make_one(self):
        outcome = []
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM sqms_document_version WHERE document_id = %s", [self.document_id])

        def begin(version):
            return version.env["sqms.document"].browse(self.document_id).action_new_edition()

        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "lang": "en_US"})
            env["sqms.document"].browse(self.document_id).action_new_edition()
            thread = Thread(target=self._request, args=(begin, outcome))
            thread.dbname = self.cr.dbname
            thread.start()
            thread.join(0.5)
            self.assertFalse(outcome, "it waits")
        thread.join(30)
        self.assertEqual(len(outcome), 1)
        self.assertIn("already in preparation", outcome[0])
