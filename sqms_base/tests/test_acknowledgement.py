from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import NOON, ZONE, DocumentCase


@tagged("post_install", "-at_install")
class TestAcknowledgement(DocumentCase):
    def _mine(self, version, user=None):
        return (
            self.env["sqms.acknowledgement"]
            .with_user(user or self.plain)
            .search([("version_id", "=", version.id), ("employee_id.user_id", "=", (user or self.plain).id)])
        )

    def _ask(self, version, limit):
        return self.env["sqms.acknowledgement"].sudo()._ask(limit, version)

    def _choose_all_without_asking(self, document):
        self.env.cr.execute("UPDATE sqms_document SET audience = 'all' WHERE id = %s", [document.id])
        self.env.invalidate_all()
        document.sudo()._link_audiences()

    # -- who is asked ------------------------------------------------------------

    def test_everybody_of_the_company_is_asked_when_it_comes_into_force(self):
        self.env["hr.employee"].create({"name": "Elsewhere", "company_id": self.other_company.id})
        self._create_employee("Left", active=False)
        version = self._create_in_force()
        self.assertEqual(version.acknowledgement_ids.employee_id, self.employee | self.colleague)
        self.assertEqual(set(version.acknowledgement_ids.mapped("date_due")), {date(2026, 12, 7)})
        self.assertEqual(version.acknowledgement_ids.department_id, self.desk_north | self.workshop)

    def test_nobody_is_asked_before_its_day(self):
        version = self._approve(self._create_draft(), date(2026, 12, 7))
        self.assertFalse(version.acknowledgement_ids)

    def test_chosen_groups(self):
        job = self.env["hr.job"].create({"name": "Clerk", "company_id": self.company.id})
        tag = self.env["hr.employee.category"].create({"name": "Cash"})
        by_job = self._create_employee("By job", job_id=job.id)
        by_tag = self._create_employee("By tag", category_ids=[Command.link(tag.id)])
        for choice, expected in (
            ({"department_ids": self.desk}, self.employee),  # with the departments below
            ({"department_ids": self.workshop}, self.colleague),
            ({"job_ids": job}, by_job),
            ({"category_ids": tag}, by_tag),
            ({"employee_ids": self.colleague}, self.colleague),
            ({"department_ids": self.desk, "category_ids": tag}, self.employee | by_tag),
            ({}, self.env["hr.employee"]),
        ):
            values = {name: [Command.set(records.ids)] for name, records in choice.items()}
            document = self._create_document(audience="chosen", **values)
            version = self._approve(self._create_draft(document))
            self.assertEqual(version.acknowledgement_ids.employee_id, expected, choice)

    def test_nobody_in_particular(self):
        version = self._approve(self._create_draft(self._create_document(audience="nobody")))
        self.assertFalse(version.acknowledgement_ids)

    def test_wider_audience_asks_the_others_and_nobody_twice(self):
        document = self._create_document(audience="chosen", department_ids=[Command.link(self.desk.id)])
        version = self._approve(self._create_draft(document))
        self._mine(version).action_transition("acknowledge")
        document.with_user(self.officer).audience = "all"
        self.assertEqual(version.acknowledgement_ids.employee_id, self.employee | self.colleague)
        self.assertEqual(version.acknowledgement_ids.mapped("state").count("done"), 1)

    def test_newcomer_is_asked_by_the_daily_job(self):
        version = self._create_in_force()
        newcomer = self._create_employee("Newcomer")
        with self.enter_registry_test_mode():
            self.env.ref("sqms_base.ir_cron_acknowledgement").method_direct_trigger()
        self.assertIn(newcomer, version.acknowledgement_ids.employee_id)

    def test_new_edition_asks_again(self):
        first = self._create_in_force()
        self._mine(first).action_transition("acknowledge")
        action = first.document_id.with_user(self.officer).action_new_edition()
        with freeze_time(NOON + timedelta(hours=1)):
            second = self._approve(self.env["sqms.document.version"].browse(action["res_id"]))
            self.assertEqual(second.acknowledgement_ids.mapped("state"), ["open", "open"])
            self.assertEqual(self._mine(first).state, "done")

    def test_batches_resume_and_never_double(self):
        document = self._create_document(audience="chosen")
        version = self._approve(self._create_draft(document)).sudo()
        crowd = self.env["hr.employee"].create(
            [{"name": f"Crowd {n}", "company_id": self.company.id, "department_id": self.desk.id} for n in range(25)]
        )
        self._choose_all_without_asking(document)
        self.assertEqual([self._ask(version, 10) for _ in range(4)], [10, 10, 7, 0])
        self.assertEqual(version.acknowledgement_ids.employee_id, self.employee | self.colleague | crowd)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env["sqms.acknowledgement"].create({"version_id": version.id, "employee_id": crowd[0].id})

    def test_twice_the_people_same_number_of_queries(self):
        document = self._create_document(audience="chosen")
        version = self._approve(self._create_draft(document)).sudo()
        departments = self.desk | self.desk_north | self.workshop
        self.env["hr.employee"].create(
            [
                {"name": f"Crowd {n}", "company_id": self.company.id, "department_id": departments[n % 3].id}
                for n in range(120)
            ]
        )
        self._choose_all_without_asking(document)
        counts = []
        for size in (5, 10, 20, 40):  # the first one warms the caches
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(self._ask(version, size), size)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(len(set(counts[1:])), 1, counts)

    # -- who confirms --------------------------------------------------------------

    def test_everybody_confirms_for_himself(self):
        version = self._create_in_force()
        reading = self._mine(version)
        self.assertEqual([step["name"] for step in reading.transitions()], ["acknowledge"])
        reading.action_transition("acknowledge")
        self.assertEqual((reading.state, reading.acknowledged_at), ("done", NOON))

    def test_nobody_confirms_for_another(self):
        reading = self._mine(self._create_in_force())
        stranger = self._create_user("stranger", "base.group_user")
        self._create_employee("Stranger", user_id=stranger.id)
        for user in (stranger, self.officer, self.manager, self.top, self.hr, self.certifier):
            for own in (reading.with_user(user), reading.with_user(user).sudo()):
                self.assertFalse(own.transitions())
                with self.assertRaises(UserError):
                    own.action_transition("acknowledge")
                with self.assertRaises(UserError):
                    own.write({"state": "done"})
                with self.assertRaises(UserError):
                    own.write({"acknowledged_at": NOON})
        with self.assertRaises(UserError):
            reading.with_user(self.env.ref("base.user_admin")).action_transition("acknowledge")
        with self.assertRaises(UserError):
            reading.with_user(self.env.ref("base.user_root")).action_transition("acknowledge")
        self.assertEqual(reading.state, "open")

    def test_nobody_makes_changes_or_deletes_readings_by_hand(self):
        reading = self._mine(self._create_in_force())
        values = {"version_id": reading.version_id.id, "employee_id": self.employee.id}
        for user in (self.plain, self.officer, self.manager, self.hr, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.env["sqms.acknowledgement"].with_user(user).create(values)
            with self.assertRaises(AccessError):
                reading.with_user(user).unlink()
        for values in (
            {"employee_id": self.colleague.id}, {"version_id": self._create_in_force().id}, {"date_due": "2030-01-01"},
            {"department_id": self.workshop.id}, {"reminded_on": "2030-01-01"}, {"acknowledged_at": "2026-01-01"},
        ):  # fmt: skip
            with self.assertRaises(UserError):
                reading.with_user(self.plain).write(values)

    def test_confirmed_stays(self):
        reading = self._mine(self._create_in_force())
        reading.action_transition("acknowledge")
        for values in ({"state": "open"}, {"acknowledged_at": False}, {"date_due": False}):
            for user in (self.plain, self.env.ref("base.user_root")):
                with self.assertRaises(UserError):
                    reading.with_user(user).write(values)
        with self.assertRaises(AccessError):
            reading.sudo().unlink()
        with self.assertRaisesRegex(UserError, "already “Read and Understood”"):
            reading.action_transition("acknowledge")

    def test_only_what_is_in_force_is_confirmed(self):
        version = self._create_in_force()
        reading = self._mine(version)
        with freeze_time(NOON + timedelta(hours=1)):
            manager = version.with_user(self.manager)
            manager.withdrawal_reason = "Ended"
            manager.action_transition("withdraw")
            self.env.invalidate_all()
            with self.assertRaisesRegex(UserError, "not in force"):
                reading.action_transition("acknowledge")
            self.assertFalse(reading.content)

    def test_superseded_by_the_clock_is_not_confirmed_though_no_job_has_run(self):
        first = self._create_in_force()
        reading = self._mine(first)
        action = first.document_id.with_user(self.officer).action_new_edition()
        second = self._approve(self.env["sqms.document.version"].browse(action["res_id"]), date(2026, 11, 24))
        with freeze_time(second.effective_from):
            self.env.invalidate_all()
            self.assertEqual(first.state, "effective")
            with self.assertRaisesRegex(UserError, "not in force"):
                reading.action_transition("acknowledge")
            self.assertFalse(
                self.env["sqms.acknowledgement"].with_user(self.plain).search([("is_in_force", "=", True)])
            )

    def test_reader_sees_his_own_readings_with_their_text(self):
        version = self._create_in_force()
        readings = self.env["sqms.acknowledgement"].with_user(self.plain).search([])
        self.assertEqual(readings.employee_id, self.employee)
        self.assertIn("one working day", readings.filtered(lambda own: own.version_id == version).content)
        other = version.acknowledgement_ids.filtered(lambda row: row.employee_id == self.colleague)
        with self.assertRaises(AccessError):
            other.with_user(self.plain).read(["state"])

    def test_views_of_the_reader_can_be_opened_by_him(self):
        version = self._create_in_force()
        action = (
            self.env["ir.actions.act_window"]
            .with_user(self.plain)
            ._for_xml_id("sqms_base.sqms_acknowledgement_action_mine")
        )
        readings = self.env["sqms.acknowledgement"].with_user(self.plain)
        for view_id, kind in action["views"]:
            arch = readings.get_view(view_id, kind)
            names = {name: {} for name in arch["models"]["sqms.acknowledgement"]}
            self.assertTrue(readings.search([("version_id", "=", version.id)]).web_read(names))

    # -- coverage ------------------------------------------------------------------

    def test_coverage_by_department(self):
        version = self._create_in_force()
        self._mine(version).action_transition("acknowledge")
        self.env.invalidate_all()
        officer = version.with_user(self.officer)
        self.assertEqual((officer.read_count, officer.reader_count, officer.read_percent), (1, 2, 50.0))
        self.assertEqual(officer.read_label, "1 of 2")
        self.assertEqual(officer.document_id.read_label, "1 of 2")
        rows = {row.department_id: (row.read_count, row.reader_count) for row in officer.coverage_ids}
        self.assertEqual(rows, {self.desk_north: (1, 1), self.workshop: (0, 1)})

    def test_coverage_keeps_the_department_of_the_day(self):
        version = self._create_in_force()
        self.employee.department_id = self.workshop
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(version.coverage_ids.department_id, self.desk_north | self.workshop)

    def test_who_left_without_reading_is_not_waited_for(self):
        version = self._create_in_force()
        self.colleague.active = False
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(version.with_user(self.officer).read_label, "0 of 1")
        self.assertEqual(version.coverage_ids.department_id, self.desk_north)

    def test_coverage_of_a_list_costs_the_same_for_twice_the_documents(self):
        documents = (
            self.env["sqms.document"]
            .browse([self._create_in_force().document_id.id for _ in range(4)])
            .with_user(self.officer)
        )
        counts = []
        for some in (documents[:2], documents[:2], documents):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.web_read({"read_percent": {}, "current_edition": {}, "current_date": {}, "next_state": {}})
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2], counts)

    # -- reminders -------------------------------------------------------------------

    def _remind(self):
        before = self.env["mail.mail"].search([])
        with self.enter_registry_test_mode():
            self.env.ref("sqms_base.ir_cron_reading_reminder").method_direct_trigger()
        self.env.invalidate_all()
        return self.env["mail.mail"].search([]) - before

    def _mails_to(self, mails, user):
        return mails.filtered(lambda mail: user.partner_id in mail.recipient_ids)

    def test_one_mail_a_day_with_everything_to_read(self):
        self._create_in_force()
        self._create_in_force(document=self._create_document("Complaint policy"))
        mails = self._mails_to(self._remind(), self.plain)
        self.assertEqual(len(mails), 1)
        self.assertIn("Refund procedure", mails.body_html)
        self.assertIn("Complaint policy", mails.body_html)
        self.assertIn("2", mails.subject)
        self.assertFalse(self._remind(), "no second mail on the same day")
        # The day of the company counts: it begins at 16:00 UTC.
        with freeze_time("2026-11-23 15:59:00"):
            self.assertFalse(self._remind())
        with freeze_time("2026-11-23 16:01:00"):
            self.assertEqual(len(self._mails_to(self._remind(), self.plain)), 1)

    def test_who_has_read_is_left_alone(self):
        self._mine(self._create_in_force()).action_transition("acknowledge")
        self.assertFalse(self._mails_to(self._remind(), self.plain))

    def test_reminders_can_be_switched_off(self):
        self._create_in_force()
        self.company.sqms_remind_readers = False
        self.assertFalse(self._mails_to(self._remind(), self.plain))

    def test_reminder_speaks_the_language_of_its_reader(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        document = self._create_document()
        document.with_context(lang="zh_CN").name = "退款程序"
        self._create_in_force(document=document)
        self.plain.lang = "zh_CN"
        self.assertIn("退款程序", self._mails_to(self._remind(), self.plain).body_html)

    def test_reminders_in_batches(self):
        people = [
            new_test_user(self.env, login=f"sqms_reader_{n}", groups="base.group_user", tz=ZONE,
                          company_id=self.company.id, company_ids=[(6, 0, self.company.ids)])
            for n in range(5)
        ]  # fmt: skip
        for user in people:
            self._create_employee(user.name, user_id=user.id)
        self._create_in_force()
        before = self.env["mail.mail"].search([])
        with patch.object(self.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 1.0):
            self.env["sqms.acknowledgement"]._cron_remind(batch=2)
        mails = self.env["mail.mail"].search([]) - before
        for user in people:
            self.assertEqual(len(self._mails_to(mails, user)), 1)

    # -- settings ----------------------------------------------------------------------

    def test_days_to_read_are_set_by_company(self):
        settings = self.env["res.config.settings"].with_company(self.company).create({"sqms_acknowledge_days": 5})
        settings.execute()
        self.assertEqual(self.company.sqms_acknowledge_days, 5)
        version = self._create_in_force()
        self.assertEqual(set(version.acknowledgement_ids.mapped("date_due")), {date(2026, 11, 28)})
