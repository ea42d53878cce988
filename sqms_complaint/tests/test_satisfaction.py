from datetime import timedelta

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sqms_base.lib.workflow_pass import workflow_import

from .common_satisfaction import SatisfactionCase


@tagged("post_install", "-at_install", "sqms_alone")
class TestSatisfaction(SatisfactionCase):
    """Each resolution is asked about once, by the system alone."""

    # -- asking --------------------------------------------------------------------

    def test_each_resolution_is_asked_about_once(self):
        complaint = self._move(self._create_complaint(), "closed")
        self.assertEqual(complaint.satisfaction_status, "Not sent")
        answer = self._invite(complaint)
        self.assertEqual((answer.state, answer.resolution, answer.delivery), ("invited", 0, "queued"))
        self.assertEqual(answer.sudo().user_input_id.deadline, answer.deadline)
        self.assertEqual(self._invite(complaint), answer, "asked once")
        complaint.complaint_reopen_reason = "Not paid"
        complaint.action_transition("reopen")
        self.assertFalse(complaint._satisfaction_survey_url(), "open again")
        self._move(complaint, "closed")
        both = self._invite(complaint)
        self.assertEqual(both.mapped("resolution"), [0, 1])
        self.assertEqual(both.mapped("state"), ["invited", "invited"])
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.answers.create({"ticket_id": complaint.id, "resolution": 1, "company_id": self.company.id})

    def test_open_withdrawn_and_plain_tickets_are_not_asked_about(self):
        still_open = self._create_complaint()
        withdrawn = self._end(self._create_complaint(), complaint_state="withdrawn")
        merged = self._merged(still_open)
        plain = self._create_ticket()
        old = self._closed()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE helpdesk_ticket SET complaint_closed_at = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(days=15), old.id],
        )
        self.env.invalidate_all()
        self.assertFalse(self._invite(still_open | withdrawn | merged | plain | old))

    def test_why_somebody_is_not_asked_stands_in_the_row(self):
        internal = self.agent.partner_id
        refusing = self.env["res.partner"].create(
            {"name": "Quiet", "email": "quiet@example.com", "satisfaction_opt_out": True}
        )
        silent = self.env["res.partner"].create({"name": "Silent"})
        cases = {
            "internal": self._closed(partner_id=internal.id),
            "opt_out": self._closed(partner_id=refusing.id),
            "no_way": self._closed(partner_id=silent.id),
        }
        for reason, complaint in cases.items():
            answer = self._invite(complaint)
            self.assertEqual((answer.state, answer.skip_reason), ("skipped", reason))
            self.assertFalse(answer.sudo().user_input_id or answer.sudo().mail_id)
        self.company.satisfaction_percent = 0
        answer = self._invite(self._closed())
        self.assertEqual((answer.state, answer.skip_reason), ("skipped", "sample"))
        self.company.satisfaction_is_on = False
        self.assertFalse(self._invite(self._closed()))

    def test_cool_down_spares_the_customer_but_not_a_second_resolution(self):
        self.company.satisfaction_cooldown_days = 30
        first, second = self._closed(), self._closed(partner_id=False, partner_email="Wang.Li@Example.com")
        answers = self._invite(first | second)
        self.assertEqual(answers.mapped("state"), ["invited", "skipped"], "the same address is the same customer")
        self.assertEqual(answers[1].skip_reason, "cooldown")
        self._reopened(first)
        self.assertEqual(self._invite(first).mapped("state"), ["invited", "invited"])
        other = self.env["res.partner"].create({"name": "Other", "email": "other@example.com"})
        self.assertEqual(self._invite(self._closed(partner_id=other.id)).state, "invited")
        self.env.flush_all()
        self.cr.execute(
            "UPDATE sqms_satisfaction_answer SET invited_at = %s WHERE ticket_id IN %s",
            [fields.Datetime.now() - timedelta(days=31), (first.id, second.id)],
        )
        self.env.invalidate_all()
        self.assertEqual(self._invite(self._closed()).state, "invited")

    def test_anonymous_people_answer_on_their_page_and_leave_no_trace(self):
        complaint = self._create_complaint(
            partner_id=False, partner_name=False, partner_email=False, complaint_is_anonymous=True,
            complaint_contact="none",
        )  # fmt: skip
        complaint._complaint_issue_code()
        self._end(complaint)
        self.assertFalse(complaint._satisfaction_survey_url())
        answer = self._invite(complaint)
        secret = answer.sudo()
        self.assertEqual((answer.state, answer.delivery, answer.is_delivered), ("invited", "page", False))
        self.assertFalse(answer.partner_id or secret.customer_key or secret.mail_id or secret.user_input_id.partner_id)
        self.assertFalse(secret.user_input_id.email)
        url = complaint._satisfaction_survey_url()
        self.assertIn(secret.user_input_id.access_token, url)
        self.assertEqual((answer.delivery, answer.is_delivered), ("shown", True))
        self._answer(answer, csat=3)
        self.assertFalse(complaint._satisfaction_survey_url(), "answered")
        self.assertFalse(answer.partner_id or secret.user_input_id.partner_id)

    def test_mail_is_in_the_customers_language_and_filed_nowhere(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        chinese = self.env["res.partner"].create({"name": "王丽", "email": "wang@example.com", "lang": "zh_CN"})
        complaint = self._closed(partner_id=chinese.id)
        answer = self._invite(complaint).sudo()
        self.assertEqual(answer.user_input_id.lang_id.code, "zh_CN")
        mail = answer.mail_id
        self.assertEqual((mail.state, mail.email_to), ("outgoing", "wang@example.com"))
        self.assertIn(answer.user_input_id.access_token, mail.body_html)
        self.assertIn("auto-generated", mail.headers)
        self.assertFalse(mail.model or mail.res_id, "nobody who reads the complaint finds the link")
        self.assertNotIn(answer.user_input_id.access_token, "".join(complaint.message_ids.mapped("body")))
        message = mail.mail_message_id.with_user(self.officer)
        with self.assertRaises(AccessError):
            message.read(["body"])

    def test_delivered_bounced_reminded_and_ended(self):
        answers = self._invite(self._closed() | self._closed() | self._closed()).sudo()
        sent, failed, bounced = answers
        (sent | bounced).mail_id.write({"state": "sent"})
        failed.mail_id.write({"state": "exception"})
        self.answers._note_deliveries()
        self.assertEqual(answers.mapped("delivery"), ["sent", "failed", "sent"])
        self.assertEqual(answers.mapped("is_delivered"), [True, False, True])
        message = bounced.message_id
        self.env["mail.thread"]._routing_handle_bounce(
            None,
            {
                "bounced_email": "wang.li@example.com", "bounced_partner": self.customer, "bounced_msg_ids": [],
                "bounced_message": message, "email_from": "m@example.com", "to": "b@example.com", "message_id": "<1>",
            },
        )  # fmt: skip
        self.assertEqual((bounced.delivery, bounced.is_delivered), ("bounced", False))
        self.assertFalse(self.answers._remind_batch(), "too early")
        self._age(answers, 6)
        first = sent.mail_id
        self.assertEqual(self.answers._remind_batch(), 1, "only who got the mail")
        self.assertEqual((sent.reminder_count, sent.delivery), (1, "queued"))
        self.assertNotEqual(sent.mail_id, first)
        sent.mail_id.write({"state": "sent"})
        self.answers._note_deliveries()
        self._age(answers, 8)
        self.assertFalse(self.answers._remind_batch(), "one reminder at most")
        self._age(answers, 30)
        self.answers._note_expired()
        self.assertEqual(set(answers.mapped("state")), {"expired"})

    def _age(self, answers, days):
        self.env.flush_all()
        self.cr.execute(
            "UPDATE sqms_satisfaction_answer SET invited_at = now() at time zone 'utc' - %s * interval '1 day', "
            "reminded_at = CASE WHEN reminded_at IS NOT NULL THEN now() at time zone 'utc' - interval '9 day' END,"
            " deadline = now() at time zone 'utc' + (21 - %s) * interval '1 day' WHERE id IN %s",
            [days, days, tuple(answers.ids)],
        )
        self.env.invalidate_all()

    def test_nobody_is_reminded_of_a_case_that_is_open_again(self):
        complaint = self._closed()
        answer = self._invite(complaint).sudo()
        answer.mail_id.write({"state": "sent"})
        self.answers._note_deliveries()
        self._age(answer, 6)
        with workflow_import(complaint, "Open again"):
            complaint.write({"complaint_state": "investigating", "complaint_closed_at": False})
        self.assertFalse(self.answers._remind_batch())

    def test_closing_costs_one_wake_up(self):
        complaints = self._closed(6)
        complaints[:1]._on_close()
        counts = []
        for some in (complaints[1:2], complaints[2:6]):
            self.env.invalidate_all()
            before = self.answers.search_count([])
            start = self.cr.sql_log_count
            trigger = self.env["ir.cron.trigger"].search_count([])
            some._on_close()
            counts.append(self.cr.sql_log_count - start - 1)
            self.assertEqual(self.env["ir.cron.trigger"].search_count([]), trigger + 1)
            self.assertEqual(self.answers.search_count([]), before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 4)

    def test_twice_the_resolutions_cost_no_more_questions_to_the_database(self):
        used = []
        for number in (4, 8, 8):
            tickets = self._closed(number)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.answers._invite_batch()
            self.env.flush_all()
            used.append((self.cr.sql_log_count - start, len(self._invite(tickets))))
        per_row = (used[2][0] - used[0][0]) / 4
        self.assertLess(per_row, 9, f"{used}: mails and inputs are made one by one by Odoo itself")

    def test_sampling_follows_the_draw_and_the_least_number(self):
        self.company.write({"satisfaction_percent": 50, "satisfaction_at_least": 0})
        complaints = self._closed(12)
        answers = self._invite(complaints)
        self.assertEqual(len(answers), 12, "each resolution has its row")
        again = [self.answers._plan(complaint, fields.Datetime.now()) for complaint in complaints]
        planned = {row["ticket_id"]: row["state"] for rows in again for row in rows}
        self.assertEqual({answer.ticket_id.id: answer.state for answer in answers}, planned, "the draw is repeated")
        self.company.write({"satisfaction_percent": 0, "satisfaction_at_least": 1000})
        self.assertEqual(self._invite(self._closed()).state, "invited")

    # -- answering -----------------------------------------------------------------

    def test_marks_come_into_the_row_and_zero_is_a_mark(self):
        complaint = self._closed()
        answer = self._invite(complaint)
        self._answer(answer, csat=4, nps=0, ces=6, comment="Thank you")
        self.assertEqual((answer.csat, answer.nps, answer.ces, answer.comment), (4, 0, 6, "Thank you"))
        self.assertEqual((answer.csat_points, answer.nps_points, answer.nps_group), (100, -100, "detractor"))
        self.assertIsNot(answer.nps, False)
        self.assertTrue(answer.answered_at and answer.is_delivered)
        self.assertEqual(complaint.satisfaction_status, "Answered 4/5")
        short = self._invite(self._closed())
        self._answer(short, csat=5)
        self.assertEqual((short.csat, short.nps, short.ces, short.nps_group), (5, False, False, False))
        self.env.flush_all()
        self.cr.execute("SELECT nps, ces, nps_points FROM sqms_satisfaction_answer WHERE id = %s", [short.id])
        self.assertEqual(self.cr.fetchone(), (None, None, None))
        mean = self.answers._read_group([("id", "in", (answer | short).ids)], [], ["nps:avg", "nps_points:avg"])
        self.assertEqual(mean, [(0.0, -100.0)], "who did not answer is not in the mean")

    def test_the_newest_of_repeated_lines_counts(self):
        answer = self._invite(self._closed())
        place = answer.sudo().user_input_id
        question = self._question("csat")
        for mark in (1, 5, 2):
            self.env["survey.user_input.line"].sudo().create(
                {
                    "user_input_id": place.id, "question_id": question.id, "answer_type": "scale",
                    "value_scale": mark, "skipped": False,
                }
            )  # fmt: skip
        place._mark_done()
        self.assertEqual(answer.csat, 2)
        place._mark_done()
        self.assertEqual(answer.csat, 2)

    def test_dissatisfied_customers_are_a_matter_of_the_leader(self):
        self.team.user_id = self.manager
        answer = self._answer(self._invite(self._closed()), csat=2)
        activity = answer.ticket_id.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn("2", activity.summary)
        self.assertFalse(self._answer(self._invite(self._closed()), csat=3).ticket_id.activity_ids)
        self.team.user_id = self.agent
        own = self._answer(self._invite(self._closed()), csat=1)
        self.assertNotIn(self.agent, own.ticket_id.activity_ids.user_id, "never who handled it")
        self.assertEqual(own.ticket_id.activity_ids.user_id, self.officer)

    def test_marks_outside_the_scale_are_refused(self):
        question = self._question("csat")
        for wrong in ("0", "6", "-1", "1e1", "٣", "4.0", "x", [4], {"a": 4}, True, 99999999999, "4" * 50):
            self.assertIn(question.id, question.validate_question(wrong), repr(wrong))
        for right in ("1", 5, " 3 "):
            self.assertFalse(question.validate_question(right))
        self.assertIn(question.id, question.validate_question(""), "the first question is asked of everybody")
        self.assertFalse(self._question("nps").validate_question(""))
        self.assertFalse(self._question("nps").validate_question("0"))
        for wrong in ("x\x00", "x" * 4001, ["x"], {"comment": "x"}, "\ud800"):
            self.assertTrue(self._question("comment").validate_question(wrong))
        place = self._invite(self._closed()).sudo().user_input_id
        with self.assertRaises(UserError), self.cr.savepoint():
            place._save_lines(question, "6")
            self.env.flush_all()

    # -- who may -------------------------------------------------------------------

    def test_nobody_writes_deletes_or_invites_by_hand(self):
        answer = self._invite(self._closed())
        self._answer(answer, csat=2)
        designer = self._create_user("sqms_survey", "survey.group_survey_manager,sqms_base.group_sqms_manager")
        people = (self.agent, self.officer, self.manager, self.certifier, designer, self.env.ref("base.user_admin"))
        for user in people:
            mine = answer.with_user(user)
            with self.assertRaises(AccessError):
                mine.write({"csat": 5})
            with self.assertRaises(AccessError):
                mine.unlink()
            with self.assertRaises(AccessError):
                mine.create({"ticket_id": answer.ticket_id.id, "resolution": 9, "company_id": self.company.id})
            result = mine.load(["ticket_id/.id", "company_id/.id"], [[str(answer.ticket_id.id), str(self.company.id)]])
            self.assertFalse(result["ids"])
        self.assertEqual(answer.csat, 2)
        with self.assertRaises(AccessError):
            answer.sudo().write({"csat": 5})
        with self.assertRaises(AccessError):
            answer.sudo().unlink()
        answer.sudo().comment = False  # erasure
        with self.assertRaises(UserError):
            self.survey._create_answer(partner=self.customer)
        self.assertTrue(self.survey._create_answer(user=designer, test_entry=True).test_entry)

    def test_who_keeps_surveys_neither_sees_nor_forges_what_customers_answer(self):
        answer = self._invite(self._closed())
        place = answer.sudo().user_input_id
        designer = self._create_user("sqms_survey", "survey.group_survey_manager")
        inputs = self.env["survey.user_input"].with_user(designer)
        self.assertNotIn(place, inputs.search([]))
        with self.assertRaises(AccessError):
            inputs.browse(place.id).read(["access_token"])
        with self.assertRaises(AccessError):
            inputs.create({"survey_id": self.survey.id})
        with self.assertRaises(AccessError):
            inputs.browse(place.id).write({"state": "done"})
        with self.assertRaises(AccessError):
            self.env["survey.user_input.line"].with_user(designer).create(
                {"user_input_id": place.id, "question_id": self._question("csat").id, "skipped": True}
            )
        with self.assertRaises(AccessError):
            self._question("csat").with_user(designer).write({"scale_max": 4, "sqms_metric": False})
        with self.assertRaises(AccessError):
            self.survey.with_user(designer).sqms_is_satisfaction = False
        with self.assertRaises(AccessError):
            self._question("csat").with_user(designer).unlink()
        for name in ("user_input_id", "customer_key", "mail_id"):
            with self.assertRaises(AccessError):
                answer.with_user(self.officer).read([name])

    def test_who_reads_the_complaint_reads_the_answer(self):
        answer = self._answer(self._invite(self._closed()), csat=4)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user(
            "sqms_elsewhere", "sqms_complaint.group_complaint_officer", company_id=other.id, company_ids=[other.id]
        )
        outsider = self._create_user("sqms_own2", "helpdesk_mgmt.group_helpdesk_user_own")
        for user, sees in (
            (self.agent, True), (self.officer, True), (self.certifier, True), (outsider, False), (stranger, False),
        ):  # fmt: skip
            found = self.answers.with_user(user).search([("id", "=", answer.id)])
            self.assertEqual(bool(found), sees, user.login)
            if sees:
                self.assertEqual(answer.with_user(user).csat, 4)
            else:
                with self.assertRaises(AccessError):
                    answer.with_user(user).read(["csat"])
        for user in (self.employee, self.portal, self.public):
            with self.assertRaises(AccessError):
                self.answers.with_user(user).search([])
        secret = self._closed(complaint_is_confidential=True, user_id=self.agent_all.id)
        hidden = self._invite(secret)
        self.assertFalse(self.answers.with_user(self.officer).search([("id", "=", hidden.id)]))

    def test_it_is_told_by_the_ledger(self):
        answer = self._answer(self._invite(self._closed()), csat=1, comment="SECRET WORDS")
        texts = "".join(answer.sqms_history().sudo().mapped("text"))
        self.assertIn('"csat"', texts)
        self.assertNotIn("SECRET WORDS", texts, "a person's words can be erased")
