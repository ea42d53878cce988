import ast
import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.mail.tests.common import MailCommon
from odoo.addons.sqms_base.tests.marked_files import jpeg

from .test_complaint_mail import LetterCase

MAIL = """From: {sender}
To: {to}
Subject: {subject}
Message-Id: <{message_id}@mail.example.com>
Date: Mon, 02 Nov 2026 10:00:00 +0800
{headers}MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="=sqms="

--=sqms=
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{body}
{files}--=sqms=--
"""
FILE = """--=sqms=
Content-Type: application/octet-stream
Content-Disposition: attachment; filename="{name}"
Content-Transfer-Encoding: base64

{content}
"""
MACHINES = (
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-generated",
    "Precedence: bulk",
    "List-Id: <news.example.com>",
    "Return-Path: <>",
    "X-Auto-Response-Suppress: All",
    "X-Autoreply: yes",
)


@tagged("post_install", "-at_install", "sqms_alone")
class TestMailIn(LetterCase, MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.write({"alias_name": "sqms-complaints", "complaints_by_mail": True})
        cls.other_team.write({"alias_name": "sqms-questions"})

    def _process(self, to, sender, subject, body, message_id, headers=(), files=()):
        """What the gateway does with one mail."""
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(
                False,
                MAIL.format(
                    sender=sender,
                    to=f"{to}@{self.alias_domain}",
                    subject=subject,
                    body=body,
                    message_id=f"sqms-{message_id}",
                    headers="".join(f"{header}\n" for header in headers),
                    files="".join(
                        FILE.format(name=name, content=base64.b64encode(content).decode()) for name, content in files
                    ),
                ),
            )

    def _receive(
        self,
        to="sqms-complaints",
        sender='"Li, Wei" <Li.Wei@Example.com>',
        subject="Nobody came",
        body="I waited.",
        number=1,
        **more,
    ):
        known = self.env["helpdesk.ticket"].search([])
        self._process(to, sender, subject, body, number, **more)
        return self.env["helpdesk.ticket"].search([]) - known

    def test_a_mail_to_the_team_is_a_complaint(self):
        complaint = self._receive()
        self.assertTrue(complaint.is_complaint)
        self.assertEqual(complaint.complaint_state, "acknowledged")
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
        self.assertEqual(complaint.complaint_state, "acknowledged")
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

    def _answer(self, complaint, number, sender="li.wei@example.com", headers=(), files=()):
        first = complaint.message_ids.sorted("id")[:1].message_id
        self._process(
            "sqms-complaints", sender, "Re: Nobody came", "And now?", f"answer-{number}",
            headers=(f"References: {first}", *headers), files=files,
        )  # fmt: skip

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

    # -- acknowledgement and loops ---------------------------------------------------

    def test_a_mail_is_acknowledged_once_an_hour_to_the_same_sender(self):
        first, second = self._receive(number="first"), self._receive(number="second")
        self.assertEqual([one.complaint_state for one in (first, second)], ["acknowledged", "received"])
        self.assertEqual([len(self._letters(one)) for one in (first, second)], [1, 0])
        other = self._receive(number="other", sender="wang.li@example.com")
        self.assertEqual(len(self._letters(other)), 1)
        self.assertEqual(ast.literal_eval(self._letters(other).headers)["Auto-Submitted"], "auto-replied")

    def test_a_machine_is_never_acknowledged(self):
        for number, header in enumerate(MACHINES):
            complaint = self._receive(number=f"m-{number}", sender=f"m{number}@example.com", headers=(header,))
            self.assertEqual(len(complaint), 1, header)
            self.assertEqual(complaint.complaint_state, "received", header)
            self.assertFalse(self._letters(complaint), header)
        for number, sender in enumerate(("mailer@example.com", "noreply@example.com")):
            complaint = self._receive(number=f"s-{number}", sender=sender, headers=("Auto-Submitted: no",))
            self.assertEqual(bool(self._letters(complaint)), number == 0, sender)
        ourselves = self._receive(number="alias", sender=f"sqms-questions@{self.alias_domain}")
        self.assertFalse(self._letters(ourselves) if ourselves else False)

    def test_what_a_machine_answers_does_not_reach_the_case(self):
        complaint = self._receive()
        complaint.complaint_turn = "customer"
        before = complaint.message_ids
        for number, header in enumerate(MACHINES):
            self._answer(complaint, f"auto-{number}", headers=(header,))
        self.assertEqual(complaint.message_ids, before)
        self.assertEqual(complaint.complaint_turn, "customer")
        self.assertEqual(set(complaint.held_mail_ids.mapped("reason")), {"automatic"})
        self.assertEqual(len(complaint.held_mail_ids), len(MACHINES))
        self.assertFalse(complaint.activity_ids, "Nobody is called for it")

    # -- strangers -----------------------------------------------------------------

    def test_a_strangers_answer_waits_out_of_sight(self):
        complaint = self._receive()
        complaint.write({"user_id": self.agent.id, "complaint_turn": "customer"})
        complaint._complaint_issue_code()
        before, followers = complaint.message_ids, complaint.message_partner_ids
        stranger = '"Eve" <eve@elsewhere.example>'
        self._answer(complaint, "eve", stranger, files=[("a.txt", b"I know him"), ("run.exe", b"MZ")])
        self._answer(complaint, "eve", stranger)
        self._answer(complaint, "nobody", "undisclosed")
        held = complaint.held_mail_ids
        self.assertEqual(len(held), 2, "The same mail twice is one")
        self.assertEqual(set(held.mapped("reason")), {"stranger"})
        self.assertEqual(held.attachment_ids.mapped("name"), ["a.txt"])
        written = (complaint.message_ids - before).filtered(lambda message: "not taken" not in message.body)
        self.assertFalse(written)
        self.assertFalse(complaint._complaint_public_messages() - before)
        self.assertFalse(complaint._complaint_public_files())
        self.assertEqual(complaint.message_partner_ids, followers)
        self.assertEqual(complaint.complaint_turn, "customer")
        self.assertEqual(complaint.activity_ids.user_id, self.agent)
        self.assertEqual(len(complaint.activity_ids), 1, "One call for all that wait")
        self.assertEqual(complaint.held_mail_count, 2)

    def test_an_agent_takes_a_strangers_mail_in_or_refuses_it(self):
        complaint = self._receive()
        complaint.write({"user_id": self.agent.id, "complaint_turn": "customer"})
        self._answer(complaint, "in", "eve@elsewhere.example", files=[("a.txt", b"I know him")])
        self._answer(complaint, "out", "spam@elsewhere.example")
        refused, taken = complaint.held_mail_ids.sorted("id", reverse=True).with_user(self.agent)
        before = complaint.message_ids
        refused.action_refuse()
        self.assertFalse(complaint._complaint_public_messages() - before)
        taken.action_take_in()
        message = (complaint._complaint_public_messages() - before).ensure_one()
        self.assertIn("And now?", message.body)
        self.assertEqual(message.email_from, "eve@elsewhere.example")
        self.assertEqual(message.attachment_ids.mapped("name"), ["a.txt"])
        self.assertEqual(message.attachment_ids.mapped("res_id"), complaint.ids)
        self.assertEqual(complaint.complaint_turn, "ours")
        self.assertRecordValues(
            refused | taken,
            [
                {"state": "refused", "decided_by_id": self.agent.id},
                {"state": "taken", "decided_by_id": self.agent.id},
            ],
        )
        for mail in (refused, taken):
            with self.assertRaises(UserError):
                mail.action_take_in()

    def test_mails_that_wait_are_for_those_who_work_on_the_case(self):
        complaint = self._receive()
        complaint.user_id = self.agent
        self._answer(complaint, "eve", "eve@elsewhere.example")
        held = complaint.held_mail_ids
        Held = self.env["sqms.complaint.held.mail"]
        for user in (self.agent, self.agent_all, self.officer, self.certifier):
            self.assertEqual(Held.with_user(user).search([("id", "in", held.ids)]), held, user.login)
        for user in (self.employee, self.portal, self.public):
            with self.assertRaises(AccessError):
                held.with_user(user).read(["body"])
        self.assertFalse(Held.with_user(self.agent_own).search([("id", "in", held.ids)]), "Another one's complaint")
        for user in (self.agent, self.officer, self.manager, self.certifier, self.portal):
            with self.assertRaises(AccessError):
                held.with_user(user).write({"body": "forged"})
            with self.assertRaises(AccessError):
                held.with_user(user).unlink()
            with self.assertRaises(AccessError):
                Held.with_user(user).create({"ticket_id": complaint.id, "reason": "stranger"})
        for user in (self.certifier, self.employee, self.portal, self.agent_own):
            with self.assertRaises(AccessError):
                held.with_user(user).action_take_in()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self._create_user("sqms_foreign", "sqms_complaint.group_complaint_officer")
        foreign.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(Held.with_user(foreign).with_context(allowed_company_ids=other.ids).search([]))
        self.assertTrue(Form(held.with_user(self.agent)).subject)

    def test_people_of_the_case_write_at_once(self):
        company = self.env["res.partner"].create(
            {"name": "Huaxin", "is_company": True, "email": "office@huaxin.example"}
        )
        boss, clerk = self.env["res.partner"].create(
            [
                {"name": "Boss", "parent_id": company.id, "email": "boss@huaxin.example"},
                {"name": "Clerk", "parent_id": company.id, "email": "clerk@huaxin.example"},
            ]
        )
        lawyer = self.env["res.partner"].create({"name": "Lawyer", "email": "lawyer@law.example"})
        complaint = self._receive(sender=boss.email_formatted)
        self.assertEqual(complaint.complaint_contact, "email")
        mandate = {"complaint_mandate_file": base64.b64encode(b"Mandate"), "complaint_mandate_name": "mandate.txt"}
        complaint.write({"partner_id": boss.id, "complaint_representative_id": lawyer.id, **mandate})
        for number, sender in enumerate((boss.email, clerk.email, "lawyer@law.example", self.agent.email)):
            self._answer(complaint, f"of-case-{number}", sender)
            self.assertFalse(complaint.held_mail_ids, sender)
        complaint.complaint_mandate_until = "2026-01-01"
        self._answer(complaint, "late", "lawyer@law.example")
        self.assertEqual(complaint.held_mail_ids.reason, "stranger", "The mandate is over")

    def test_nobody_becomes_a_follower_by_an_address_in_a_mail(self):
        known = self.env["res.partner"].create({"name": "Known", "email": "known@example.com"})
        complaint = self._receive(headers=("Cc: known@example.com",))
        self._answer(complaint, "cc", headers=("Cc: known@example.com",))
        self.assertNotIn(known, complaint.message_partner_ids)

    def test_a_plain_ticket_takes_answers_as_ever(self):
        ticket = self._receive(to="sqms-questions")
        first = ticket.message_ids.sorted("id")[:1].message_id
        self._process(
            "sqms-questions", "eve@elsewhere.example", "Re", "And now?", "plain", headers=(f"References: {first}",)
        )
        self.assertIn("And now?", "".join(ticket.message_ids.mapped("body")))

    # -- files ---------------------------------------------------------------------

    def test_files_of_a_mail_are_checked_and_cleaned(self):
        photo = jpeg("zqmark")
        complaint = self._receive(
            files=[("photo.jpg", photo), ("page.html", b"<script>alert(1)</script>"), ("liar.png", photo)]
        )
        kept = self.env["ir.attachment"].search([("res_model", "=", "helpdesk.ticket"), ("res_id", "=", complaint.id)])
        self.assertEqual(kept.mapped("name"), ["photo.jpg"])
        self.assertNotIn(b"zqmark", kept.raw)
        note = complaint.message_ids.filtered(lambda message: "not taken" in message.body)
        self.assertIn("page.html", note.body)
        self.assertIn("liar.png", note.body)
        self.assertNotIn(note, complaint._complaint_public_messages())
        self._answer(complaint, "files", files=[("again.jpg", photo), ("x.docm", b"PK")])
        kept = self.env["ir.attachment"].search([("res_model", "=", "helpdesk.ticket"), ("res_id", "=", complaint.id)])
        self.assertEqual(sorted(kept.mapped("name")), ["again.jpg", "photo.jpg"])
        self.assertFalse(any(b"zqmark" in file.raw for file in kept))

    def test_hostile_context_from_outside_holds_nothing_back(self):
        complaint = self._receive()
        complaint.user_id = self.agent
        posted = (
            complaint.with_user(self.agent)
            .with_context(complaint_incoming="automatic")
            .message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")
        )
        self.assertTrue(posted.id)
        self.assertFalse(complaint.held_mail_ids)
