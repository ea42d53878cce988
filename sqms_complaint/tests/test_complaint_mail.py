import ast

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from .common import ComplaintCase

MAIL = """From: {sender}
To: {to}
Subject: {subject}
Message-Id: <{message_id}@mail.example.com>
Date: Mon, 02 Nov 2026 10:00:00 +0800
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{body}
"""


class LetterCase(ComplaintCase):
    def _letters(self, complaint):
        return self.env["mail.mail"].search(
            [
                ("model", "=", "helpdesk.ticket"),
                ("res_id", "=", complaint.id),
                ("email_to", "!=", False),
                ("message_type", "=", "email_outgoing"),
            ],
            order="id",
        )


@tagged("post_install", "-at_install")
class TestLetters(LetterCase):
    def test_the_acknowledgement_names_number_and_page_and_no_code(self):
        complaint = self._create_complaint()
        code = complaint._complaint_issue_code()
        complaint.with_user(self.agent).action_transition("acknowledge")
        letter = self._letters(complaint)
        self.assertEqual(len(letter), 1)
        self.assertNotIn(code, letter.body_html)
        self.assertNotIn(code.replace("-", ""), letter.body_html)
        self.assertEqual(letter.email_to, "wang.li@example.com")
        self.assertEqual(letter.state, "outgoing")
        self.assertIn(complaint.number, letter.subject)
        self.assertIn(complaint.number, letter.body_html)
        self.assertIn(f"{complaint._get_complaint_status_url()}", letter.body_html)
        self.assertEqual(ast.literal_eval(letter.headers)["Auto-Submitted"], "auto-replied")

    def test_a_caller_without_code_is_not_sent_to_the_status_page(self):
        complaint = self._move(self._create_complaint(), "communicated")
        bodies = "".join(self._letters(complaint).mapped("body_html"))
        self.assertIn(complaint.number, bodies)
        self.assertNotIn(complaint._get_complaint_status_url(), bodies)

    def test_it_is_sent_once(self):
        complaint = self._create_complaint()
        complaint._acknowledge_on_receipt()
        complaint._acknowledge_on_receipt()
        with self.assertRaises(UserError):
            complaint.action_transition("acknowledge")
        self._move(complaint, "closed")
        complaint.complaint_reopen_reason = "It came back."
        complaint.with_user(self.officer).action_transition("reopen")
        subjects = self._letters(complaint).mapped("subject")
        self.assertEqual(len([subject for subject in subjects if "received" in subject]), 1)

    def test_the_decision_letter_carries_the_answer(self):
        complaint = self._move(self._create_complaint(), "communicated")
        letter = self._letters(complaint)[-1:]
        self.assertIn("We send the second payment back.", letter.body_html)
        self.assertEqual(ast.literal_eval(letter.headers)["Auto-Submitted"], "auto-generated")
        self.assertFalse(letter.auto_delete, "what the customer was told can be shown later")

    def test_letters_speak_the_customers_language(self):
        for lang in ("zh_CN", "en_US"):
            for letter in ("acknowledgement", "decision"):
                template = self.env.ref(f"sqms_complaint.mail_template_{letter}")
                template.with_context(lang=lang).subject = f"{lang} {{{{ object.number }}}}"
        chinese = self._create_complaint(complaint_lang="zh_CN").with_user(self.agent)
        english = self._create_complaint(complaint_lang="en_US").with_user(self.agent)
        self._move(chinese | english, "communicated")
        self.assertEqual(self._letters(chinese.sudo()).mapped("subject"), [f"zh_CN {chinese.number}"] * 2)
        self.assertEqual(self._letters(english.sudo()).mapped("subject"), [f"en_US {english.number}"] * 2)

    def test_the_language_is_that_of_the_customer(self):
        self.customer.lang = "zh_CN"
        self.assertEqual(self._create_complaint().complaint_lang, "zh_CN")
        self.assertEqual(self._create_complaint(complaint_lang="en_US").complaint_lang, "en_US")

    def test_without_address_nothing_is_queued_and_the_agent_reads_why(self):
        for values in (
            {"partner_id": False, "complaint_phone": "+86 138 0013 6620"},
            {"complaint_contact": "none"},
            {"complaint_is_anonymous": True},
            {"partner_email": "not an address"},
        ):
            complaint = self._create_complaint(**values).with_user(self.agent)
            self.assertTrue(complaint.complaint_mail_hint, values)
            complaint.action_transition("acknowledge")
            self.assertFalse(self._letters(complaint.sudo()), values)
            self.assertIn("was not mailed", "".join(complaint.message_ids.mapped("body")))

    def test_a_customer_without_address_is_told_another_way(self):
        complaint = self._move(self._create_complaint(partner_id=False), "decided").with_user(self.agent)
        with self.assertRaisesRegex(UserError, "Told otherwise"):
            complaint.action_transition("communicate")
        self.assertTrue(complaint.complaint_mail_hint)
        complaint.complaint_told_by = "phone"
        complaint.action_transition("communicate")
        self.assertEqual(complaint.complaint_state, "communicated")

    def test_a_broken_letter_does_not_keep_a_complaint_out(self):
        self.env.ref("sqms_complaint.mail_template_acknowledgement").body_html = '<p t-out="object.no_such_field"/>'
        complaint = self._create_complaint()
        with mute_logger(
            "odoo.addons.sqms_complaint.models.helpdesk_ticket_mail", "odoo.addons.mail.models.mail_render_mixin"
        ):
            complaint._acknowledge_on_receipt()
        self.assertEqual(complaint.complaint_state, "received")
        self.assertFalse(complaint.complaint_acknowledged_at)

    def test_ten_letters_cost_as_many_queries_as_five(self):
        def queries(number):
            # Mail notes each change of state with queries of its own; they are not the letters'.
            complaints = self._create_complaints(number, user_id=False).with_context(tracking_disable=True)
            self.env.flush_all()
            before = self.cr.sql_log_count
            complaints._acknowledge_on_receipt()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(5), queries(10))

    def test_the_helpdesks_own_closing_mail_stays_away(self):
        complaint = self._move(self._create_complaint(), "communicated")
        self.env.flush_all()
        self.cr.precommit.run()
        before = self.env["mail.mail"].search_count([])
        complaint.action_transition("close")
        self.env.flush_all()
        self.cr.precommit.run()
        self.assertEqual(self.env["mail.mail"].search_count([]), before)


