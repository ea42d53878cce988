import psycopg2
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ComplaintCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestComplaintNumber(ComplaintCase):
    def _ordinal(self, complaint):
        return int(complaint.number.rsplit("/", 1)[1])

    def test_numbers_run_on_within_company_and_year(self):
        first, second = self._create_complaint(), self._create_complaint()
        year = fields.Datetime.now().year
        self.assertRegex(first.number, rf"^C/{year}/\d{{4}}$")
        self.assertEqual(self._ordinal(second), self._ordinal(first) + 1)

    def test_a_batch_of_several_years_is_numbered_in_order(self):
        years = ["2021", "2022", "2021", "2022", "2021"]
        complaints = self.env["helpdesk.ticket"].create(
            [self._prepare_complaint_values(complaint_received_at=f"{year}-06-01 10:00:00") for year in years]
        )
        self.assertEqual([complaint.number[2:6] for complaint in complaints], years)
        self.assertEqual([self._ordinal(complaint) for complaint in complaints], [1, 1, 2, 2, 3])

    def test_each_company_counts_for_itself(self):
        other = self.env["res.company"].create({"name": "Second"})
        mine = self._create_complaint(complaint_received_at="2019-05-05 00:00:00")
        theirs = self._create_complaint(
            company_id=other.id, team_id=False, user_id=False, complaint_received_at="2019-05-05 00:00:00"
        )
        self.assertEqual(mine.number, theirs.number)
        self.assertEqual(self._ordinal(theirs), 1)
        again = self._create_complaint(
            company_id=other.id, team_id=False, user_id=False, complaint_received_at="2019-05-05 00:00:00"
        )
        self.assertEqual(self._ordinal(again), 2)

    def test_the_company_of_the_team_decides(self):
        other = self.env["res.company"].create({"name": "Second"})
        team = self.env["helpdesk.ticket.team"].create({"name": "There", "company_id": other.id})
        complaint = self._create_complaint(
            team_id=team.id, user_id=False, company_id=self.company.id, complaint_received_at="2018-05-05 00:00:00"
        )
        self.assertEqual(complaint.company_id, other)
        self.assertEqual(self._ordinal(complaint), 1)

    def test_new_year_strikes_on_the_wall_of_the_company(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        before = self._create_complaint(complaint_received_at="2020-12-31 15:59:59")
        after = self._create_complaint(complaint_received_at="2020-12-31 16:00:00")
        self.assertEqual((before.number[2:6], after.number[2:6]), ("2020", "2021"))

    @freeze_time("2024-02-29 23:59:59")
    def test_leap_day_is_a_day_like_others(self):
        self.assertRegex(self._create_complaint().number, "^C/2024/")

    def test_nobody_chooses_a_number(self):
        complaint = self._create_complaint(number="C/2026/9999")
        self.assertNotEqual(complaint.number, "C/2026/9999")
        hostile = self.env["helpdesk.ticket"].with_user(self.agent).with_context(default_number="C/2026/9998")
        self.assertNotEqual(hostile.create(self._prepare_complaint_values()).number, "C/2026/9998")
        for person in (self.agent, self.officer, self.manager, self.env.user):
            with self.assertRaises(AccessError):
                complaint.with_user(person).write({"number": "C/2026/9997"})

    def test_the_database_keeps_numbers_apart(self):
        first, second = self._create_complaint(), self._create_complaint()
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.cr.execute("UPDATE helpdesk_ticket SET number = %s WHERE id = %s", (first.number, second.id))

    def test_a_complaint_stays_with_its_company(self):
        other = self.env["res.company"].create({"name": "Second"})
        complaint = self._create_complaint(team_id=False, user_id=False)
        with self.assertRaises(AccessError):
            complaint.write({"company_id": other.id})
        self._create_ticket(team_id=False, user_id=False).write({"company_id": other.id})

    def test_receipt_is_now_never_later_and_corrected_by_officers(self):
        complaint = self._create_complaint()
        self.assertAlmostEqual(complaint.complaint_received_at.timestamp(), fields.Datetime.now().timestamp(), delta=60)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._create_complaint(complaint_received_at="2999-01-01 00:00:00")
        with self.assertRaises(AccessError):
            complaint.with_user(self.agent_all).complaint_received_at = "2020-01-01 00:00:00"
        complaint.with_user(self.officer).complaint_received_at = "2020-01-01 00:00:00"

    def test_the_former_number_still_finds_a_registered_ticket(self):
        ticket = self._create_ticket()
        former = ticket.number
        ticket.action_register_complaint()
        self.assertEqual(self.env["helpdesk.ticket"].search([("complaint_former_number", "=", former)]), ticket)

    def test_plain_tickets_keep_their_own_series(self):
        ticket = self._create_ticket()
        self.assertRegex(ticket.number, "^HT")
        self.assertFalse(ticket.complaint_received_at)
        self.assertFalse(ticket.complaint_turn)
        self.assertFalse(ticket.complaint_lang)
        ticket.write({"number": "HT77777"})
