from threading import Event, Thread

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
from odoo.orm.registry import DummyRLock, Registry
from odoo.tests import TransactionCase, tagged

from .privacy_case import PrivacyCase


@tagged("post_install", "-at_install")
class TestPrivacyHold(PrivacyCase):
    """What a legal hold needs is not erased, by whatever path."""

    def _hold(self, complaint=None, person=None, **values):
        hold = self.env["sqms.legal.hold"].with_user(self.first).create(
            {
                "name": "Case 1187",
                "reason": "Claim for damages",
                "line_ids": [(0, 0, {"partner_id": person.id} if person else
                              {"res_model": "helpdesk.ticket", "res_id": complaint.id})],
                **values,
            }
        )  # fmt: skip
        hold.action_transition("set")
        return hold

    def test_a_request_is_stopped_and_told_which_hold(self):
        complaint = self._plant()
        request = self._approve(self._request())
        hold = self._hold(complaint)
        self._refused(hold.number, lambda: request.with_user(self.second).action_transition("execute"))
        self.assertEqual(complaint.partner_id, self.person)
        request.action_transition("look_again")
        self.assertIn(hold.number, request.obstacles)
        with self.assertRaises(UserError):
            request.action_transition("approve")
        hold.with_user(self.second).write({"release_reason": "Settled"})
        self._refused("another person", lambda: hold.action_transition("release"))
        hold.with_user(self.second).action_transition("release")
        request.action_transition("look_again")
        request.action_transition("approve")
        request.with_user(self.second).action_transition("execute")
        self.env.invalidate_all()
        self.assertEqual(complaint.partner_name, "Erased person")

    def test_a_hold_on_the_person_stops_it_too(self):
        self._plant()
        hold = self._hold(person=self.person)
        request = self._request()
        request.action_transition("look_up")
        self.assertIn(hold.number, request.obstacles)

    def test_nothing_held_is_deleted_or_rewritten_by_anybody(self):
        complaint = self._plant(state="acknowledged")
        fresh = self._create_complaint(partner_id=self.person.id)
        other = self._create_complaint(partner_id=False)
        message = complaint.message_ids[-1]
        file = self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"1", "res_model": complaint._name, "res_id": complaint.id}
        )
        mine = self.env["ir.attachment"].create(
            {"name": "b.txt", "raw": b"2", "res_model": other._name, "res_id": other.id}
        )
        hold = self._hold(complaint)
        self._hold(fresh)
        self._hold(person=self.person)
        admin = self.env.ref("base.user_admin")
        admin.group_ids += self.env.ref("sqms_complaint.group_complaint_officer")
        attempts = [
            fresh.unlink,
            self.person.unlink,
            file.unlink,
            message.unlink,
            lambda: message.write({"body": ""}),
            lambda: file.write({"raw": b"3"}),
            lambda: file.write({"res_id": other.id}),
            lambda: complaint.message_ids.with_user(admin).with_context(_force_unlink=True).unlink(),
            lambda: self.person.with_user(admin).with_context(_force_unlink=True).unlink(),
            lambda: fresh.with_user(admin).with_context(_force_unlink=True).unlink(),
        ]
        for attempt in attempts:
            for _again in range(2):
                self._refused(".", attempt)
        mine.write({"raw": b"4"})
        mine.unlink()
        other.unlink()
        with self.assertRaises(AccessError):
            hold.line_ids.unlink()
        with self.assertRaises(AccessError):
            hold.write({"reason": "Another"})
        with self.assertRaises(AccessError):
            hold.unlink()
        hold.write({"line_ids": [(0, 0, {"res_model": "helpdesk.ticket", "res_id": other.create(
            self._prepare_complaint_values()).id})]})  # fmt: skip
        self.assertEqual(hold.line_count, 2)

    def test_only_who_is_responsible_sets_and_releases(self):
        complaint = self._plant()
        hold = self._hold(complaint)
        for user in (self.agent, self.officer, self.manager, self.certifier, self.employee, self.portal):
            with self.assertRaises(AccessError):
                hold.with_user(user).write({"release_reason": "x"})
            with self.assertRaises(AccessError):
                hold.with_user(user).action_transition("release")
            with self.assertRaises(AccessError):
                hold.with_user(user).create({"name": "x", "reason": "x"})
        with self.assertRaises(UserError):
            hold.sudo().write({"state": "released"})

    def test_a_dispute_before_an_outside_body_is_a_hold_by_itself(self):
        complaint = self._plant()
        body = self.env["sqms.dispute.body"].create({"name": "Consumer association"})
        dispute = self.env["sqms.complaint.dispute"].create({"ticket_id": complaint.id, "body_id": body.id})
        request = self._request(open_reason="Even so")
        request.action_transition("look_up")
        self.assertIn(dispute.number, request.obstacles)

    # -- contacts ---------------------------------------------------------------------

    def test_a_contact_that_a_complaint_names_is_not_deleted_but_merged(self):
        complaint = self._plant()
        self._refused(complaint.number, self.person.unlink)
        ticket = self._create_ticket(partner_id=self.env["res.partner"].create({"name": "Plain"}).id)
        ticket.partner_id.unlink()
        hold = self._hold(person=self.person)
        double = self.env["res.partner"].create({"name": "Zqnamemark Twin", "email": "twin@example.com"})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.person | double).ids, double)
        self.env.invalidate_all()
        self.assertFalse(self.person.exists())
        self.assertEqual(complaint.partner_id, double)
        self.assertEqual(hold.line_ids.partner_id, double)


