from threading import Event, Thread

from odoo import SUPERUSER_ID, api
from odoo.orm.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install", "sqms_alone")
class TestClocksTogether(TransactionCase):
    """A stop and a pause at the same moment: cursors of their own, really committed, cleaned away afterwards."""

    def setUp(self):
        super().setUp()
        # The test runner holds the lock on the registries, for which the second request would wait for ever.
        self.patch(Registry, "_lock", DummyRLock())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "lang": "en_US"})
            document = env["sqms.document"].create({"name": "Together", "document_type": "procedure"})
            version = env["sqms.document.version"].create({"document_id": document.id, "content": "<p>Words</p>"})
            clock = env["sqms.clock"].start(version, env.ref("sqms_base.sqms_clock_policy_review"))
            self.document_id, self.clock_id = document.id, clock.id
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM sqms_clock WHERE id = %s", [self.clock_id])
            cr.execute("DELETE FROM mail_message WHERE model = 'sqms.document.version' AND res_id IN "
                       "(SELECT id FROM sqms_document_version WHERE document_id = %s)", [self.document_id])  # fmt: skip
            cr.execute("DELETE FROM sqms_document_version WHERE document_id = %s", [self.document_id])
            cr.execute("DELETE FROM sqms_document WHERE id = %s", [self.document_id])

    def _request(self, act, before=None):
        """As the request layer does it: once more on a new snapshot when the database says so."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "lang": "en_US"})
            clock = env["sqms.clock"].browse(self.clock_id)
            if before:
                clock.paused  # the snapshot is taken  # noqa: B018
                before()
            retrying(lambda: act(clock), env)

    def test_the_second_sees_what_the_first_did(self):
        started = Event()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "lang": "en_US"})
            env["sqms.clock"].browse(self.clock_id).stop()
            thread = Thread(target=self._request, args=(lambda clock: clock.pause("author"), started.set))
            thread.dbname = self.cr.dbname
            thread.start()
            self.assertTrue(started.wait(10))
        thread.join(30)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            clock = env["sqms.clock"].browse(self.clock_id)
            self.assertEqual(
                clock.event_ids.mapped("kind"), ["start", "stop"], "the pause of a stopped clock is left out"
            )
            self.assertTrue(clock.met_at)
            self.assertFalse(clock.paused)

    def test_two_pauses_at_once_are_both_kept_and_one_resume_ends_one(self):
        started = Event()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "lang": "en_US"})
            env["sqms.clock"].browse(self.clock_id).pause("author")
            thread = Thread(target=self._request, args=(lambda clock: clock.pause("author"), started.set))
            thread.dbname = self.cr.dbname
            thread.start()
            self.assertTrue(started.wait(10))
        thread.join(30)
        self._request(lambda clock: clock.resume("author"))
        with self.registry.cursor() as cr:
            clock = api.Environment(cr, SUPERUSER_ID, {})["sqms.clock"].browse(self.clock_id)
            self.assertFalse(clock.paused)
            self.assertTrue(clock.due_at)
