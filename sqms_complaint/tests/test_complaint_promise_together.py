from datetime import timedelta
from threading import Event, Thread

from freezegun import freeze_time

from odoo import SUPERUSER_ID, api, fields
from odoo.orm.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged

from odoo.addons.sqms_base.lib.workflow_pass import workflow_import

QUIET = {"tracking_disable": True, "mail_create_nolog": True, "lang": "en_US"}


@tagged("post_install", "-at_install", "sqms_alone")
class TestComplaintPromiseTogether(TransactionCase):
    """The job and an agent notice the same breach at once: cursors of their own, committed, cleaned away afterwards."""

    def setUp(self):
        super().setUp()
        # The test runner holds the lock on the registries, for which the second request would wait for ever.
        self.patch(Registry, "_lock", DummyRLock())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, QUIET)
            promise = env["sqms.commitment"].create({
                "name": "At once", "promise": "We decide in time.", "remedy": "An apology", "remedy_kind": "apology",
                "date_from": "2020-01-01", "complaint_step_code": "decision",
            })  # fmt: skip
            with workflow_import(promise, "In force"):
                promise.write({"state": "approved"})
            with freeze_time(fields.Datetime.now() - timedelta(days=40)):
                ticket = env["helpdesk.ticket"].create({"name": "At once", "description": "x", "is_complaint": True})
            clock = ticket.clock_ids.filtered(lambda clock: clock.step_id.code == "decision")
            self.promise_id, self.ticket_id, self.clock_id = promise.id, ticket.id, clock.id
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        with self.registry.cursor() as cr:
            ids = [self.ticket_id]
            cr.execute("DELETE FROM sqms_complaint_remedy WHERE ticket_id = ANY(%s)", [ids])
            cr.execute("DELETE FROM sqms_commitment_breach WHERE commitment_id = %s", [self.promise_id])
            for table, model in (("mail_message", "model"), ("mail_activity", "res_model"),
                                 ("mail_followers", "res_model"), ("sqms_clock", "res_model")):  # fmt: skip
                if table == "sqms_clock":
                    cr.execute("UPDATE helpdesk_ticket SET clock_nearest_id = NULL WHERE id = ANY(%s)", [ids])
                cr.execute(f"DELETE FROM {table} WHERE {model} = 'helpdesk.ticket' AND res_id = ANY(%s)", [ids])
            cr.execute("DELETE FROM helpdesk_ticket WHERE id = ANY(%s)", [ids])
            cr.execute("DELETE FROM mail_message WHERE model = 'sqms.commitment' AND res_id = %s", [self.promise_id])
            cr.execute(
                "DELETE FROM mail_followers WHERE res_model = 'sqms.commitment' AND res_id = %s", [self.promise_id]
            )
            cr.execute("DELETE FROM sqms_commitment WHERE id = %s", [self.promise_id])
        self.registry.clear_cache()

    def _stop(self, before):
        """As the request layer does it: once more on a new snapshot when the database says so."""
        with self.registry.cursor() as cr:
            clock = api.Environment(cr, SUPERUSER_ID, QUIET)["sqms.clock"].browse(self.clock_id)
            clock.paused  # the snapshot is taken  # noqa: B018
            before()
            retrying(clock.stop, clock.env)

    def test_one_breach_and_one_remedy(self):
        started = Event()
        with self.registry.cursor() as cr:
            clocks = api.Environment(cr, SUPERUSER_ID, QUIET)["sqms.clock"]
            clocks.browse(self.clock_id)._escalate()
            clocks.env.flush_all()
            thread = Thread(target=self._stop, args=(started.set,))
            thread.dbname = self.cr.dbname
            thread.start()
            self.assertTrue(started.wait(10))
        thread.join(30)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, QUIET)
            ticket = env["helpdesk.ticket"].browse(self.ticket_id)
            self.assertTrue(env["sqms.clock"].browse(self.clock_id).met_at)
            self.assertEqual(env["sqms.commitment.breach"].search_count([("commitment_id", "=", self.promise_id)]), 1)
            self.assertEqual(ticket.remedy_ids.mapped("kind"), ["apology"])