@tagged("post_install", "-at_install", "sqms_alone")
class TestHoldAndRetentionTogether(TransactionCase):
    """A hold is set while the scheduled action is about to erase: cursors of their own, really committed."""

    def setUp(self):
        super().setUp()
        self.patch(Registry, "_lock", DummyRLock())
        with self.registry.cursor() as cr:
            env = self._env(cr)
            team = env["helpdesk.ticket.team"].create({"name": "Together"})
            partner = env["res.partner"].create({"name": "Zqtogether Person"})
            ticket = env["helpdesk.ticket"].create(
                {
                    "name": "Together", "description": "<p>Together</p>", "is_complaint": True, "team_id": team.id,
                    "partner_id": partner.id, "complaint_withdrawal": "By phone",
                }
            )  # fmt: skip
            ticket.action_transition("withdraw")
            cr.flush()
            cr.execute("UPDATE helpdesk_ticket SET complaint_retention_date = '2020-01-01' WHERE id = %s", [ticket.id])
            hold = env["sqms.legal.hold"].create(
                {"name": "Together", "reason": "x",
                 "line_ids": [(0, 0, {"res_model": "helpdesk.ticket", "res_id": ticket.id})]}
            )  # fmt: skip
            self.ids = {"team": team.id, "partner": partner.id, "ticket": ticket.id, "hold": hold.id}
        self.addCleanup(self._clean_up)

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "lang": "en_US"})

    def _clean_up(self):
        with self.registry.cursor() as cr:
            for table, column, key in (
                ("sqms_legal_hold_line", "hold_id", "hold"), ("sqms_legal_hold", "id", "hold"),
                ("helpdesk_ticket", "id", "ticket"), ("helpdesk_ticket_team", "id", "team"),
                ("res_partner", "id", "partner"),
            ):  # fmt: skip
                cr.execute(f"DELETE FROM {table} WHERE {column} = %s", [self.ids[key]])
            cr.execute("DELETE FROM mail_message WHERE model = 'helpdesk.ticket' AND res_id = %s", [self.ids["ticket"]])
        self.registry.clear_cache()

    def test_the_hold_comes_first_and_the_cron_sees_it(self):
        started, said = Event(), []

        def erase():
            with self.registry.cursor() as cr:
                env = self._env(cr)
                self.assertTrue(env["helpdesk.ticket"].browse(self.ids["ticket"]).complaint_retention_date)
                started.set()
                try:
                    env["sqms.retention"]._erase_batch("helpdesk.ticket", after=self.ids["ticket"] - 1)
                    said.append("erased")
                except Exception as error:  # pylint: disable=broad-except
                    said.append(getattr(error, "pgcode", repr(error)))
                    cr.rollback()
                    env.invalidate_all()
                    env["sqms.retention"]._erase_batch("helpdesk.ticket", after=self.ids["ticket"] - 1)
                    said.append(env["helpdesk.ticket"].browse(self.ids["ticket"]).partner_id.id)

        thread = Thread(target=erase)
        thread.dbname = self.cr.dbname
        with self.registry.cursor() as cr:
            hold = self._env(cr)["sqms.legal.hold"].browse(self.ids["hold"])
            hold.action_transition("set")
            thread.start()
            self.assertTrue(started.wait(10))
            thread.join(1)
            self.assertTrue(thread.is_alive(), "It waits for the hold")
        thread.join(20)
        self.assertEqual(said, ["40001", self.ids["partner"]])

    def test_the_cron_comes_first_and_the_hold_waits(self):
        started, said = Event(), []

        def hold():
            with self.registry.cursor() as cr:
                record = self._env(cr)["sqms.legal.hold"].browse(self.ids["hold"])
                started.set()
                record.action_transition("set")
                said.append(record.state)

        thread = Thread(target=hold)
        thread.dbname = self.cr.dbname
        with self.registry.cursor() as cr:
            env = self._env(cr)
            env["sqms.retention"]._erase_batch("helpdesk.ticket", after=self.ids["ticket"] - 1)
            self.assertFalse(env["helpdesk.ticket"].browse(self.ids["ticket"]).partner_id)
            thread.start()
            self.assertTrue(started.wait(10))
            thread.join(1)
            self.assertTrue(thread.is_alive(), "It waits for the end of the erasure")
        thread.join(20)
        self.assertEqual(said, ["active"])