@tagged("post_install", "-at_install")
class TestMailIn(LetterCase, MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.write({"alias_name": "sqms-complaints", "complaints_by_mail": True})
        cls.other_team.write({"alias_name": "sqms-questions"})

    def _receive(
        self,
        to="sqms-complaints",
        sender='"Li, Wei" <Li.Wei@Example.com>',
        subject="Nobody came",
        body="I waited.",
        number=1,
    ):
        known = self.env["helpdesk.ticket"].search([])
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(
                False,
                MAIL.format(
                    sender=sender,
                    to=f"{to}@{self.alias_domain}",
                    subject=subject,
                    body=body,
                    message_id=f"sqms-{number}",
                ),
            )
        return self.env["helpdesk.ticket"].search([]) - known

    def test_a_mail_to_the_team_is_a_complaint(self):
        complaint = self._receive()
        self.assertTrue(complaint.is_complaint)
        self.assertEqual(complaint.complaint_state, "received")
        self.assertEqual(complaint.team_id, self.team)
        self.assertEqual(complaint.partner_name, "Li, Wei")
        self.assertEqual(complaint.partner_email, "li.wei@example.com")
        self.assertEqual(complaint.complaint_contact, "email")
        self.assertRegex(complaint.number, "^C/")
        self.assertIn("I waited.", complaint.description)

    def test_a_mail_to_another_team_stays_a_ticket(self):
        ticket = self._receive(to="sqms-questions")
        self.assertFalse(ticket.is_complaint)
        self.assertIn("Example.com", ticket.partner_email)

    def test_content_is_never_refused(self):
        for number, values in enumerate(
            (
                {"subject": "", "body": ""},
                {"subject": "=?utf-8?q?Nul=00?=", "body": "a\x00b"},
                {"sender": "nobody", "subject": "No address"},
                {"subject": "x" * 3000, "body": "<script>alert(1)</script>"},
            )
        ):
            complaint = self._receive(number=f"odd-{number}", **values)
            self.assertEqual(len(complaint), 1, values)
            self.assertTrue(complaint.is_complaint)
            self.assertTrue(complaint.name)
            self.assertNotIn("<script>", complaint.description)
        self.assertEqual(self.team.alias_id.alias_status, "valid")

    def test_it_is_answered_in_the_language_of_the_mail(self):
        self.assertEqual(self._receive(number="en").complaint_lang, "en_US")
        self.assertEqual(self._receive(number="zh", body="约好上午上门，一直没有人来。").complaint_lang, "zh_CN")
        self.customer.lang = "zh_CN"
        self.assertEqual(self._receive(number="known", sender="wang.li@example.com").complaint_lang, "zh_CN")

    def test_an_alias_forges_nothing(self):
        self.team.alias_id.alias_defaults = str(
            {
                "team_id": self.team.id,
                "complaint_state": "closed",
                "number": "C/1/1",
                "stage_id": self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done").id,
                "complaint_closed_at": "2026-01-01 00:00:00",
                "complaint_customer_answer": "accepted",
                "complaint_received_at": "2999-01-01 00:00:00",
                "priority": "2",
            }
        )
        complaint = self._receive()
        self.assertEqual(complaint.complaint_state, "received")
        self.assertFalse(complaint.closed)
        self.assertNotEqual(complaint.number, "C/1/1")
        self.assertFalse(complaint.complaint_customer_answer)
        self.assertFalse(complaint.complaint_closed_at)
        self.assertEqual(complaint.priority, "2")

    def test_a_machine_that_keeps_writing_is_stopped(self):
        self.env["ir.config_parameter"].sudo().set_param("mail.gateway.loop.threshold", 3)
        received = [len(self._receive(number=f"loop-{number}")) for number in range(5)]
        self.assertEqual(received, [1, 1, 1, 0, 0])
        self.assertTrue(self._receive(number="somebody", sender="wang.li@example.com"))

    def _answer(self, complaint, number, sender="li.wei@example.com"):
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(
                False,
                MAIL.format(
                    sender=sender,
                    to=f"sqms-complaints@{self.alias_domain}\nReferences: {complaint.message_ids[-1:].message_id}",
                    subject="Re: Nobody came",
                    body="And now?",
                    message_id=f"sqms-answer-{number}",
                ),
            )

    def test_the_customers_answer_makes_it_our_turn(self):
        complaint = self._receive()
        complaint.complaint_turn = "customer"
        self._answer(complaint, 1)
        self.assertEqual(complaint.complaint_turn, "ours")
        self.assertIn("And now?", "".join(complaint.message_ids.mapped("body")))

    def test_a_colleague_who_answers_by_mail_does_not_turn_it(self):
        complaint = self._receive()
        complaint.complaint_turn = "customer"
        self._answer(complaint, 3, sender=self.agent.email)
        self.assertEqual(complaint.complaint_turn, "customer")

    def test_an_answer_to_a_closed_complaint_reaches_the_handler(self):
        complaint = self._receive()
        complaint.user_id = self.agent
        self._move(complaint, "closed")
        self._answer(complaint, 2)
        self.assertEqual(complaint.complaint_state, "closed")
        self.assertIn("And now?", "".join(complaint.message_ids.mapped("body")))
        self.assertEqual(complaint.activity_ids.user_id, self.agent)
