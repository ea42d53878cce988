from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CertificateCase


class ReminderCase(CertificateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss_user = cls._create_user("t_boss", "base.group_user")
        cls.boss = cls._create_employee("Boss", cls.boss_user)
        cls.employee.parent_id = cls.boss
        cls.reminders = cls.env["sqms.certificate.reminder"]
        cls.notices = cls.env["sqms.certificate.notice"]
        # What was there before is told first: the tests below count what they make.
        cls.reminders._cron_tell()

    def _run(self, days=0):
        """Run the job so many days from now; returns what was noted of this company, and the mails."""
        known, mails = self.reminders.search([]), self.env["mail.mail"].search([])
        with freeze_time(fields.Datetime.now() + timedelta(days=days)):
            self.reminders._cron_tell()
        told = (self.reminders.search([]) - known).filtered(lambda row: row.company_id == self.company)
        return told, self.env["mail.mail"].search([]) - mails

    def _to(self, mails, person):
        partner = person.partner_id if person._name == "res.users" else person.work_contact_id
        return mails.filtered(lambda mail: partner in mail.recipient_ids)


@tagged("post_install", "-at_install")
class TestCertificateReminder(ReminderCase):
    """When a word is said: 60, 30 and 7 days before the end and on the last day."""

    def test_each_rung_is_told_once(self):
        self._create_certificate(-300, 65)
        seen = []
        for day in range(90):
            told, mails = self._run(day)
            for person in (self.officer, self.user, self.boss_user):
                self.assertEqual(len(self._to(mails, person)), len(told), day)
            seen += [(day, row.days) for row in told]
            told, mails = self._run(day)
            self.assertFalse(told or mails, "a second run of the same day tells nothing")
        self.assertEqual(seen, [(5, 60), (35, 30), (58, 7), (65, 0)])

    def test_a_late_run_tells_the_nearest_rung_only(self):
        self._create_certificate(-300, 65)
        self.assertEqual(self._run(60)[0].mapped("days"), [7])
        self.assertFalse(self._run(61)[0])
        self.assertEqual(self._run(67)[0].mapped("days"), [0], "the job stood still on the last day")
        self.assertFalse(self._run(68)[0])

    def test_the_last_day_and_long_after(self):
        self._create_certificate(-300, 0)
        told, mails = self._run()
        self.assertEqual(told.mapped("days"), [0])
        self.assertIn("today is the last day", self._to(mails, self.user).body_html)
        self._create_certificate(-300, -8)
        self.assertFalse(self._run(1)[0])

    def test_renewed_revoked_left_and_endless_are_not_told(self):
        renewed = self._create_certificate(-300, 20)
        renewed._renew({"valid_from": self.today + timedelta(days=21), "valid_to": self.today + timedelta(days=400)})
        self._create_certificate(-300, 21, skill_id=self.power.id)._revoke("gone")
        leaver = self._create_employee("Leaver")
        self._create_certificate(-300, 22, employee_id=leaver.id)
        leaver.action_archive()
        self._create_certificate(-300, None, employee_id=self.other.id)
        self.assertFalse(self._run()[0])

    def test_a_covering_row_counts_without_a_link_whichever_was_entered_first(self):
        """hr_skills warns here: it takes the row that was entered first."""
        self._create_certificate(-10, 400)
        self._create_certificate(-300, 20)
        self._create_certificate(-300, 20, skill_id=self.power.id)
        self._create_certificate(-10, 400, skill_id=self.power.id)
        self._create_certificate(-300, 0, employee_id=self.other.id)
        self._create_certificate(1, 400, employee_id=self.other.id)
        for day in (0, 1, 13, 20):
            told, mails = self._run(day)
            self.assertFalse(told or mails, day)

    def test_a_missing_certificate_is_told_once_and_again_after_it_was_there(self):
        self._require(self.gas, self.full)
        self._create_certificate(-30, 400)
        told, mails = self._run()
        self.assertEqual(
            (told.employee_id, told.skill_id, told.days), (self.employee, self.gas, 0), "the level is too low"
        )
        self.assertIn("1 missing", self._to(mails, self.officer).subject)
        self.assertFalse(self._to(mails, self.user) | self._to(mails, self.boss_user), "a gap is for HR")
        self.assertFalse(self._run()[0])
        row = self._create_certificate(-20, 400, skill_level_id=self.full.id)
        self.assertFalse(self._run()[0])
        row._revoke("gone")
        self.assertEqual(self._run()[0].skill_id, self.gas)

    def test_a_gap_opens_and_closes_on_every_way(self):
        """The daily look at those for whom something may have changed finds what a look at all finds."""
        self._require(self.gas, self.basic)
        job = self.employee.job_id
        self._create_certificate(-300, 400)
        third = self._create_certificate(-300, 400, employee_id=self._create_employee("Third", job_id=job.id).id)
        self.other.job_id = job
        rule = job.job_skill_ids

        def newcomer():
            self._create_employee("Fourth", job_id=job.id)

        ways = (
            (lambda: None, {"Zhang San"}),
            (lambda: third._revoke("gone"), {"Zhang San", "Third"}),
            (newcomer, {"Zhang San", "Third", "Fourth"}),
            (lambda: self.other.write({"job_id": False}), {"Third", "Fourth"}),
            (lambda: third.employee_id.action_archive(), {"Fourth"}),
            (lambda: rule.sudo().write({"skill_level_id": self.full.id}), {"Fourth", "Wang Li"}),
            (lambda: self._create_certificate(-5, 400, skill_level_id=self.full.id), {"Fourth"}),
            (lambda: third.employee_id.action_unarchive(), {"Fourth", "Third"}),
            (lambda: rule.sudo().unlink(), set()),
        )
        for change, names in ways:
            change()
            self.reminders._cron_tell()
            gaps = self.reminders.search([("certificate_id", "=", False), ("company_id", "=", self.company.id)])
            self.assertEqual(set(gaps.employee_id.mapped("name")), names)

    def test_once_a_week_everybody_is_looked_at(self):
        self._require(self.gas, self.basic)
        self._run()
        gap = self.reminders.search([("certificate_id", "=", False), ("employee_id", "=", self.employee.id)])
        gap.unlink()
        long_ago = "UPDATE %s SET write_date = '2020-01-01'"
        for table in ("hr_employee", "hr_version", "hr_job_skill", "hr_skill_type", "hr_skill_level"):
            self.env.cr.execute(long_ago % table)
        self.env.cr.execute(
            "UPDATE hr_version SET date_version = '2020-01-01' WHERE employee_id = %s", [self.employee.id]
        )
        self.env.cr.execute("UPDATE hr_job_skill SET valid_from = '2020-01-01'")
        self.env.invalidate_all()
        self.assertFalse(self._run(1)[0], "nothing about him has changed")
        self.assertTrue(self._run(7)[0], "a week later he is seen all the same")

    def test_one_not_yet_valid_is_missing_and_one_that_ended_is_not_told_twice(self):
        self._require(self.gas, self.basic)
        self._require(self.power, self.basic)
        self._create_certificate(10, 400)
        self._create_certificate(-300, 0, skill_id=self.power.id)
        told, mails = self._run()
        self.assertEqual({(row.skill_id, bool(row.certificate_id)) for row in told},
                         {(self.gas, False), (self.power, True)})  # fmt: skip
        self.assertIn("1 ending, 1 missing", self._to(mails, self.officer).subject)
        told, mails = self._run(1)
        self.assertEqual((told.skill_id, bool(told.certificate_id)), (self.power, False))
        self.assertFalse(mails, "its end was told yesterday")

    def _require(self, skill, level):
        job = self.employee.job_id or self.env["hr.job"].create({"name": "Fitter", "company_id": self.company.id})
        self.env["hr.job.skill"].create(
            {
                "job_id": job.id,
                "skill_type_id": skill.skill_type_id.id,
                "skill_id": skill.id,
                "skill_level_id": level.id,
                "valid_from": self.today - timedelta(days=30),
            }
        )
        self.employee.job_id = job

    def test_old_ones_are_swept_away(self):
        self._create_certificate(-300, 20)
        told, _mails = self._run()
        with freeze_time(fields.Datetime.now() + timedelta(days=380)):
            self.reminders._gc_reminders()
        self.assertTrue(told.exists())
        with freeze_time(fields.Datetime.now() + timedelta(days=430)):
            self.reminders._gc_reminders()
        self.assertFalse(told.exists())

    def test_queries_do_not_grow_with_the_rows(self):
        def queries(count, skill):
            for number in range(count):
                user = self._create_user(f"t_{skill.id}_{number}", "base.group_user")
                holder = self._create_employee(f"{skill.name} {number}", user, parent_id=self.boss.id)
                self._create_certificate(-300, 5, employee_id=holder.id, skill_id=skill.id)
            self.env.flush_all()
            self.env.invalidate_all()
            self.env.cr.execute("UPDATE sqms_certificate_notice SET sent_at = sent_at - interval '2 days'")
            before = self.cr.sql_log_count
            self.reminders._cron_tell()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(1, self.power)
        few = queries(6, self.gas)
        third = self.env["hr.skill"].create({"name": "third", "skill_type_id": self.certification.id})
        self.assertLessEqual(queries(24, third), few + 2)

    def test_a_day_with_nothing_due_costs_ten_queries(self):
        self._create_certificate(-300, 300)
        self._run()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(10):
            self.reminders._cron_tell()


@tagged("post_install", "-at_install")
class TestCertificateNotice(ReminderCase):
    """To whom it is said: the holder, his manager, HR; one digest each."""

    def test_holder_manager_and_hr_read_what_concerns_them(self):
        self._create_certificate(-300, 5)
        self._create_certificate(-300, 6, employee_id=self.other.id)
        _told, mails = self._run()
        holder, manager, clerk = (self._to(mails, user) for user in (self.user, self.boss_user, self.officer))
        self.assertEqual(holder.subject, "Your certificates: 1 ending")
        self.assertIn("in 5 days", holder.body_html)
        self.assertIn("/odoo/sqms-my-certificates", holder.body_html)
        self.assertNotIn("Zhang San", holder.body_html)
        self.assertEqual(manager.subject, "Certificates of your people: 1 ending")
        self.assertIn("Wang Li", manager.body_html)
        self.assertNotIn("Zhang San", manager.body_html)
        self.assertIn("2 ending", clerk.subject)
        self.assertIn("/odoo/sqms-certificates", clerk.body_html)
        self.assertFalse(self._to(mails, self.hr), "there is a training officer")

    def test_one_digest_for_everything_of_a_day(self):
        for number in range(8):
            person = self._create_employee(f"Person {number}", parent_id=self.boss.id)
            self._create_certificate(-300, 5 + number, employee_id=person.id)
        self._create_certificate(-300, 20, employee_id=self.boss.id)
        told, mails = self._run()
        self.assertEqual(len(told), 9)
        self.assertIn("9 ending", self._to(mails, self.officer).subject)
        self.assertIn("Person 7", self._to(mails, self.officer).body_html)
        both = self._to(mails, self.boss_user)
        self.assertEqual(len(both), 1, "holder and manager in one")
        self.assertIn("Your certificates that end", both.body_html)
        self.assertIn("Certificates of your people", both.body_html)
        self.assertTrue(all(told.mapped("sent_at")))

    def test_a_second_digest_waits_for_tomorrow(self):
        self._create_certificate(-300, 5)
        self._run()
        self._create_certificate(-300, 6, skill_id=self.power.id)
        told, mails = self._run()
        self.assertEqual((len(told), len(mails), told.sent_at), (1, 0, False))
        _told, mails = self._run(1)
        self.assertEqual(len(self._to(mails, self.user)), 1)
        self.assertIn("Licences power", self._to(mails, self.user).body_html)
        self.assertNotIn("Licences gas", self._to(mails, self.user).body_html)

    def test_who_is_clerk_and_holder_at_once_reads_one_digest(self):
        clerk = self._create_employee("Clerk", self.officer)
        self._create_certificate(-300, 5, employee_id=clerk.id)
        told, mails = self._run()
        self.assertEqual(len(self._to(mails, self.officer)), 1)
        self.assertEqual(told.notice_ids.filtered(lambda n: n.partner_id == self.officer.partner_id).role, "holder")

    def test_without_user_the_work_address_counts_and_without_address_nobody_is_told(self):
        cleaner = self._create_employee("Cleaner", work_email="cleaner@example.com", parent_id=self.boss.id)
        driver = self._create_employee("Driver", parent_id=cleaner.id)
        self._create_certificate(-300, 5, employee_id=cleaner.id)
        self._create_certificate(-300, 5, employee_id=driver.id)
        told, mails = self._run()
        mine = self._to(mails, cleaner)
        self.assertIn("Driver", mine.body_html)
        self.assertNotIn("/odoo/", mine.body_html, "who cannot log in has nothing to open")
        self.assertFalse(told.notice_ids.filtered(lambda notice: notice.partner_id == driver.work_contact_id))
        self.assertTrue(all(told.mapped("sent_at")))

    def test_a_manager_who_left_and_a_user_who_is_locked_are_not_told(self):
        self._create_certificate(-300, 5)
        self.boss.active = False
        self.user.active = False
        _told, mails = self._run()
        self.assertFalse(self._to(mails, self.boss_user))
        self.assertTrue(self._to(mails, self.officer))

    def test_everybody_in_his_own_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["sqms_training"], ["zh_CN"])
        self.user.lang = "zh_CN"
        self._create_certificate(-300, 5)
        _told, mails = self._run()
        self.assertIn("您的证书", self._to(mails, self.user).subject)
        self.assertIn("天后", self._to(mails, self.user).body_html)
        self.assertIn("ending", self._to(mails, self.officer).subject)

    def test_hr_is_told_where_there_is_no_training_officer(self):
        self.officer.group_ids -= self.env.ref("sqms_training.group_training_officer")
        self._create_certificate(-300, 5)
        self.assertTrue(self._to(self._run()[1], self.hr))

    def test_another_company_hears_of_its_own_only(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        clerk = self._create_user("t_clerk", "sqms_training.group_training_officer")
        clerk.write({"company_id": elsewhere.id, "company_ids": [(6, 0, elsewhere.ids)]})
        foreigner = self._create_employee("Foreigner", company_id=elsewhere.id)
        self._create_certificate(-300, 5)
        self._create_certificate(-300, 5, employee_id=foreigner.id)
        _told, mails = self._run()
        self.assertIn("Foreigner", self._to(mails, clerk).body_html)
        self.assertNotIn("Wang Li", self._to(mails, clerk).body_html)
        self.assertNotIn("Foreigner", self._to(mails, self.officer).body_html)
        self.assertTrue(self.notices.with_user(clerk).search([]))
        self.assertFalse(self.notices.with_user(clerk).search([("company_id", "!=", elsewhere.id)]))

    # -- never twice, never lost --------------------------------------------------------

    def test_a_run_that_breaks_off_is_taken_up_and_nobody_hears_twice(self):
        """Mails and notes are one batch; here the second of three batches breaks."""
        create, batches = type(self.env["mail.mail"]).create, []

        def breaking(mails, vals_list):
            batches.append(vals_list)
            if len(batches) == 2:
                raise RuntimeError("the power went")
            return create(mails, vals_list)

        self._create_certificate(-300, 5)
        known = self.env["mail.mail"].search([])
        with (
            patch("odoo.addons.sqms_training.models.sqms_certificate_notice.PEOPLE_AT_ONCE", 1),
            patch.object(type(self.env["mail.mail"]), "create", breaking),
            suppress(RuntimeError),
        ):
            self.reminders._cron_tell()
        self.assertEqual(len(batches), 2)
        first = self.env["mail.mail"].search([]) - known
        (told,) = self.reminders.search([("employee_id", "=", self.employee.id)])
        self.assertEqual((len(first), told.sent_at), (1, False))
        again = self._run()[1]
        self.assertEqual(len(again), 2)
        self.assertFalse(first.recipient_ids & again.recipient_ids)
        self.assertTrue(told.sent_at)
        self.assertFalse(self._run(1)[1])

    def test_what_is_renewed_after_the_note_and_before_the_message_is_not_told(self):
        row = self._create_certificate(-300, 5)
        with patch.object(type(self.notices), "_send"):
            self.reminders._cron_tell()
        (told,) = self.reminders.search([("certificate_id", "=", row.id)])
        self.assertFalse(told.sent_at)
        successor = row._renew({"valid_from": self.today + timedelta(days=6), "valid_to": False})
        _told, mails = self._run()
        self.assertFalse(mails or told.exists())
        successor._revoke("a mistake")
        self.assertEqual(len(self._run()[0]), 1, "now it ends after all")

    def test_the_table_itself_refuses_a_second_note(self):
        row = self._create_certificate(-300, 5)
        told, _mails = self._run()
        notice = told.notice_ids[0]
        values = {"reminder_id": told.id, "partner_id": notice.partner_id.id, "role": "hr"}
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.notices.create(values)
        double = {"employee_id": self.employee.id, "company_id": self.company.id, "skill_id": self.gas.id}
        double.update(certificate_id=row.id, valid_to=row.valid_to, days=7)
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.reminders.create(double)

    def test_nobody_writes_notices_by_hand(self):
        self._create_certificate(-300, 5)
        notice = self._run()[0].notice_ids[0]
        for user in (self.hr, self.officer, self.user, self.certifier):
            for operation in ("create", "write", "unlink"):
                self.assertFalse(notice.with_user(user).has_access(operation), user.login)
        for user in (self.user, self.boss_user, self.certifier):
            self.assertFalse(notice.with_user(user).has_access("read"), user.login)
