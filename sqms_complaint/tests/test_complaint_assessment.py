from contextlib import suppress
from datetime import timedelta
from itertools import product

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..models.helpdesk_ticket_assessment import IMPACTS, SEVERITIES
from ..models.helpdesk_ticket_import import importing
from .common import ComplaintCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestAssessment(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = cls._create_user("sqms_leader", "helpdesk_mgmt.group_helpdesk_user")
        cls.team.user_id = cls.leader
        cls.carer = cls._create_user(
            "sqms_carer", "sqms_complaint.group_complaint_vulnerable,helpdesk_mgmt.group_helpdesk_user"
        )
        cls.danger = cls.env["sqms.complaint.category"].create({"name": "Gas", "is_safety": True})
        cls.need = cls.env["sqms.complaint.care"].create({"name": "Heat for a patient", "raises_priority": True})

    # -- severity and impact --------------------------------------------------------

    def test_every_cell_of_the_table_gives_its_priority(self):
        table = {
            (row.severity, row.impact): row.priority
            for row in self.env["sqms.complaint.matrix"].search([("company_id", "=", False)])
        }
        self.assertEqual(len(table), len(SEVERITIES) * len(IMPACTS))
        complaint = self._create_complaint().with_user(self.agent)
        for (severity, _label), (impact, _other) in product(SEVERITIES, IMPACTS):
            complaint.write({"complaint_severity": severity, "complaint_impact": impact})
            self.assertEqual(complaint.priority, table[severity, impact])
            born = self._create_complaint(complaint_severity=severity, complaint_impact=impact)
            self.assertEqual(born.priority, table[severity, impact])

    def test_the_worse_the_higher(self):
        priorities = self.env["sqms.complaint.matrix"]._priorities(self.company.id)
        for severities in (SEVERITIES,):
            for (first, _a), (second, _b) in zip(severities, severities[1:], strict=False):
                for impact, _c in IMPACTS:
                    self.assertLessEqual(priorities[first, impact], priorities[second, impact])

    def test_a_company_has_a_table_of_its_own(self):
        self.env["sqms.complaint.matrix"].with_user(self.officer).create(
            {"severity": "minor", "impact": "single", "priority": "3", "company_id": self.company.id}
        )
        complaint = self._create_complaint()
        complaint.write({"complaint_severity": "minor", "complaint_impact": "single"})
        self.assertEqual(complaint.priority, "3")
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.env["sqms.complaint.matrix"].with_user(self.agent).create(
                {"severity": "minor", "impact": "many", "priority": "0", "company_id": self.company.id}
            )
        other = self.env["res.company"].create({"name": "Another"})
        self.assertNotEqual(self.env["sqms.complaint.matrix"]._priorities(other.id)["minor", "single"], "3")

    def test_the_form_shows_it_at_once_and_a_hand_may_say_otherwise(self):
        complaint = self._create_complaint()
        with Form(complaint.with_user(self.agent), view="sqms_complaint.helpdesk_ticket_view_form_complaint") as form:
            form.complaint_severity = "major"
            form.complaint_impact = "many"
            self.assertEqual(form.priority, "3")
        complaint.with_user(self.agent).priority = "1"
        complaint.complaint_category_id = self.category
        self.assertEqual(complaint.priority, "1", "only severity, impact and safety speak again")

    def test_a_plain_ticket_keeps_its_priority(self):
        ticket = self._create_ticket(priority="2")
        ticket.write({"name": "x"})
        self.assertEqual(ticket.priority, "2")
        self.assertEqual(self._create_ticket().priority, "1")

    def test_the_step_asks_for_both(self):
        complaint = self._move(self._create_complaint(), "acknowledged")
        complaint.complaint_category_id = self.subcategory
        for name in ("complaint_severity", "complaint_impact"):
            label = complaint._fields[name].string
            with self.assertRaisesRegex(UserError, label):
                complaint.with_user(self.agent).action_transition("assess")
            complaint[name] = "minor" if name == "complaint_severity" else "single"
        complaint.with_user(self.agent).action_transition("assess")
        self.assertTrue(complaint.complaint_assessed_at)

    # -- safety -----------------------------------------------------------------------

    def test_a_safety_category_makes_a_safety_matter_and_somebody_acts_today(self):
        complaint = self._create_complaint(
            complaint_category_id=self.danger.id, complaint_received_at=fields.Datetime.now() - timedelta(hours=2)
        )
        self.assertTrue(complaint.complaint_is_safety)
        self.assertEqual(complaint.complaint_safety_at, complaint.complaint_received_at)
        self.assertEqual(complaint.priority, "3")
        activity = complaint.activity_ids
        self.assertEqual(activity.user_id, self.leader)
        self.assertEqual(activity.date_deadline, fields.Date.context_today(complaint))
        later = self._create_complaint()
        self.assertFalse(later.complaint_safety_at)
        later.with_user(self.agent).complaint_is_safety = True
        self.assertTrue(later.complaint_safety_at)
        self.assertEqual(later.activity_ids.user_id, self.leader)
        by_category = self._create_complaint()
        by_category.with_user(self.agent).complaint_category_id = self.danger
        self.assertTrue(by_category.complaint_is_safety)
        self.assertEqual(len(by_category.activity_ids), 1)
        by_category.with_user(self.agent).complaint_category_id = self.category
        self.assertTrue(by_category.complaint_is_safety, "another category takes it off no more")

    def test_without_a_leader_the_officers_act_and_nobody_complained_about(self):
        self.team.user_id = False
        officers = self._create_complaint(complaint_is_safety=True).activity_ids.user_id
        self.assertIn(self.officer, officers)
        employee = self.env["hr.employee"].create({"name": "Officer", "user_id": self.officer.id})
        about = self._create_complaint(
            complaint_is_safety=True, complaint_person_ids=[Command.set(employee.ids)], user_id=False
        )
        self.assertNotIn(self.officer, about.activity_ids.user_id)
        self.assertTrue(about.activity_ids)

    def test_an_imported_complaint_alarms_nobody(self):
        with importing():
            complaint = self._create_complaint(complaint_category_id=self.danger.id)
        self.assertTrue(complaint.complaint_is_safety)
        self.assertFalse(complaint.activity_ids)

    def test_safety_is_not_taken_off_silently(self):
        complaint = self._create_complaint(complaint_category_id=self.danger.id)
        for person in (self.agent_own, self.agent, self.agent_all, self.manager):
            seen = complaint.with_user(person)
            for values in (
                {"complaint_is_safety": False},
                {"complaint_is_safety": False, "complaint_safety_note": "It is nothing"},
                {"complaint_safety_note": "It is nothing"},
            ):
                with self.assertRaises(AccessError, msg=person.login), self.cr.savepoint():
                    seen.write(values)
        seen = complaint.with_user(self.officer)
        with self.assertRaisesRegex(UserError, "write down why"), self.cr.savepoint():
            seen.complaint_is_safety = False
        seen.write({"complaint_is_safety": False, "complaint_safety_note": "Water vapour, seen by the fitter"})
        self.assertFalse(complaint.complaint_is_safety)
        self.assertFalse(complaint.complaint_safety_at)

    def test_no_complaint_of_a_safety_category_is_born_without_the_mark(self):
        values = self._prepare_complaint_values(complaint_category_id=self.danger.id)
        tickets = self.env["helpdesk.ticket"].with_user(self.agent)
        self.assertTrue(tickets.create({**values, "complaint_is_safety": False}).complaint_is_safety)
        hostile = tickets.with_context(default_complaint_is_safety=False)
        with suppress(ValidationError), self.cr.savepoint():  # refused serves as well
            self.assertTrue(hostile.create(dict(values)).complaint_is_safety)
        with self.assertRaises(AccessError), self.cr.savepoint():
            tickets.with_context(default_complaint_safety_note="It is nothing").create(dict(values))
            self.env.flush_all()

    # -- vulnerable customers -------------------------------------------------------------

    def test_needs_are_written_with_consent_alone(self):
        complaint = self._create_complaint().with_user(self.carer)
        for values in ({"complaint_care_ids": [Command.set(self.need.ids)]}, {"complaint_care_note": "Call her son"}):
            with self.assertRaisesRegex(ValidationError, "consent"), self.cr.savepoint():
                complaint.write(values)
        complaint.write({"complaint_care_consent": True, "complaint_care_ids": [Command.set(self.need.ids)]})
        with self.assertRaises(ValidationError), self.cr.savepoint():
            complaint.complaint_care_consent = False

    def test_needs_raise_the_priority_by_one(self):
        complaint = self._create_complaint(complaint_severity="minor", complaint_impact="several")
        before = complaint.priority
        complaint.with_user(self.carer).write(
            {"complaint_care_consent": True, "complaint_care_ids": [Command.set(self.need.ids)]}
        )
        self.assertEqual(int(complaint.priority), int(before) + 1)

    def test_only_their_group_sees_needs(self):
        complaint = self._create_complaint(complaint_care_consent=True, complaint_care_ids=[Command.set(self.need.ids)])
        self.assertEqual(complaint.with_user(self.carer).complaint_care_ids, self.need)
        names = ("complaint_care_ids", "complaint_care_consent", "complaint_care_note")
        for person in (self.agent_own, self.agent_all, self.officer, self.manager, self.certifier, self.portal):
            for name in names:
                with self.assertRaises(AccessError, msg=person.login):
                    complaint.with_user(person).read([name])
                with self.assertRaises(AccessError, msg=person.login):
                    self.env["helpdesk.ticket"].with_user(person).search([(name, "!=", False)])
            with self.assertRaises(AccessError), self.cr.savepoint():
                complaint.with_user(person).write({"complaint_care_note": "x"})

    # -- representative -------------------------------------------------------------------

    def test_a_representative_shows_a_mandate_and_gets_the_letters(self):
        lawyer = self.env["res.partner"].create({"name": "Lawyer Sun", "email": "sun@law.example.com"})
        complaint = self._create_complaint()
        with self.assertRaisesRegex(ValidationError, "mandate"), self.cr.savepoint():
            complaint.with_user(self.agent).complaint_representative_id = lawyer
        complaint.with_user(self.agent).write(
            {"complaint_representative_id": lawyer.id, "complaint_mandate_file": b"cGRm"}
        )
        self.assertEqual(complaint._get_letter_address(), "sun@law.example.com")
        complaint.complaint_mandate_until = fields.Date.today() - timedelta(days=2)
        self.assertEqual(complaint._get_letter_address(), "wang.li@example.com")
        complaint.complaint_mandate_until = fields.Date.today() + timedelta(days=2)
        self.assertEqual(complaint._get_letter_address(), "sun@law.example.com")
        self.assertNotIn("complaint_mandate_file", complaint._complaint_public_files().mapped("res_field"))

    def test_who_took_it_down_is_not_written_by_hand(self):
        complaint = (
            self.env["helpdesk.ticket"]
            .with_user(self.agent)
            .create(self._prepare_complaint_values(complaint_received_by_id=self.officer.id))
        )
        self.assertEqual(complaint.complaint_received_by_id, self.agent)
        complaint.with_user(self.officer).write({"complaint_received_by_id": self.officer.id})
        self.assertEqual(complaint.complaint_received_by_id, self.agent)

    def test_customers_read_none_of_the_notes(self):
        complaint = self._create_complaint(partner_id=self.portal.partner_id.id, complaint_root_cause="Nobody looked")
        seen = complaint.with_user(self.portal)
        seen.read(["number"])
        for name in ("complaint_root_cause", "complaint_severity", "complaint_reason", "complaint_department_id"):
            with self.assertRaises(AccessError, msg=name):
                seen.read([name])
        with self.assertRaises(AccessError):
            seen.complaint_finding_ids.mapped("found")
