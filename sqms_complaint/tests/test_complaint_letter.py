import hashlib

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sqms_base.lib import pdf_layers

from .common import ComplaintCase

RULES = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install", "sqms_alone")
class TestComplaintLetter(ComplaintCase):
    """The letters to the customer: what they say, in which language, and that they stay as they went out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.complaint = cls._create_complaint(
            complaint_amount=86, complaint_lang="en_US", complaint_service="Boiler service", user_id=cls.agent.id
        )

    def _decide(self, complaint=None, **values):
        complaint = complaint or self.complaint
        self._move(complaint, "investigating")
        complaint.write(
            {
                "complaint_investigation": "<p>SECRET-FINDING</p>",
                "complaint_decision": "partly",
                "complaint_outcome": "monetary",
                "complaint_answer": "<p>We send one payment back.</p>",
                "complaint_reason": "<p>The terminal booked it twice.</p>",
                "complaint_further": "<p>Say so within a month.</p>",
                "complaint_body_ids": [(4, self.env.ref("sqms_complaint.sqms_dispute_body_12315").id)],
                **values,
            }
        )
        self._create_finding(complaint)
        complaint.action_transition("decide")
        return complaint

    def _letters(self, complaint=None):
        return self.env["sqms.complaint.letter"].search([("ticket_id", "=", (complaint or self.complaint).id)])

    def _text(self, pdf):
        return " ".join(pdf_layers.text_of(pdf).split())

    def _refused(self, refusal, words, attempt):
        with self.assertRaisesRegex(refusal, words), self.cr.savepoint():
            attempt()
            self.env.flush_all()

    def test_the_decision_is_laid_down_printed_and_kept(self):
        remedy = self.env["sqms.complaint.remedy"].with_user(self.agent).create(
            {"ticket_id": self.complaint.id, "kind": "refund", "name": "One payment back", "amount": 86,
             "due_date": "2099-01-15"}
        )  # fmt: skip
        self.env["sqms.complaint.remedy"].create(
            {"ticket_id": self.complaint.id, "kind": "goodwill", "name": "NOT-APPROVED", "amount": 5}
        )
        remedy.with_user(self.agent_all).action_transition("approve")
        self._decide()
        draft = self._text(self.complaint.with_user(self.agent)._complaint_letter_pdf("decision"))
        self.assertIn("DRAFT", draft)
        self.assertFalse(self._letters())
        self.complaint.message_post(body="SECRET-NOTE", subtype_xmlid="mail.mt_note")
        self.complaint.with_user(self.agent).action_transition("communicate")
        letter = self._letters()
        mail = self.env["mail.mail"].search([("res_id", "=", self.complaint.id), ("state", "=", "outgoing")])[:1]
        self.assertEqual((letter.state, letter.sudo().mail_id, letter.attachment_id.id), ("waiting", mail, False))
        self.assertTrue(mail.scheduled_date, "the mail waits for its letter")
        # What was laid down counts, whatever is written afterwards.
        self.complaint.name = "CHANGED-AFTERWARDS"
        letter._print_or_note()
        self.assertEqual((letter.state, letter.is_mailed, mail.scheduled_date), ("ready", True, False))
        self.assertEqual(mail.attachment_ids, letter.attachment_id)
        self.assertEqual(letter.digest, hashlib.sha256(letter.attachment_id.raw).hexdigest())
        entry = self.complaint.sqms_history().filtered(lambda entry: entry.event == "letter")
        self.assertIn(letter.digest, entry.sudo().text)
        text = self._text(letter.attachment_id.raw)
        for words in (self.complaint.number, "Partly upheld", "One payment back", "86", "The terminal booked it twice",
                      "Say so within a month", "12315", "Somebody who had no part", "Yours sincerely"):  # fmt: skip
            self.assertIn(words, text)
        for words in ("SECRET", "NOT-APPROVED", "DRAFT", "CHANGED-AFTERWARDS", "7 working days"):
            self.assertNotIn(words, text)
        # It stays.
        file = letter.attachment_id
        for attempt in (
            lambda: file.write({"raw": b"x"}),
            lambda: file.write({"name": "x.pdf"}),
            lambda: file.with_user(self.officer).write({"res_id": 1}),
            lambda: file.unlink(),
            lambda: letter.unlink(),
            lambda: letter.with_user(self.officer).write({"digest": "x"}),
            lambda: letter.with_user(self.officer).create(
                {"ticket_id": self.complaint.id, "letter": "decision", "lang": "x"}
            ),
        ):
            self._refused(AccessError, "", attempt)
        self.assertEqual(self.complaint._complaint_letter_attachment("decision"), file)
        self.assertEqual(self.complaint.with_user(self.agent)._complaint_letter_pdf("decision"), file.raw)

    def test_in_chinese(self):
        self._decide(complaint_lang="zh_CN", complaint_answer="<p>我们退回一笔款项。</p>")
        text = self._text(self.complaint._complaint_letter_pdf("decision"))
        self.assertIn("我们退回一笔款项", text)
        self.assertIn("部分成立", text)
        self.assertNotIn("Why we decided", text)
        text = self._text(self.complaint._complaint_letter_pdf("acknowledgement"))
        self.assertNotIn("received", text)

    def test_the_acknowledgement_costs_nothing_until_it_is_asked_for(self):
        self.complaint.action_transition("acknowledge")
        self.assertFalse(self._letters())
        file = self.complaint._complaint_letter_attachment("acknowledgement")
        letter = self._letters()
        self.assertEqual((letter.letter, letter.attachment_id), ("acknowledgement", file))
        text = self._text(file.raw)
        for words in (self.complaint.number, "Boiler service", "I paid CNY 86 twice", "costs you nothing",
                      self.agent.name):  # fmt: skip
            self.assertIn(words, text)
        self.assertEqual(self.complaint._complaint_letter_attachment("acknowledgement"), file, "once")

    def test_an_anonymous_letter_names_nobody(self):
        complaint = self._create_complaint(
            complaint_is_anonymous=True, complaint_contact="none", partner_id=False, partner_name="MARKER"
        )
        content = complaint._complaint_letter_content("acknowledgement")
        self.assertNotIn("MARKER", str(content))
        self.assertEqual(content["receiver"], [])

    def test_at_the_second_level_outside_bodies_are_named(self):
        self._decide()
        self.complaint.sudo().invalidate_recordset()
        ticket = self.complaint.sudo()
        self.env.cr.execute("UPDATE helpdesk_ticket SET complaint_level = '2' WHERE id = %s", [ticket.id])
        ticket.invalidate_recordset()
        content = ticket._complaint_letter_content("decision")
        self.assertFalse(content["may_object"])
        self.assertTrue(content["bodies"])

    def test_a_broken_printer_holds_back_no_answer(self):
        self._decide()
        self.complaint.action_transition("communicate")
        letter = self._letters()
        letter.sudo().content = {"letter": "none", "lang": "en_US"}
        with mute_logger("odoo.addons.sqms_complaint.models.sqms_complaint_letter"):
            letter._print_or_note()
        self.assertEqual((letter.state, letter.sudo().mail_id.scheduled_date), ("failed", False))

    @mute_logger(*RULES)
    def test_who_reads_them(self):
        self._move(self.complaint, "acknowledged")
        self.complaint._complaint_letter_attachment("acknowledgement")
        letter = self._letters()
        self.assertTrue(letter.with_user(self.agent).digest)
        self.assertTrue(letter.with_user(self.certifier).digest)
        for user in (self.employee, self.portal, self.public, self.agent_own):
            self._refused(AccessError, "", lambda u=user: letter.with_user(u).read(["digest"]))
            self._refused(AccessError, "", lambda u=user: self.complaint.with_user(u)._complaint_letter_pdf("decision"))
        self._refused(AccessError, "", lambda: letter.with_user(self.agent).read(["content"]))
        plain = self._create_ticket()
        self._refused(UserError, "no such letter", lambda: plain.with_context(letter="decision").action_letter())
        self._refused(
            UserError, "no such letter", lambda: self.complaint.with_context(letter="__init__").action_letter()
        )

    def test_many_answers_at_once(self):
        """Twice the complaints, no more queries for each letter that is laid down."""

        def lay_down(number):
            complaints = self._create_complaints(number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["sqms.complaint.letter"]._lay_down(complaints, "decision")
            self.env.flush_all()
            return self.cr.sql_log_count - before

        lay_down(2)
        self.assertLessEqual(lay_down(12) - lay_down(6), 6)
