import ast

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sqms_base.lib import public_code

from .common import ComplaintCase


class LetterCase(ComplaintCase):
    def _letters(self, complaint):
        self.env["sqms.complaint.notice"]._write_due()
        return self.env["mail.mail"].search(
            [
                ("model", "=", "helpdesk.ticket"),
                ("res_id", "=", complaint.id),
                ("email_to", "!=", False),
                ("message_type", "=", "email_outgoing"),
            ],
            order="id",
        )


@tagged("post_install", "-at_install", "sqms_alone")
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

    def _subjects(self, complaint):
        return [letter.subject.partition(": ")[2] or letter.subject for letter in self._letters(complaint)]

    def test_the_decision_letter_carries_the_answer(self):
        complaint = self._move(self._create_complaint(), "communicated")
        letter = self._letters(complaint).filtered(lambda mail: "Our answer" in mail.subject)
        self.assertEqual(len(letter), 1)
        self.assertIn("We send the second payment back.", letter.body_html)
        self.assertEqual(ast.literal_eval(letter.headers)["Auto-Submitted"], "auto-generated")
        self.assertFalse(letter.auto_delete, "what the customer was told can be shown later")

    def test_each_step_that_changes_something_for_the_customer_is_told_once(self):
        complaint = self._create_complaint()
        code = complaint._complaint_issue_code()
        told = []
        for state in ("acknowledged", "assessed", "investigating", "decided", "communicated", "implementing", "closed"):
            self._move(complaint, state)
            self.env["sqms.complaint.notice"]._write_due()
            told.append(len(self._letters(complaint)))
        self.assertEqual(told, [1, 1, 2, 2, 3, 4, 5])
        letters = self._letters(complaint)
        self.assertIn("we look into it", letters[1].subject)
        self.assertIn("closed", letters[-1].subject)
        for letter in letters:
            for text in (letter.body_html, letter.subject):
                self.assertNotIn(code, text)
                self.assertNotIn(public_code.group_code(code), text)
            self.assertIn("number=C%2F", letter.body_html, "A link carries the number")
            self.assertIn(ast.literal_eval(letter.headers)["Auto-Submitted"], ("auto-replied", "auto-generated"))

    def test_a_message_of_the_handler_is_told_to_who_has_only_the_page(self):
        complaint = self._create_complaint(partner_id=False, partner_email="wang.li@example.com")
        complaint._complaint_issue_code()
        complaint.with_user(self.agent).message_post(body="A secret", message_type="comment")
        self.assertFalse(self._letters(complaint), "A note is for colleagues")
        for _message in range(2):
            complaint.with_user(self.agent).message_post(
                body="Please send <b>a photo</b>", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        letter = self._letters(complaint)
        self.assertEqual(len(letter), 1, "Two messages within a minute are one mail")
        self.assertIn("we have written to you", letter.subject)
        self.assertNotIn("a photo", letter.body_html)
        complaint._complaint_customer_message("Here it is")
        self.assertEqual(len(self._letters(complaint)), 1, "Nobody is told what he wrote himself")

    def test_a_follower_reads_the_message_in_his_mail_and_no_second_one(self):
        complaint = self._create_complaint()
        complaint._complaint_issue_code()
        complaint.message_subscribe(self.customer.ids)
        complaint.with_user(self.agent).message_post(
            body="Please", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertFalse(self.env["sqms.complaint.notice"].search([("ticket_id", "=", complaint.id)]))

    def test_letters_speak_the_customers_language(self):
        for lang in ("zh_CN", "en_US"):
            for letter in ("acknowledgement", "decision", "status"):
                template = self.env.ref(f"sqms_complaint.mail_template_{letter}")
                template.with_context(lang=lang).subject = f"{lang} {{{{ object.number }}}}"
        chinese = self._create_complaint(complaint_lang="zh_CN").with_user(self.agent)
        english = self._create_complaint(complaint_lang="en_US").with_user(self.agent)
        self._move(chinese | english, "communicated")
        for complaint, lang in ((chinese, "zh_CN"), (english, "en_US")):
            self.assertEqual(self._letters(complaint.sudo()).mapped("subject"), [f"{lang} {complaint.number}"] * 3)

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

    def test_a_broken_letter_keeps_neither_a_complaint_nor_other_letters_out(self):
        template = self.env.ref("sqms_complaint.mail_template_acknowledgement")
        template.body_html = "<p t-out=\"1 / 0 if object.name == 'Broken' else object.number\"/>"
        broken, whole = self._create_complaint(name="Broken", partner_email="b@example.com"), self._create_complaint()
        with mute_logger(
            "odoo.addons.sqms_complaint.models.sqms_complaint_notice", "odoo.addons.mail.models.mail_render_mixin"
        ):
            (broken | whole)._acknowledge_on_receipt()
            self.assertEqual(len(self._letters(whole)), 1)
            self.assertFalse(self._letters(broken))
        self.assertEqual(broken.complaint_state, "acknowledged")
        left = self.env["sqms.complaint.notice"].search([("ticket_id", "in", (broken | whole).ids)])
        self.assertEqual(left.ticket_id, broken)
        self.assertTrue(left.has_failed)

    def test_an_address_gets_one_acknowledgement_an_hour_unless_somebody_sends_it(self):
        mine = {"partner_id": False, "partner_email": "victim@example.com"}
        first, second, third = (self._create_complaint(**mine) for _number in range(3))
        (first | second)._acknowledge_on_receipt()
        self.assertEqual([len(self._letters(one)) for one in (first, second)], [1, 0])
        third._acknowledge_on_receipt()
        self.assertFalse(self._letters(third))
        fourth = self._create_complaint(**mine)
        fourth.with_user(self.agent).action_transition("acknowledge")
        self.assertEqual(len(self._letters(fourth)), 1)

    def test_noting_a_letter_costs_three_queries_whatever_their_number(self):
        def queries(number):
            complaints = self._create_complaints(number, user_id=False, partner_email=f"n{number}@example.com")
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.env["sqms.complaint.notice"].sudo()._note(complaints, "acknowledgement")
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(1)
        few = queries(5)
        self.assertEqual(queries(50), few)
        self.assertLessEqual(few, 3)

    def test_ten_letters_are_written_with_as_many_queries_as_five(self):
        def queries(number):
            complaints = self._create_complaints(number, user_id=False)
            complaints.with_context(tracking_disable=True).action_transition("acknowledge")
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.env["sqms.complaint.notice"]._write_due()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(5), queries(10))

    def test_the_helpdesks_own_closing_mail_stays_away(self):
        complaint = self._move(self._create_complaint(), "communicated")
        self.env.flush_all()
        self.cr.precommit.run()
        self._letters(complaint)
        before = self.env["mail.mail"].search_count([])
        self._move(complaint, "closed")
        self.env.flush_all()
        self.cr.precommit.run()
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        self.assertEqual(len(self._letters(complaint)), 5)
