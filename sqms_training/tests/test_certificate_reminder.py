from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .common import CertificateCase


@tagged("post_install", "-at_install")
class TestCertificateReminder(CertificateCase):
    def setUp(self):
        super().setUp()
        # What was there before is told first: the tests below count what they make.
        self.env["sqms.certificate.reminder"]._cron_tell_hr()

    def _run(self, days=0):
        """Run the job so many days from now; returns what was told of this company, and the mails."""
        reminders = self.env["sqms.certificate.reminder"]
        known, mails = reminders.search([]), self.env["mail.mail"].search([])
        with freeze_time(fields.Datetime.now() + timedelta(days=days)):
            reminders._cron_tell_hr()
        told = (reminders.search([]) - known).filtered(lambda row: row.company_id == self.company)
        mails = (self.env["mail.mail"].search([]) - mails).filtered(
            lambda mail: self.officer.partner_id in mail.recipient_ids
        )
        return told, mails

    def test_each_window_is_told_once(self):
        self._create_certificate(-300, 65)
        seen = []
        for day in range(80):
            told, mails = self._run(day)
            self.assertEqual(len(mails), len(told), day)
            seen += [(day, row.days) for row in told]
            self.assertFalse(self._run(day)[0], "a second run of the same day tells nothing")
        self.assertEqual(seen, [(5, 60), (35, 30), (58, 7)])

    def test_a_late_run_tells_the_nearest_window_only(self):
        self._create_certificate(-300, 65)
        told, _mails = self._run(60)
        self.assertEqual(told.mapped("days"), [7])
        self.assertFalse(self._run(61)[0])

    def test_the_last_day_and_the_day_after(self):
        self._create_certificate(-300, 0)
        self.assertEqual(self._run(0)[0].mapped("days"), [7])
        self._create_certificate(-300, -1)
        self.assertFalse(self._run(0)[0])

    def test_renewed_revoked_left_and_endless_are_not_told(self):
        renewed = self._create_certificate(-300, 20)
        renewed._renew({"valid_from": self.today + timedelta(days=21), "valid_to": self.today + timedelta(days=400)})
        self._create_certificate(-300, 21, skill_id=self.power.id)._revoke("gone")
        leaver = self._create_employee("Leaver")
        self._create_certificate(-300, 22, employee_id=leaver.id)
        leaver.action_archive()
        self._create_certificate(-300, None, employee_id=self.other.id)
        self.assertFalse(self._run()[0])

    def test_a_covering_row_counts_without_a_link(self):
        """hr_skills warns here: it takes the row that was entered first."""
        self._create_certificate(-10, 400)
        self._create_certificate(-300, 20)
        self.assertFalse(self._run()[0])

    def test_one_digest_for_everything_of_a_day(self):
        for number in range(8):
            self._create_certificate(-300, 5 + number, employee_id=self._create_employee(f"Person {number}").id)
        told, mails = self._run()
        self.assertEqual(len(told), 8)
        self.assertEqual(len(mails), 1)
        self.assertIn("8 ending", mails.subject)
        self.assertIn("Person 7", mails.body_html)
        self.assertTrue(all(told.mapped("sent_at")))

    def test_hr_is_told_where_there_is_no_training_officer(self):
        self.officer.group_ids -= self.env.ref("sqms_training.group_training_officer")
        self._create_certificate(-300, 5)
        known = self.env["mail.mail"].search([])
        self._run()
        mails = self.env["mail.mail"].search([]) - known
        self.assertIn(self.hr.partner_id, mails.recipient_ids)

    def test_another_company_hears_of_its_own_only(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        clerk = self._create_user("t_clerk", "sqms_training.group_training_officer")
        clerk.write({"company_id": elsewhere.id, "company_ids": [(6, 0, elsewhere.ids)]})
        foreigner = self._create_employee("Foreigner", company_id=elsewhere.id)
        self._create_certificate(-300, 5)
        self._create_certificate(-300, 5, employee_id=foreigner.id)
        known = self.env["mail.mail"].search([])
        self._run()
        mails = self.env["mail.mail"].search([]) - known
        mine = mails.filtered(lambda mail: clerk.partner_id in mail.recipient_ids)
        self.assertIn("Foreigner", mine.body_html)
        self.assertNotIn("Wang Li", mine.body_html)

    def test_a_missing_certificate_is_told_once_and_again_after_it_was_there(self):
        job = self.env["hr.job"].create({"name": "Fitter", "company_id": self.company.id})
        self.env["hr.job.skill"].create(
            {
                "job_id": job.id,
                "skill_type_id": self.certification.id,
                "skill_id": self.gas.id,
                "skill_level_id": self.full.id,
                "valid_from": self.today - timedelta(days=30),
            }
        )
        self.employee.job_id = job
        self._create_certificate(-30, 400)
        told, mails = self._run()
        self.assertEqual(
            (told.employee_id, told.skill_id, told.days), (self.employee, self.gas, 0), "the level is too low"
        )
        self.assertIn("1 missing", mails.subject)
        self.assertFalse(self._run(1)[0])
        row = self._create_certificate(-20, 400, skill_level_id=self.full.id)
        self.assertFalse(self._run(2)[0])
        row._revoke("gone")
        self.assertEqual(self._run(3)[0].skill_id, self.gas)

    def test_queries_do_not_grow_with_the_rows(self):
        def queries(count, skill):
            for number in range(count):
                self._create_certificate(
                    -300, 5, employee_id=self._create_employee(f"{skill.name} {number}").id, skill_id=skill.id
                )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["sqms.certificate.reminder"]._cron_tell_hr()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(1, self.power)
        few = queries(2, self.gas)
        third = self.env["hr.skill"].create({"name": "third", "skill_type_id": self.certification.id})
        self.assertLessEqual(queries(30, third), few + 2)
