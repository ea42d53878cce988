from threading import Thread

from odoo import SUPERUSER_ID, api, fields
from odoo.orm.registry import DummyRLock, Registry
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install", "sqms_alone")
class TestSatisfactionTogether(TransactionCase):
    """Two workers ask at once: cursors of their own, really committed, cleaned away afterwards."""

    def setUp(self):
        super().setUp()
        self.patch(Registry, "_lock", DummyRLock())
        with self.registry.cursor() as cr:
            env = self._env(cr)
            env.company.write({"satisfaction_percent": 100, "satisfaction_is_on": True})
            while env["sqms.satisfaction.answer"]._invite_batch():
                pass
            self.before = set(env["sqms.satisfaction.answer"].search([]).ids)
            partner = env["res.partner"].create({"name": "Together", "email": "together@example.com"})
            ticket = env["helpdesk.ticket"].create(
                {"name": "Together", "description": "Together", "is_complaint": True, "partner_id": partner.id}
            )
            self.ticket_id, self.partner_id = ticket.id, partner.id
            env.flush_all()
            # Straight to the end, as only a test may: nothing else of the way is looked at here.
            cr.execute("SET LOCAL session_replication_role = replica")
            cr.execute(
                "UPDATE helpdesk_ticket SET complaint_state = 'closed', complaint_closed_at = %s WHERE id = %s",
                [fields.Datetime.now(), ticket.id],
            )
        self.addCleanup(self._clean_up)

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "lang": "en_US"})

    def _clean_up(self):
        with self.registry.cursor() as cr:
            cr.execute("SET LOCAL session_replication_role = replica")
            cr.execute("SELECT mail_id, message_id, user_input_id FROM sqms_satisfaction_answer WHERE ticket_id = %s",
                       [self.ticket_id])  # fmt: skip
            rows = cr.fetchall()
            cr.execute("DELETE FROM sqms_satisfaction_answer WHERE ticket_id = %s", [self.ticket_id])
            for mail, message, place in rows:
                cr.execute("DELETE FROM mail_mail WHERE id = %s", [mail])
                cr.execute("DELETE FROM mail_message WHERE id = %s", [message])
                cr.execute("DELETE FROM survey_user_input WHERE id = %s", [place])
            cr.execute("DELETE FROM mail_message WHERE model = 'helpdesk.ticket' AND res_id = %s", [self.ticket_id])
            cr.execute("DELETE FROM mail_followers WHERE res_model = 'helpdesk.ticket' AND res_id = %s",
                       [self.ticket_id])  # fmt: skip
            cr.execute("DELETE FROM sqms_clock WHERE res_model = 'helpdesk.ticket' AND res_id = %s", [self.ticket_id])
            cr.execute("DELETE FROM helpdesk_ticket WHERE id = %s", [self.ticket_id])
            cr.execute("DELETE FROM res_partner WHERE id = %s", [self.partner_id])

    def _count(self):
        with self.registry.cursor() as cr:
            cr.execute("SELECT COUNT(*) FROM sqms_satisfaction_answer WHERE ticket_id = %s", [self.ticket_id])
            return cr.fetchone()[0]

    def test_the_second_one_does_nothing(self):
        with self.registry.cursor() as first, self.registry.cursor() as second, self.registry.cursor() as third:
            late = self._env(third)["sqms.satisfaction.answer"]
            self.assertEqual(late._queue_length(), 1, "its picture of the world is from before")
            self.assertEqual(self._env(first)["sqms.satisfaction.answer"]._invite_batch(), 1)
            self.assertEqual(self._env(second)["sqms.satisfaction.answer"]._invite_batch(), 0, "another one is at it")
            first.commit()
            with mute_logger("odoo.sql_db"):
                self.assertEqual(late._invite_batch(), 0, "it was done in the meantime")
            third.rollback()
        self.assertEqual(self._count(), 1)

    def test_a_run_that_breaks_off_is_taken_up(self):
        with self.registry.cursor() as first:
            self.assertEqual(self._env(first)["sqms.satisfaction.answer"]._invite_batch(), 1)
            first.rollback()  # the server stops
        self.assertEqual(self._count(), 0)
        done = []

        def work():
            with self.registry.cursor() as cr:
                done.append(self._env(cr)["sqms.satisfaction.answer"]._invite_batch())

        threads = [Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.dbname = self.cr.dbname
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertEqual(sum(done), 1)
        self.assertEqual(self._count(), 1)
