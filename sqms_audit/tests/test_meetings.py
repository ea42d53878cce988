from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import AuditCase


@tagged("post_install", "-at_install")
class TestMeetings(AuditCase):
    def setUp(self):
        super().setUp()
        self.opening = fields.Datetime.now().replace(microsecond=0) + timedelta(days=3)
        self.audit = self._create_audit(opening_meeting=self.opening, closing_meeting=self.opening + timedelta(hours=6))

    def test_everybody_concerned_is_invited(self):
        self.audit.action_invite()
        opening = self.audit.event_ids.filtered(lambda event: event.audit_meeting == "opening")
        self.assertEqual(len(self.audit.event_ids), 2)
        self.assertEqual(opening.start, self.opening)
        self.assertEqual(opening.stop - opening.start, timedelta(hours=1))
        self.assertEqual(opening.partner_ids, (self.lead | self.auditee).user_id.partner_id)
        self.assertIn(self.audit.number, opening.name)
        self.assertEqual(self.audit.event_count, 2)

    def test_inviting_again_moves_the_same_meetings(self):
        self.audit.action_invite()
        events = self.audit.event_ids
        self.audit.opening_meeting = self.opening + timedelta(hours=1)
        opening = events.filtered(lambda event: event.audit_meeting == "opening")
        self.assertEqual(opening.start, self.opening + timedelta(hours=1))
        self.audit.action_invite()
        self.assertEqual(self.audit.event_ids, events)

    def test_both_times_are_needed(self):
        self.audit.closing_meeting = False
        with self.assertRaises(UserError) as refusal:
            self.audit.action_invite()
        self.assertIn("Closing meeting", str(refusal.exception))

    def test_cancelling_takes_the_meetings_away(self):
        self.audit.action_invite()
        events = self.audit.event_ids
        self.audit.cancel_reason = "Ill."
        self._as(self.manager, self.audit).action_transition("cancel")
        self.assertFalse(events.exists())

    def test_deleting_takes_the_meetings_away(self):
        self.audit.action_invite()
        events = self.audit.event_ids
        self.audit.unlink()
        self.assertFalse(events.exists())

    def test_outsiders_invite_nobody(self):
        with self.assertRaises(UserError):
            self._as(self.second, self.audit).action_invite()
        event = {"name": "Forged", "start": self.opening, "stop": self.opening, "audit_id": self.audit.id}
        for person in (self.second, self.employee, self.auditee):
            with self.subTest(person=person.name), self.assertRaises(AccessError):
                self._as(person, self.env["calendar.event"]).create(event)
