from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.sqms_base.lib.workflow_pass import workflow_fields

from .appraisal_case import WORDS, AppraisalCase


@tagged("post_install", "-at_install")
class TestAppraisalCampaign(AppraisalCase):
    def test_start_costs_the_same_for_twice_as_many(self):
        users = [self._create_user(f"many{place}", "base.group_user", self.company) for place in range(12)]
        people = [
            self._create_employee(f"Many {place}", user, parent_id=self.foreman.id) for place, user in enumerate(users)
        ]
        counts = []
        for some in (people[:4], people[4:]):
            wizard = (
                self.env["sqms.appraisal.campaign"]
                .with_user(self.hr)
                .create({"scheme_id": self.scheme.id, "date_from": "2026-01-01", "date_to": "2026-06-30"})
            )
            self.patch(type(wizard), "_employees", lambda self, some=some: self.env["hr.employee"].sudo().browse(
                [person.id for person in some]))  # fmt: skip
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            action = wizard.action_start()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            started = self.env["sqms.appraisal"].search(action["domain"])
            self.assertEqual(set(started.mapped("state")), {"self"})
            self.assertEqual(len(started), len(some))
        self.assertLessEqual(counts[1], counts[0] + 4, counts)

    def test_campaign_starts_each_one_once(self):
        manual = self._create_appraisal(self.colleague)
        orphan = self._create_employee("Orphan")
        campaign = self.env["sqms.appraisal.campaign"].with_user(self.hr).create(
            {"scheme_id": self.scheme.id, "date_from": "2026-01-01", "date_to": "2026-06-30",
             "department_ids": [(6, 0, self.department.ids)]}
        )  # fmt: skip
        self.assertEqual((campaign.employee_count, campaign.existing_count), (6, 1))
        campaign.action_start()
        by_person = self.env["sqms.appraisal"].search([("company_id", "=", self.company.id)]).grouped("employee_id")
        self.assertEqual(by_person[self.colleague], manual)
        self.assertEqual(by_person[self.person].state, "self")
        self.assertEqual((by_person[orphan].state, by_person[orphan].manager_id.id), ("draft", False))
        # Nobody starts his own; who has no manager with a login waits for HR to name one.
        self.assertNotIn(self.clerk, by_person)
        self.assertEqual(by_person[self.boss].state, "draft")
        with self.assertRaises(UserError):
            campaign.action_start()
        for user in (self.lead, self.certifier):
            with self.assertRaises(AccessError):
                campaign.with_user(user).action_start()

    def test_reminder_once_in_one_mail_without_a_word_of_what_was_said(self):
        one = self._create_appraisal()
        self._bring_to("manager", one)
        two = self._create_appraisal(self.colleague)
        self._say(two.with_user(self.mate), "self", (4, 4, 4))
        two.with_user(self.mate).action_transition("submit_self")
        model = self.env["sqms.appraisal"]
        mails = self.env["mail.mail"]
        before = mails.search([])
        model._cron_remind()
        self.assertFalse(mails.search([]) - before)
        with workflow_fields((one | two).sudo(), "step_due_on"):
            (one | two).sudo().step_due_on = self.company._sqms_today() - timedelta(days=1)
        model._cron_remind()
        sent = mails.search([]) - before
        self.assertEqual(len(sent), 1)
        self.assertEqual(sent.recipient_ids, self.lead.partner_id)
        self.assertIn("Wang Li", sent.body_html)
        self.assertIn("Zhang San", sent.body_html)
        self.assertNotIn(WORDS["self"], sent.body_html)
        model._cron_remind()
        self.assertEqual(mails.search([]) - before, sent)
        self.assertTrue(one.is_late)
        self.assertIn(one, model.search([("is_late", "=", True)]))
        self.assertNotIn(one, model.search([("is_late", "=", False)]))

    def test_start_page_shows_whose_turn_it_is(self):
        appraisal = self._create_appraisal()
        turns = [
            ("self", self.worker, "appraisals_own"),
            ("manager", self.lead, "appraisals_people"),
            ("calibration", self.director, "appraisals_calibrate"),
            ("hearing", self.worker, "appraisals_own"),
        ]
        for state, person, key in turns:
            self._bring_to(state, appraisal)
            for user in (self.worker, self.lead, self.director, self.mate):
                page = self.env["sqms.morning"].with_user(user).get_morning()
                waiting = [section["key"] for section in self._sections(user) if section["count"]]
                own = [name for name in waiting if name.startswith("appraisals_")]
                self.assertEqual(own, [key] if user == person else [], (state, user.login))
                self.assertEqual(page["waiting"] > 0, bool(waiting) or page["waiting"] > 0)

    def _sections(self, user):
        return [section for section in self.env["sqms.morning"].with_user(user)._morning_sections() if section]

    def test_print_says_what_its_reader_may_read(self):
        appraisal = self._bring_to("calibration")
        self._say(appraisal.with_user(self.director), "calibrated", (4, 4, 4), fit="fit")
        self.env.invalidate_all()
        words = lambda user: str(  # noqa: E731
            self.env["ir.qweb"].with_user(user)._render(
                "sqms_training.appraisal_print",
                {"appraisal": appraisal.with_user(user), "env": self.env(user=user),
                 **appraisal.with_user(user)._print_values()},
            )
        )  # fmt: skip
        self.assertIn(WORDS["self"], words(self.worker))
        self.assertNotIn(WORDS["manager"], words(self.worker))
        self.assertIn(WORDS["manager"], words(self.director))
        self._bring_to("confirmed", appraisal)
        self.env.invalidate_all()
        text = words(self.worker)
        self.assertIn(WORDS["manager"], text)
        self.assertIn("ap director", text)
        pdf = appraisal.with_user(self.worker)._appraisal_pdf()
        self.assertEqual(pdf[:4], b"%PDF")
