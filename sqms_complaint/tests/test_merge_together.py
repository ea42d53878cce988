from datetime import timedelta
from threading import Event, Thread

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.orm.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged

QUIET = {"tracking_disable": True, "mail_create_nolog": True, "lang": "en_US"}


@tagged("post_install", "-at_install", "sqms_alone")
class TestMergeTogether(TransactionCase):
    """Two requests at once: cursors of their own, really committed, cleaned away afterwards."""

    def setUp(self):
        super().setUp()
        # The test runner holds the lock on the registries, for which the second request would wait for ever.
        self.patch(Registry, "_lock", DummyRLock())
        self.ids = {}
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, QUIET)
            category = env["sqms.complaint.category"].create({"name": "At once"})
            now = fields.Datetime.now()
            complaints = env["helpdesk.ticket"].create(
                [
                    {
                        "name": f"At once {hour}",
                        "description": "x",
                        "is_complaint": True,
                        "partner_email": "at.once@example.com",
                        "complaint_category_id": category.id,
                        "complaint_received_at": now - timedelta(hours=5 - hour),
                    }
                    for hour in range(3)
                ]
            )
            self.ids = {"category": category.id, "complaints": complaints.ids}
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        with self.registry.cursor() as cr:
            ids = self.ids["complaints"]
            cr.execute("DELETE FROM sqms_complaint_merge WHERE source_id = ANY(%s)", [ids])
            cr.execute(
                "DELETE FROM sqms_nonconformity_source WHERE res_model = 'helpdesk.ticket' AND res_id = ANY(%s)", [ids]
            )
            cr.execute("DELETE FROM mail_message WHERE model = 'helpdesk.ticket' AND res_id = ANY(%s)", [ids])
            cr.execute("DELETE FROM mail_followers WHERE res_model = 'helpdesk.ticket' AND res_id = ANY(%s)", [ids])
            cr.execute("DELETE FROM mail_activity WHERE res_model = 'helpdesk.ticket' AND res_id = ANY(%s)", [ids])
            cr.execute("UPDATE helpdesk_ticket SET clock_nearest_id = NULL WHERE id = ANY(%s)", [ids])
            cr.execute("DELETE FROM sqms_clock WHERE res_model = 'helpdesk.ticket' AND res_id = ANY(%s)", [ids])
            cr.execute("DELETE FROM helpdesk_ticket WHERE id = ANY(%s)", [ids])
            key = [f"{self.ids['category']}|%"]
            cr.execute(
                "DELETE FROM mail_message WHERE model = 'sqms.nonconformity' AND res_id IN"
                " (SELECT id FROM sqms_nonconformity WHERE complaint_group_key LIKE %s)", key
            )  # fmt: skip
            cr.execute("DELETE FROM sqms_nonconformity WHERE complaint_group_key LIKE %s", key)
            cr.execute("DELETE FROM sqms_complaint_category WHERE id = %s", [self.ids["category"]])

    def _second(self, work, outcome, started=None):
        """As the request layer does it: once more on a new snapshot when the database says so."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, QUIET)
            env["helpdesk.ticket"].browse(self.ids["complaints"]).mapped("complaint_state")  # the snapshot is taken
            if started:
                started.set()
            try:
                retrying(lambda: work(env), env)
                outcome.append("done")
            except UserError as refusal:
                cr.rollback()
                outcome.append(str(refusal))

    def _at_once(self, first, second):
        """What becomes of the second request while the first is at work."""
        outcome, started = [], Event()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, QUIET)
            first(env)
            thread = Thread(target=self._second, args=(second, outcome, started))
            thread.dbname = self.cr.dbname
            thread.start()
            self.assertTrue(started.wait(20))
            thread.join(0.5)
            self.assertFalse(outcome, "it waits")
        thread.join(60)
        self.assertEqual(len(outcome), 1)
        return outcome[0]

    def _complaints(self, env):
        return [env["helpdesk.ticket"].browse(id_) for id_ in self.ids["complaints"]]

    def test_one_merge_wins_and_the_other_reads_a_sentence(self):
        def into_first(env):
            first, _second, third = self._complaints(env)
            return third._merge_into(first, "same")

        def into_second(env):
            _first, second, third = self._complaints(env)
            return third._merge_into(second, "same")

        self.assertIn("already", self._at_once(into_first, into_second))
        with self.registry.cursor() as cr:
            cr.execute("SELECT COUNT(*) FROM sqms_complaint_merge WHERE source_id = %s", [self.ids["complaints"][2]])
            self.assertEqual(cr.fetchone(), (1,))

    def test_no_circle_by_two_at_once(self):
        def second_into_first(env):
            first, second, _third = self._complaints(env)
            return second._merge_into(first, "same")

        def third_into_second(env):
            _first, second, third = self._complaints(env)
            return third._merge_into(second, "same")

        self.assertIn("already", self._at_once(second_into_first, third_into_second))

    def test_two_workers_raise_one_nonconformity(self):
        def work(env):
            env["helpdesk.ticket"]._cron_raise_systemic()

        self.assertEqual(self._at_once(work, work), "done")
        work_again = []
        self._second(work, work_again)
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT COUNT(*) FROM sqms_nonconformity WHERE complaint_group_key LIKE %s",
                [f"{self.ids['category']}|%"],
            )
            self.assertEqual(cr.fetchone(), (1,))
